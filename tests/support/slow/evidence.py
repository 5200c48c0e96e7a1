"""SPEC section 1, second edition: what a record says, when it was recorded, and what was known at an instant.

Nothing here is from `sla/`. A record is its JSON object, with instants as milliseconds and without what is null.
"""

from __future__ import annotations

import datetime as dt
import json
from fractions import Fraction

from tests.support.slow.instants import NEVER, Days, Refused, instant, listed

NEEDED = {
    "asset": ("id", "kind"),
    "check": ("id", "asset", "interval_s", "severity"),
    "reading": ("check", "at", "outcome"),
    "notified": ("check", "at"),
    "acknowledged": ("check", "at"),
    "arrived": ("check", "at"),
    "claim": ("id", "asset", "from", "to", "cause", "at"),
    "ruling": ("claim", "accepted", "at"),
    "maintenance": ("id", "scope", "from", "to", "announced_at", "approved"),
    "approved": ("maintenance", "at"),
    "inspection": ("id", "plan", "at", "covers", "result"),
    "settled": ("month", "payable", "adjustment", "at", "party"),
    "corrected": ("of", "at"),
    "agent": ("at",),
    "delivered": ("at",),
    "diagnosed": ("at",),
    "replaced": ("at",),
    "scored": ("at",),
}
"""The record types, and what none of them may lack."""
INSTANTS = ("at", "recorded_at", "announced_at", "from", "to")
SPANNED = ("asset", "check", "claim", "maintenance")
"""The types whose `from` and `to` SPEC knows; elsewhere they are keys like any other."""
DEFINITIONS = ("asset", "check")
CORRECTABLE = (
    *("acknowledged", "arrived", "claim", "ruling", "maintenance", "approved", "inspection"),
    *("delivered", "diagnosed", "replaced", "scored"),
)
LISTS = ("tags", "behind", "behind_any")
WITHOUT = {"tags": [], "behind": [], "behind_any": [], "counts": True, "reach": False}
"""What a definition means that leaves these out: one that says so says the same."""
GIVEN_ONCE = ("claim", "maintenance", "inspection")
PARTIES = ("customer", "vendor")


def read(lines: list[dict]) -> list[dict]:
    """The records, each once: identical ones are one, however their instants are spelled."""
    found: dict[str, dict] = {}
    for line in lines:
        record = plain(line)
        if record.get("type") not in NEEDED:
            raise Refused("unknown type")
        if any(key not in record for key in NEEDED[record["type"]]):
            raise Refused("malformed")
        if record["type"] == "corrected" and record["of"].get("type") not in CORRECTABLE:
            raise Refused("corrects what cannot be corrected")
        if record["type"] == "settled" and record["party"] not in PARTIES:
            raise Refused("malformed")
        found.setdefault(json.dumps(record, sort_keys=True), record)
    return list(found.values())


def plain(line: dict) -> dict:
    """Instants as milliseconds, null as not given; of a correction, what it names likewise."""
    record = {key: value for key, value in line.items() if value is not None}
    if isinstance(record.get("of"), dict):
        record["of"] = plain(record["of"])
    if record.get("type") in DEFINITIONS:
        record |= {key: listed(record[key]) for key in LISTS if key in record}
        record = {key: value for key, value in record.items() if key not in WITHOUT or value != WITHOUT[key]}
    keys = INSTANTS if record.get("type") in SPANNED else INSTANTS[:3]
    return record | {key: instant(record[key]) for key in keys if isinstance(record.get(key), str)}


def said_at(record: dict) -> int | None:
    """Its `at` or `announced_at`; null of a definition."""
    return record.get("announced_at" if record["type"] == "maintenance" else "at")


def recorded(record: dict) -> int:
    """R."""
    without = record.get("from", -NEVER) if record["type"] in DEFINITIONS else said_at(record)
    return record.get("recorded_at", without)


def order(record: dict) -> tuple[int, int]:
    """By R and then `at`."""
    return recorded(record), said_at(record)


def is_known(record: dict, at: int) -> bool:
    """Whether it was known at an instant."""
    said = said_at(record)
    return recorded(record) <= at and (said is None or said <= at)


def default_as_of(records: list[dict]) -> int:
    """The latest among the `at` of readings and agent records and every `recorded_at`."""
    stamps = [record["at"] for record in records if record["type"] in ("reading", "agent")]
    stamps += [record["recorded_at"] for record in records if "recorded_at" in record]
    if not stamps:
        raise Refused("nothing says as of when")
    return max(stamps)


class Settlements:
    """Which months were settled, when, and with which figures."""

    def __init__(self, contract: dict, days: Days, settled: list[dict]) -> None:
        self.days = days
        first, last = (f"{contract['term'][key]:%Y-%m}" for key in ("from", "to"))
        self.signed: dict[str, list[dict]] = {}
        for record in sorted(settled, key=order):
            if first <= record["month"] <= last:
                if recorded(record) < days.month_bounds(record["month"])[1]:
                    raise Refused("settled before the month's end")
                self.signed.setdefault(record["month"], []).append(record)
        self.agreed = {month: list(self.agreements(records)) for month, records in self.signed.items()}

    @staticmethod
    def named(record: dict) -> tuple[Fraction, Fraction]:
        return Fraction(record["payable"]), Fraction(record["adjustment"])

    def agreements(self, records: list[dict]):
        """(R, (payable, adjustment), the records of both parties) each time that both named the same other ones."""
        last: dict[str, dict] = {}
        agreed = None
        for place, record in enumerate(records):
            other = last.get(record["party"])
            if other is not None and order(other) == order(record):
                raise Refused("two settled at one instant")
            last[record["party"]] = record
            more = place + 1 < len(records) and recorded(records[place + 1]) == recorded(record)
            figures = {self.named(each) for each in last.values()}
            if not more and len(last) == len(PARTIES) and len(figures) == 1 and figures != {agreed}:
                agreed = figures.pop()
                yield recorded(record), agreed, list(last.values())

    def settlement(self, month: str):
        """The settlement of a month as it stands, or null."""
        agreed = self.agreed.get(month)
        return agreed[-1] if agreed else None

    def instant(self, month: str) -> int:
        """The R at which the month was settled; `NEVER` if it was not."""
        standing = self.settlement(month)
        return NEVER if standing is None else standing[0]

    def was_settled_before(self, month: str, at: int) -> bool:
        agreed = self.agreed.get(month)
        return bool(agreed) and agreed[0][0] < at

    def effective(self, at: int) -> int:
        """E of a definition with this R: the end of the latest month that was settled by what was known before it."""
        months = [month for month in self.agreed if self.was_settled_before(month, at)]
        return self.days.month_bounds(max(months))[1] if months else -NEVER

    def state(self, month: str) -> str | None:
        """`unsigned` if a party has not signed, `disputed` if their last ones differ."""
        last = {record["party"]: self.named(record) for record in self.signed.get(month, [])}
        if len(last) < len(PARTIES):
            return "unsigned"
        return "disputed" if len(set(last.values())) > 1 else None


class Known:
    """The evidence as it was known at an instant, corrections carried out."""

    def __init__(self, contract: dict, records: list[dict], as_of: int, days: Days) -> None:
        self.as_of, self.days = as_of, days
        known = [record for record in records if is_known(record, as_of)]
        self.settlements = Settlements(contract, days, [r for r in known if r["type"] == "settled"])
        self.given_once(known)
        self.corrections = [(each, self.named(each, known)) for each in known if each["type"] == "corrected"]
        rulings = [(c, named) for c, named in self.corrections if named["type"] == "ruling"]
        gone = [named for _, named in self.corrections if named["type"] != "ruling"]
        self.records = [record for record in known if record not in gone]
        self.too_late: set[str] = set()
        gone = [named for _, named in rulings]
        self.refuse_two_at_one_instant([each for each in self.of("ruling") if each not in gone])
        self.accepted = {claim["id"]: self.is_accepted(claim, rulings) for claim in self.of("claim")}
        self.approved = {window["id"]: self.is_approved(window) for window in self.of("maintenance")}

    def of(self, kind: str) -> list[dict]:
        return [record for record in self.records if record["type"] == kind]

    @staticmethod
    def given_once(known: list[dict]) -> None:
        for kind in GIVEN_ONCE:
            names = [record["id"] for record in known if record["type"] == kind]
            if len(names) != len(set(names)):
                raise Refused("an id given twice")

    @staticmethod
    def named(correction: dict, known: list[dict]) -> dict:
        """The one record that a correction names."""
        wanted, latest = correction["of"], recorded(correction)
        found = [
            record
            for record in known
            if recorded(record) <= latest and all(record.get(key) == value for key, value in wanted.items())
        ]
        if len(found) != 1:
            raise Refused("corrects none or several")
        return found[0]

    # Section 4: what is decided about claims and windows, and what came too late for that

    def last_month(self, start: int, end: int) -> str | None:
        """The last month that [start, end) touches."""
        return self.days.month(end - 1) if start < end else None

    def claimed(self, claim: dict) -> tuple[int, int]:
        """A claim's time: nothing is claimed in advance."""
        return claim["from"], min(claim["to"], recorded(claim))

    def is_accepted(self, claim: dict, corrections: list[tuple[dict, dict]]) -> bool:
        """Whether the ruling that stands accepts it."""
        mine = [
            record
            for record in self.of("ruling")
            if record["claim"] == claim["id"] and recorded(record) >= recorded(claim)
        ]
        gone = [named for _, named in corrections]
        month = self.last_month(*self.claimed(claim))
        final = NEVER if month is None else self.settlements.instant(month)
        known_then = [
            ruling
            for ruling in mine
            if is_known(ruling, final) and not any(named == ruling and is_known(c, final) for c, named in corrections)
        ]
        standing = self.last_ruling(known_then) if known_then and final < NEVER else None
        if standing is not None:
            late = [ruling for ruling in mine if not is_known(ruling, final)]
            late += [c for c, named in corrections if named == standing and not is_known(c, final)]
            self.too_late |= {claim["id"]} if late else set()
        else:
            standing = self.last_ruling([ruling for ruling in mine if ruling not in gone])
        return standing is not None and standing["accepted"]

    @staticmethod
    def last_ruling(rulings: list[dict]) -> dict | None:
        """By R and then `at`."""
        return max(rulings, key=order, default=None)

    @staticmethod
    def refuse_two_at_one_instant(rulings: list[dict]) -> None:
        if len({(ruling["claim"], *order(ruling)) for ruling in rulings}) != len(rulings):
            raise Refused("two rulings at one instant")

    def is_approved(self, window: dict) -> bool:
        """Approved from the first, or by a record that did not come too late."""
        final = self.settlements.instant(self.last_month(window["from"], window["to"]))
        approvals = [each for each in self.of("approved") if each["maintenance"] == window["id"]]
        late = [each for each in approvals if recorded(each) > final]
        self.too_late |= {window["id"]} if late else set()
        return window["approved"] is True or len(approvals) > len(late)


def day_of(text: str) -> dt.date:
    """The day that `period` names."""
    return dt.date.fromisoformat(text)
