"""Random contracts over every key of SPEC sections 5 to 9, second edition, as `tomllib` would give them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

KINDS = ("camera", "link", "server")
TAGS = ("core", "north", "south")
SEVERITIES = ("critical", "major", "minor")
HOURS = (
    ["08:00-18:00"],
    ["08:30-12:00", "14:00-18:00"],
    ["00:00-06:00", "06:00-07:30", "22:00-24:00"],
    ["18:00-24:00"],
    ["00:00-24:00"],
    ["01:30-02:30"],
    ["02:00-03:00", "03:00-04:00"],
)
AMOUNTS = ("0.01", "20", "50.50", "100", "333.33", "1000", "0")


def random_contract(random: Random, zone: str, day: dt.date, *, dense: bool) -> dict:
    """A valid contract; what it says of days and of the term lies about `day`. `dense`: its term is three days long."""
    calendars = random_calendars(random, day)
    contract = {
        "contract": f"W-{random.randrange(10**6)}",
        "title": "t",
        "timezone": zone,
        "customer": {"name": "甲"},
        "vendor": {"name": "乙"},
        "term": random_term(random, day, dense=dense),
        "fee": random_fee(random, day),
        "calendars": calendars,
        "measurement": random_measurement(random),
        "maintenance": some(
            random,
            {
                "notice": random.choice(("0s", "1h", "24h", "2d")),
                "allowance": random.choice(("0s", "45m", "8h", "3d")),
            },
        ),
    }
    names = ["always", "always", *calendars]
    counts = {"availability": "A", "repair": "R", "inspection": "I"}
    kinds = random.choices(list(counts), (3, 5, 3), k=random.randrange(1, 6))
    contract["obligations"] = [
        random_obligation(random, kind, f"{counts[kind]}{number}", random.choice(names))
        for number, kind in enumerate(kinds)
    ]
    if dense and random.random() < 0.5:  # a fleet of which a few may be unseen
        contract["measurement"] |= {"unknown": "exclude", "min_coverage": random.choice(("40%", "20%", "5%"))}
        fleet = {"id": "A9", "clause": "1.1", "title": "t", "kind": "availability", "scope": {}}
        fleet |= {"target": random.choice(("40%", "60%", "80%")), "deduct": {"per": "1%", "amount": "20"}}
        contract["obligations"].append(fleet)
    for obligation in contract["obligations"]:
        if random.random() < 0.3 and (valid := random_valid(random, day, contract["term"])):
            obligation["valid"] = valid
    if random.random() < 0.5:
        contract["score"] = {"bands": random_bands(random)}
        if random.random() < 0.3:
            contract["score"]["unassessable"] = "met"
    return contract


def random_fee(random: Random, day: dt.date) -> dict:
    """A total or a monthly fee, and sometimes another one from some month on."""
    fee = {"total": random.choice(("904100.00", "1000.01", "100", "7.00")), "currency": "CNY"}
    if random.random() < 0.5:
        fee = {"monthly": random.choice(("10000.00", "7500.50", "0.01")), "currency": "CNY"}
    if random.random() < 0.4:
        months = random.sample((-40, -31, -1, 0, 1, 31, 62), random.choice((1, 1, 2)))
        starts = {f"{day + dt.timedelta(days=offset):%Y-%m}" for offset in months}
        fee["changes"] = [
            {"from": start, "monthly": random.choice(("9000.00", "333.33"))} for start in sorted(starts)
        ]
    if random.random() < 0.7:
        fee["deduction_cap"] = random.choice(("0%", "1%", "20%", "100%", "100%"))
    return fee


def random_valid(random: Random, day: dt.date, term: dict) -> dict | None:
    """The days of a clause; null if they would not touch the term."""
    start, end = (day + dt.timedelta(days=random.choice((-40, -1, 0, 1, 1, 20))) for _ in range(2))
    if random.random() < 0.4:
        start = start.replace(day=1)
    if start > end:
        start, end = end, start
    if end < term["from"] or start > term["to"]:
        return None
    return random.choice(({"from": start, "to": end}, {"from": start}, {"to": end}))


def some(random: Random, keys: dict, chance: float = 0.7) -> dict:
    """Some of the keys; the others are left to their defaults."""
    return {key: value for key, value in keys.items() if random.random() < chance}


def random_term(random: Random, day: dt.date, *, dense: bool) -> dict:
    if dense:
        return {"from": day - dt.timedelta(days=1), "to": day + dt.timedelta(days=random.choice((1, 1, 0)))}
    first = day - dt.timedelta(days=random.choice((0, 1, 10, 31, 200, 200, 400)))
    last = day + dt.timedelta(days=random.choice((0, 1, 10, 40, 90, 200, 200)))
    if random.random() < 0.5:
        first = first.replace(day=1)
    if random.random() < 0.3:
        last = last.replace(day=1) - dt.timedelta(days=1)
    return {"from": first, "to": max(first, last)}


def random_calendars(random: Random, day: dt.date) -> dict:
    calendars = {
        "office": {"days": "workdays", "hours": random.choice(HOURS[:2])},
        "own": {
            "days": random.choice((["mon", "sat", "sun"], ["wed"], ["tue", "thu", "fri"])),
            "hours": random.choice(HOURS),
        },
        "each": {"days": "all", "hours": random.choice(HOURS)},
    }
    if random.random() < 0.2:
        del calendars["each"]["hours"]
    near = [day + dt.timedelta(days=offset) for offset in random.sample(range(-4, 5), 4)]
    for calendar, chance in zip(calendars.values(), (0.8, 0.4, 0.4), strict=True):
        if random.random() < chance:
            calendar["holidays"] = "CN"
        if random.random() < 0.4:
            calendar["extra_holidays"] = near[:2]
            calendar["extra_workdays"] = near[random.choice((1, 2)) :]
    return calendars


def random_measurement(random: Random) -> dict:
    return some(
        random,
        {
            "max_gap": random.choice((1, 2, 3, 2.5)),
            "stable_for": random.choice(("0s", "10m", "30m", "1h", "2h")),
            "settle": random.choice(("0s", "2m", "20m", "1h")),
            "ignore_shorter": random.choice(("0s", "10m", "30m", "2h")),
            "doubt": random.choice(("vendor", "customer", "split")),
            "unknown": random.choice(("exclude", "exclude", "up", "down")),
            "min_coverage": random.choice(("95%", "60%", "30%", "5%", "0%")),
            "min_countable": random.choice(("0s", "10m", "31m", "2h")),
            "excused": random.choice(("remove", "up")),
            "backdate": random.choice(("0s", "10m", "1h", "1d")),
        },
    )


def random_scope(random: Random, *, severity: bool = False) -> dict:
    def one_or_more(words: tuple[str, ...]):
        return (
            random.choice(words)
            if random.random() < 0.5
            else random.sample(words, random.randrange(1, len(words) + 1))
        )

    if random.random() < 0.6:
        return {}
    scope = {"kind": one_or_more(KINDS), "tags": one_or_more(TAGS), "ids": one_or_more(("a0", "a1", "a2", "a0n"))}
    if severity:
        scope["severity"] = one_or_more(SEVERITIES)
    return some(random, scope, 0.3)


def random_obligation(random: Random, kind: str, name: str, calendar: str) -> dict:
    obligation = {"id": name, "clause": "1.1", "title": "t", "kind": kind, "calendar": calendar}
    obligation |= MAKERS[kind](random)
    loss = {"availability": availability_loss, "repair": repair_loss, "inspection": inspection_loss}[kind]
    each = obligation.get("measure") == "each"
    if random.random() < 0.85:
        obligation["deduct"] = loss(random, AMOUNTS, each=each)
    if random.random() < 0.6:
        obligation["points"] = random.choice(("10", "20", "7.5", "0.3"))
        if random.random() < 0.8:
            obligation["lose"] = loss(random, ("0.5", "2", "1", "0.333"), each=each)
    return obligation


def availability_clause(random: Random) -> dict:
    return {
        "scope": random_scope(random),
        "measure": random.choice(("fleet", "each")),
        "target": random.choice(("95%", "99.9%", "50%", "70%", "100%", "0%", "90%")),
    }


def repair_clause(random: Random) -> dict:
    clause = {
        "scope": random_scope(random, severity=True),
        "stage": random.choice(("respond", "arrive", "restore", "restore", "restore")),
        "limit": random.choice(("0s", "10m", "30m", "1h", "2h", "4h", "6h", "1d")),
        "clock": random.choice(("detected", "notified")),
        "share": random.choice(("100%", "80%", "50%", "0%")),
    }
    if clause["clock"] == "notified" and random.random() < 0.5:
        clause["notify_within"] = random.choice(("0s", "15m", "1h"))
    return clause


def inspection_clause(random: Random) -> dict:
    return {
        "scope": random_scope(random),
        "every": random.choice(("day", "day", "week", "month", "quarter")),
        "coverage": random.choice(("100%", "80%", "50%", "34%", "0%")),
        "grace": random.choice(("0s", "12h", "2d")),
        "contradicted": random.choice(("void", "flag")),
    }


MAKERS = {"availability": availability_clause, "repair": repair_clause, "inspection": inspection_clause}


def availability_loss(random: Random, amounts: tuple[str, ...], *, each: bool) -> dict:
    rule = {"per": random.choice(("0.1%", "1%", "0.5%", "7%")), "amount": random.choice(amounts)}
    if each and random.random() < 0.5:
        rule = {"amount_each": random.choice(amounts)}
    return rule | some(random, {"cap": random.choice(amounts)}, 0.4)


def repair_loss(random: Random, amounts: tuple[str, ...], *, each: bool) -> dict:
    rule = {"per_breach": random.choice(amounts)}
    if random.random() < 0.65:
        rule = {"per_started": random.choice(("30m", "1h", "7m", "1d")), "amount": random.choice(amounts)}
        rule |= some(random, {"cap_each": random.choice(("250", "0.5", "1000", "50"))}, 0.5)
    return rule | some(random, {"cap": random.choice(amounts)}, 0.3)


def inspection_loss(random: Random, amounts: tuple[str, ...], *, each: bool) -> dict:
    keys = {key: random.choice(amounts) for key in ("per_missed", "per_late", "per_asset")}
    rule = some(random, keys) or {"per_missed": random.choice(amounts)}
    return rule | some(random, {"cap": random.choice(amounts)}, 0.3)


def random_bands(random: Random) -> list[dict]:
    bands = [
        {"from": 90, "grade": "优", "pay": "100%"},
        {"from": 80.5, "grade": "良", "pay": "95%"},
        {"from": 60, "grade": "中", "pay": "66.6%"},
        {"from": 0, "grade": "差", "pay": "0%"},
    ]
    random.shuffle(bands)
    return bands[: random.randrange(1, 5)]
