"""Random small worlds: a contract, evidence, and the month and the instant at which it is judged.

A world comes from a seed and is the same on every machine. Instants lie on a coarse grid most of the time, so that
limits are met exactly, gaps are exactly G, and a claim ends where an outage begins.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from random import Random
from zoneinfo import ZoneInfo

import tomlkit

from tests.support.worlds.contracts import KINDS, SEVERITIES, TAGS, random_contract

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
PLACES = (
    ("Asia/Shanghai", "2026-10-01"),
    ("Asia/Shanghai", "2026-03-01"),
    ("Asia/Shanghai", "2024-02-29"),
    ("Asia/Shanghai", "2026-02-15"),
    ("Asia/Shanghai", "2027-01-01"),
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/New_York", "2026-11-01"),
    ("Australia/Lord_Howe", "2026-10-04"),
    ("America/Havana", "2026-03-08"),
    ("Asia/Kolkata", "2026-07-01"),
    ("UTC", "2026-06-01"),
    ("Asia/Shanghai", "2026-02-01"),
    ("Asia/Shanghai", "2026-04-01"),
    ("Asia/Shanghai", "2025-10-01"),
    ("Europe/Berlin", "2026-04-01"),
)
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What `sla-check` is given, and the same as values."""

    contract_text: str
    records: list[dict]
    month: str
    as_of: str | None

    @property
    def evidence_text(self) -> str:
        """JSON Lines."""
        return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in self.records)

    def arguments(self, contract: object, evidence: object) -> list[str]:
        """What `sla-check` is called with."""
        words = [
            "--contract",
            str(contract),
            "--evidence",
            str(evidence),
            "--month",
            self.month,
            "--format",
            "json",
            "--lang",
            "en",
        ]
        return words if self.as_of is None else [*words, "--as-of", self.as_of]


def random_world(seed: int) -> World:
    """The world of a seed."""
    return _Maker(Random(seed)).world()


class _Maker:
    def __init__(self, random: Random) -> None:
        self.random = random
        zone, day = random.choice(PLACES)
        self.zone, self.day = ZoneInfo(zone), dt.date.fromisoformat(day)
        self.contract = random_contract(random, zone, self.day)
        self.step = random.choice((300, 600, 900, 1800)) * 1000
        midnight = dt.datetime.combine(self.day, dt.time(), tzinfo=self.zone)
        self.length = random.choice((6, 18, 30, 60)) * HOUR
        self.midnight = (midnight - EPOCH) // dt.timedelta(milliseconds=1)
        self.start = self.midnight - random.randrange(0, self.length // self.step) * self.step
        if random.random() < 0.3:
            self.start += random.choice((1000, 7_123, 60_001))
        self.end = self.start + self.length

    def world(self) -> World:
        random, records = self.random, []
        assets = self.assets()
        checks = [check for asset in assets for check in self.checks(asset["id"])]
        records += [*assets, *checks]
        faults = {asset["id"]: self.spans(random.choice((0, 1, 1, 2, 3))) + self.over_midnight() for asset in assets}
        above = {asset["id"]: [asset["id"], *_listed(asset.get("behind"))[:1]] for asset in assets}
        for check in checks:
            spans = [span for name in above[check["asset"]] for span in faults[name]] + self.spans(
                random.choice((0, 0, 1))
            )
            records += self.readings(check["id"], spans)
        records += [record for check in checks for record in self.answers(check["id"])]
        records += self.maintenance() + self.claims(assets) + self.inspections(assets) + self.settled()
        if random.random() < 0.3:
            records.append({"type": "agent", "at": self.moment(), "event": "start"})
        random.shuffle(records)
        months = (*[self.start] * 3, *[self.end] * 4, self.end + 20 * DAY, self.start - 31 * DAY)
        month = self.month_of(random.choice(months))
        return World(contract_text=tomlkit.dumps(self.contract), records=records, month=month, as_of=self.as_of())

    # Instants

    def text(self, at: int) -> str:
        """RFC 3339 in one of its spellings."""
        moment = EPOCH + dt.timedelta(milliseconds=at)
        zone = self.random.choice((dt.UTC, self.zone, dt.timezone(dt.timedelta(hours=8))))
        said = moment.astimezone(zone).isoformat(timespec="milliseconds" if at % 1000 else "seconds")
        return said.replace("+00:00", "Z") if self.random.random() < 0.5 else said

    def near(self) -> int:
        """An instant in the window, mostly on the grid of the readings."""
        at = self.start + self.random.randrange(0, self.length // self.step + 1) * self.step
        return at + self.random.choice((0, 0, 0, 1, -1, 1000, self.random.randrange(self.step)))

    def moment(self) -> str:
        return self.text(self.near())

    def spans(self, count: int) -> list[tuple[int, int]]:
        random = self.random
        starts = [self.near() for _ in range(count)]
        return [(at, at + random.choice((1, 2, 3, 5, 8, 20, 60)) * self.step) for at in starts]

    def over_midnight(self) -> list[tuple[int, int]]:
        """Sometimes, a long outage over the midnight that the world lies about."""
        random = self.random
        before, after = (random.choice((1, 8, 16, 40)) * self.step for _ in range(2))
        return [(self.midnight - before, self.midnight + after)] if random.random() < 0.4 else []

    def month_of(self, at: int) -> str:
        return f"{(EPOCH + dt.timedelta(milliseconds=at)).astimezone(self.zone):%Y-%m}"

    def as_of(self) -> str | None:
        chance = self.random.random()
        if chance < 0.4:
            return None
        late = self.end + self.random.choice((1, 20, 24 * 3, 24 * 40, 24 * 100)) * HOUR
        return self.text(self.near() if chance < 0.6 else late)

    # Records

    def assets(self) -> list[dict]:
        random, found = self.random, []
        for number in range(random.choice((1, 1, 2, 3, 4))):
            asset = {"type": "asset", "id": f"a{number}", "kind": random.choice(KINDS), "name": "n"}
            asset["tags"] = random.sample(TAGS, random.randrange(0, 3))
            earlier = [f"a{n}" for n in range(number)]
            if earlier and random.random() < 0.6:
                asset["behind"] = random.choice((earlier[0], earlier[-1:], earlier))
            if earlier and random.random() < 0.35:
                asset["behind_any"] = random.choice((earlier, earlier[-1:], []))
            found.append(asset)
        return found

    def checks(self, asset: str) -> list[dict]:
        random, reaches = self.random, self.random.random() < 0.8
        names = random.sample(("ping", "disk", "rtsp"), random.choice((0, 1, 1, 2, 2, 3)))
        return [
            {
                "type": "check",
                "id": f"{asset}/{name}",
                "asset": asset,
                "interval_s": self.step // 1000 * random.choice((1, 1, 1, 2)),
                "severity": random.choice(SEVERITIES),
                **({} if random.random() < 0.6 else {"counts": random.random() < 0.7}),
                **({"reach": True} if place == 0 and reaches else {}),
            }
            for place, name in enumerate(names)
        ]

    def readings(self, check: str, faults: list[tuple[int, int]]) -> list[dict]:
        """Each turn on the grid a reading or none, in blocks: looking, not looking, unable to look."""
        random, found = self.random, []
        at, mode, left = self.start, "look", 0
        noise, weights = (
            random.choice((0, 0, 0.005, 0.05, 0.3)),
            random.choice(((1, 0, 0), (12, 2, 2), (6, 0, 1), (40, 1, 0))),
        )
        while at <= self.end:
            if left == 0:
                mode = random.choices(("look", "skip", "none"), weights)[0]
                left = random.choice((1, 2, 3, 4, 7)) if mode != "look" else random.choice((2, 5, 20, 40))
            left -= 1
            failing = any(a <= at < b for a, b in faults) or random.random() < noise
            if mode != "skip":
                found.append(self.reading(check, at, "none" if mode == "none" else "fail" if failing else "ok"))
            if random.random() < 0.01:
                found.append(self.reading(check, at, random.choice(("ok", "fail", "none"))))
            at += self.step + random.choice((0, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1000))
        return found

    def reading(self, check: str, at: int, outcome: str) -> dict:
        return {"type": "reading", "check": check, "at": self.text(at), "outcome": outcome}

    def answers(self, check: str) -> list[dict]:
        kinds = ("notified", "notified", "acknowledged", "arrived")
        said = [self.random.choice(kinds) for _ in range(self.random.choice((0, 1, 3, 6)))]
        return [
            {"type": kind, "check": check, "at": self.moment(), "channel" if kind == "notified" else "by": "x"}
            for kind in said
        ]

    def maintenance(self) -> list[dict]:
        random, found = self.random, []
        for number, (start, end) in enumerate(self.spans(random.choice((0, 0, 1, 2, 4)))):
            announced = start + random.choice((-3 * DAY, -DAY, -HOUR, 0, HOUR))
            scope = random.choice(({}, {}, {"kind": "camera"}, {"ids": ["a0", "a1"]}, {"tags": ["core", "north"]}))
            found.append(
                {
                    "type": "maintenance",
                    "id": f"m{number}",
                    "scope": scope,
                    "from": self.text(start),
                    "to": self.text(end),
                    "announced_at": self.text(announced),
                    "approved": random.random() < 0.8,
                }
            )
        return found

    def claims(self, assets: list[dict]) -> list[dict]:
        random, found = self.random, []
        for number, (start, end) in enumerate(self.spans(random.choice((0, 0, 1, 2, 3)))):
            claim = f"c{number}"
            found.append(
                {
                    "type": "claim",
                    "id": claim,
                    "asset": random.choice(assets)["id"],
                    "from": self.text(start),
                    "to": self.text(end),
                    "cause": random.choice(("power", "third_party", "force_majeure", "customer", "planned")),
                    "by": "v",
                    "at": self.moment(),
                }
            )
            instants = {self.near() for _ in range(random.choice((0, 1, 1, 2, 3)))}
            found += [
                {"type": "ruling", "claim": claim, "accepted": random.random() < 0.7, "by": "c", "at": self.text(at)}
                for at in sorted(instants)
            ]
        return found

    def inspections(self, assets: list[dict]) -> list[dict]:
        random, names = self.random, [asset["id"] for asset in assets]
        plans = [each["id"] for each in self.contract["obligations"] if each["kind"] == "inspection"]
        return [
            {
                "type": "inspection",
                "id": f"i{number}",
                "plan": random.choice((*plans, "other")) if plans else "other",
                "at": self.moment(),
                "by": "e",
                "covers": random.choice((names, random.sample(names, random.randrange(0, len(names) + 1)))),
                "result": random.choice(("ok", "ok", "fault")),
            }
            for number in range(random.choice((0, 6, 20, 40)) if plans else random.choice((0, 1)))
        ]

    def settled(self) -> list[dict]:
        random, found = self.random, []
        ends = (self.start - 31 * DAY, self.start, self.end)
        months = [*dict.fromkeys(self.month_of(at) for at in ends), "2020-01"]
        for month in random.sample(months, min(len(months), random.choice((0, 0, 1, 2, 3)))):
            for at in {self.near() for _ in range(random.choice((1, 1, 2)))}:
                record = {
                    "type": "settled",
                    "month": month,
                    "payable": random.choice(("1000.00", "0.00", "75341.66")),
                }
                record |= {"adjustment": random.choice(("0.00", "-12.50", "3.07")), "at": self.text(at), "by": "both"}
                found.append(record)
        return found


def _listed(value) -> list:
    return list(value) if isinstance(value, list) else [] if value is None else [value]
