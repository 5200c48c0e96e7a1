"""Evidence and contracts as short text, so that a test's input stands in the test with its arithmetic.

Evidence, one record a line (`#` begins a comment):

    asset cam camera behind=link tags=north,south       kind, then any keys; behind_any= likewise
    check cam/icmp 60s critical reach counts=no          interval, severity, flags; asset = up to the last /, or `asset=`
    cam/icmp 10-01 08:00 ok 09:00 fail 09:05 ok 12:00    readings: see below
    notified cam/icmp 09:01                              acknowledged and arrived likewise
    claim c1 cam 08:00 09:00 power said 10:00 accepted 11:00      or `rejected`, or nothing
    maintenance m1 kind=camera 02:00 03:00 said 01:00    scope, span, announced; `unapproved` at the end
    inspection i1 I1 cam,link 09:00 fault                plan, assets, instant, `fault` (else ok), `for=2026-10-02`
    settled 2026-09 10000.00 0.00 10-05 09:00            by both parties; `settled vendor 2026-09 …` by one
    approved m1 10-05 09:00
    corrected ruling claim=c1 10-05 09:00                the type and the keys that single it out
    agent 08:00 start

`… recorded 10-06 08:00` at the end of a line is R of what it says. Definitions are dated by `from=10-05T08:00`,
`to=…` and `replaces=ID`. Instants are local: `[YYYY-]MM-DD` says the day for all that follows, `HH:MM[:SS[.mmm]]` (up to 24:00)
the time; one with an offset (`2026-11-01T01:30:00-04:00`) stands for itself.

Readings: an instant, what is seen from then on (`ok`, `fail`, `none`, or `gap` for nobody looking), and
so on; a reading every interval from each instant, up to but not with the next one. The last
instant closes the timeline with one more reading of the last word. `fail*3` is three readings and then
nothing; a line may end in it. Thus `08:00 ok 09:00 fail 09:05 ok 12:00` at one a minute is up
[08:00, 08:59), changing [08:59, 09:00), down [09:00, 09:04), changing [09:04, 09:05), up [09:05, 12:00).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from config.input.units import duration, share
from sla.contract.clause import Validity
from sla.contract.clauses.availability import AvailabilityClause
from sla.contract.clauses.inspection import InspectionClause, InspectionLoss
from sla.contract.clauses.repair import RepairClause
from sla.contract.losses import OvertimeLoss, ShortfallLoss
from sla.contract.model import Band, CalendarRule, Contract, Fee, FeeChange, MaintenanceRule, Measurement, Term
from sla.evidence.evidence import Evidence, evidence_from
from sla.evidence.instants import parse_instant
from sla.evidence.listed import ListedReadings
from sla.evidence.record_json import record_to_json
from sla.evidence.records import (
    Acknowledged,
    AgentEvent,
    Approved,
    Arrived,
    Asset,
    Check,
    Claim,
    Corrected,
    Inspection,
    Maintenance,
    Notified,
    Reading,
    Record,
    Ruling,
    Scope,
    Settled,
)
from sla.history.settlements import PARTIES
from sla.judge.judge import judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sla.judge.judgement import Judgement
    from sla.obligations.result import AnyResult

ZONE = "Asia/Shanghai"
SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
_CLOCK = re.compile(r"(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{3}))?)?")
_DAY = re.compile(r"(?:(\d{4})-)?(\d\d)-(\d\d)")
_SEEN = re.compile(r"(ok|fail|none|gap)(?:\*(\d+))?")
_DATED = {"from": "begin", "to": "end", "replaces": "replaces"}
_SAYINGS = {"notified": Notified, "acknowledged": Acknowledged, "arrived": Arrived}


def at(text: str, zone: str = ZONE) -> int:
    """One local instant in milliseconds: `at("10-01 08:00")`."""
    return _Reader(zone).instants(text.split())[0]


@dataclass
class _Reader:
    """Reads the notation line by line; the day said last holds until another is said."""

    zone: str
    day: date = date(2026, 10, 1)
    intervals: dict[str, int] = field(default_factory=dict)

    def records(self, text: str) -> list[Record]:
        lines = (line.split("#")[0].split() for line in text.splitlines())
        return [record for words in lines if words for record in self._line(words)]

    def _line(self, words: list[str]) -> list[Record]:
        if "recorded" in words:
            cut = words.index("recorded")
            said, (stamp,) = self._line(words[:cut]), self.instants(words[cut + 1 :])
            return [replace(each, recorded_at=stamp) for each in said]  # type: ignore[type-var]
        read = getattr(self, f"_{words[0]}", None)
        if words[0] in _SAYINGS:
            return [_SAYINGS[words[0]](check=words[1], at=each) for each in self.instants(words[2:])]
        return self._readings(words[0], words[1:]) if read is None else read(words[1:])

    def instants(self, words: Iterable[str]) -> list[int]:
        return [self._instant(word) for word in words if not self._is_day(word)]

    def _is_day(self, word: str) -> bool:
        match = _DAY.fullmatch(word)
        if match:
            self.day = date(int(match[1] or 2026), int(match[2]), int(match[3]))
        return match is not None

    def _instant(self, word: str) -> int:
        match = _CLOCK.fullmatch(word)
        if match is None:
            return parse_instant(word)
        hours, minutes, seconds, ms = (int(part or 0) for part in match.groups())
        day = self.day + timedelta(days=hours // 24)
        wall = datetime(day.year, day.month, day.day, hours % 24, minutes, seconds, tzinfo=ZoneInfo(self.zone))
        return round(wall.timestamp()) * 1000 + ms

    def _asset(self, words: list[str]) -> list[Record]:
        keys = {key: tuple(value.split(",")) for key, value in (word.split("=") for word in words[2:])}
        dates = self._dates(words)
        return [Asset(id=words[0], kind=words[1], **{name: keys[name] for name in keys.keys() - _DATED}, **dates)]

    def _dates(self, words: list[str]) -> dict[str, Any]:
        """From when, until when, and under which id before, where a definition says so."""
        said = {key: value for key, mark, value in (word.partition("=") for word in words) if mark and key in _DATED}
        dates = {_DATED[key]: self.instants(said[key].split("T"))[0] for key in ("from", "to") if key in said}
        return dates | ({"replaces": said["replaces"]} if "replaces" in said else {})

    def _check(self, words: list[str]) -> list[Record]:
        asset = next((word.partition("=")[2] for word in words if word.startswith("asset=")), None)
        severity = next((word for word in words[2:] if word in ("critical", "major", "minor")), "major")
        self.intervals[words[0]] = duration(words[1])
        return [
            Check(
                id=words[0],
                asset=asset or words[0].rpartition("/")[0],
                interval_ms=duration(words[1]),
                severity=severity,  # type: ignore[arg-type]
                reach="reach" in words,
                counts="counts=no" not in words,
                **self._dates(words),
            )
        ]

    def _readings(self, check: str, words: list[str]) -> list[Record]:
        step, found, begin, seen = self.intervals[check], [], 0, "gap"
        for word in words:
            if self._is_day(word):
                continue
            match = _SEEN.fullmatch(word)
            if match is None:
                end = self._instant(word)
                assert end > begin, f"{word} is not later than what stands before it"
                found += _every(check, seen, range(begin, end, step))
                begin = end
            elif match[2]:
                found += _every(check, match[1], range(begin, begin + int(match[2]) * step, step))
                seen = "gap"
            else:
                seen = word
        return [*found, *_every(check, seen, [begin])]

    def _claim(self, words: list[str]) -> list[Record]:
        name, asset, *rest = words
        cut = rest.index("said")
        ruled = next((n for n, word in enumerate(rest) if word in ("accepted", "rejected")), len(rest))
        begin, end = self.instants(rest[: cut - 1])
        (said,) = self.instants(rest[cut + 1 : ruled])
        claim = Claim(id=name, asset=asset, begin=begin, end=end, cause=rest[cut - 1], at=said)  # type: ignore[arg-type]
        rulings = [
            Ruling(claim=name, accepted=rest[ruled] == "accepted", at=each)
            for each in self.instants(rest[ruled + 1 :])
        ]
        return [claim, *rulings]

    def _ruling(self, words: list[str]) -> list[Record]:
        return [Ruling(claim=words[0], accepted=words[1] == "accepted", at=each) for each in self.instants(words[2:])]

    def _maintenance(self, words: list[str]) -> list[Record]:
        approved = words[-1] != "unapproved"
        plain = [word for word in words[1:] if "=" not in word and word not in ("said", "unapproved")]
        begin, end, said = self.instants(plain)
        keys = {key: tuple(value.split(",")) for key, value in (word.split("=") for word in words if "=" in word)}
        scope = Scope(**keys)
        return [Maintenance(id=words[0], scope=scope, begin=begin, end=end, announced_at=said, approved=approved)]

    def _inspection(self, words: list[str]) -> list[Record]:
        period = next((date.fromisoformat(word[4:]) for word in words if word.startswith("for=")), None)
        name, plan, covers, *rest = (word for word in words if not word.startswith("for="))
        (when,) = self.instants(word for word in rest if word != "fault")
        result = "fault" if rest[-1] == "fault" else "ok"
        assets = tuple(covers.split(",")) if covers != "-" else ()
        return [Inspection(id=name, plan=plan, covers=assets, at=when, result=result, period=period)]  # type: ignore[arg-type]

    def _approved(self, words: list[str]) -> list[Record]:
        return [Approved(maintenance=words[0], by="甲", at=each) for each in self.instants(words[1:])]

    def _corrected(self, words: list[str]) -> list[Record]:
        of = {"type": words[0]} | dict(word.split("=") for word in words[1:] if "=" in word)
        (when,) = self.instants(word for word in words[1:] if "=" not in word)
        return [Corrected(of=of, by="甲", at=when, reason="错")]

    def _settled(self, words: list[str]) -> list[Record]:
        parties = [word for word in words if word in PARTIES]
        month, payable, adjustment, *rest = (word for word in words if word not in PARTIES)
        (when,) = self.instants(rest)
        amounts = {"payable": Decimal(payable), "adjustment": Decimal(adjustment)}
        return [Settled(month=month, at=when, party=each, **amounts) for each in parties or PARTIES]  # type: ignore[arg-type]

    def _agent(self, words: list[str]) -> list[Record]:
        return [AgentEvent(at=each, event=words[-1]) for each in self.instants(words[:-1])]


def _every(check: str, seen: str, instants: Iterable[int]) -> list[Record]:
    if seen == "gap":
        return []
    return [Reading(check=check, at=each, outcome=seen) for each in instants]  # type: ignore[arg-type]


def records(text: str, zone: str = ZONE) -> list[Record]:
    """All records that the text says."""
    return _Reader(zone).records(text)


def evidence(text: str, zone: str = ZONE) -> Evidence:
    """Evidence in the notation above."""
    return evidence_of(records(text, zone))


def evidence_of(found: Iterable[Record]) -> Evidence:
    """Evidence of records, readings among them."""
    source, others = ListedReadings(), []
    for record in found:
        if isinstance(record, Reading):
            source.add(record)
        else:
            others.append(record)
    return evidence_from(others, source)


def json_lines(found: Iterable[Record]) -> list[bytes]:
    """The records as lines of an evidence file."""
    return [json.dumps(record_to_json(record), ensure_ascii=False).encode() + b"\n" for record in found]


def _scope(value: Mapping[str, Any]) -> Scope:
    return Scope(**{key: (one,) if isinstance(one, str) else tuple(one) for key, one in value.items()})


def _loss(cls: type, value: Mapping[str, str] | None) -> Any:
    if value is None:
        return None
    read: Mapping[str, Any] = {"per": share, "per_started": duration}
    return cls(**{key: read.get(key, Decimal)(one) for key, one in value.items()})


def availability(target: str = "98%", scope: Mapping[str, Any] | None = None, **keys: Any) -> AvailabilityClause:
    """An availability clause, id A1; keys as in a contract file."""
    loss = {key: _loss(ShortfallLoss, keys.pop(key, None)) for key in ("deduct", "lose")}
    known = {"id": "A1", "clause": "4.1", "title": "在线率", "measure": "fleet"} | keys
    return AvailabilityClause(target=share(target), scope=_scope(scope or {}), **_exact(known), **loss)


def repair(limit: str = "4h", scope: Mapping[str, Any] | None = None, **keys: Any) -> RepairClause:
    """A repair clause, id R1; keys as in a contract file."""
    loss = {key: _loss(OvertimeLoss, keys.pop(key, None)) for key in ("deduct", "lose")}
    known = {"id": "R1", "clause": "5.2", "title": "修复时限", "stage": "restore"} | keys
    return RepairClause(limit=duration(limit), scope=_scope(scope or {}), **_exact(known), **loss)


def inspection(every: str = "day", scope: Mapping[str, Any] | None = None, **keys: Any) -> InspectionClause:
    """An inspection clause, id I1; keys as in a contract file."""
    loss = {key: _loss(InspectionLoss, keys.pop(key, None)) for key in ("deduct", "lose")}
    known = {"id": "I1", "clause": "3.1", "title": "日常巡检"} | keys
    return InspectionClause(every=every, scope=_scope(scope or {}), **_exact(known), **loss)  # type: ignore[arg-type]


def _exact(keys: dict[str, Any]) -> dict[str, Any]:
    read: Mapping[str, Any] = {
        "share": share, "coverage": share, "grace": duration, "notify_within": duration, "points": Decimal,
        "valid": _validity,
    }  # fmt: skip
    return {key: read[key](value) if key in read else value for key, value in keys.items()}


def _validity(days: str) -> Validity:
    """`2026-10-01 2026-12-31`; a bare `-` stands for no day."""
    first, last = (None if day == "-" else date.fromisoformat(day) for day in days.split())
    return Validity(first=first, last=last)


def _measurement(keys: Mapping[str, Any]) -> Measurement:
    lengths = ("stable_for", "settle", "ignore_shorter", "min_countable", "backdate")
    read: Mapping[str, Any] = dict.fromkeys(lengths, duration) | {"max_gap": Fraction, "min_coverage": share}
    return Measurement(**{key: read[key](value) if key in read else value for key, value in keys.items()})


def calendar(hours: str = "00:00-24:00", days: Any = "all", holidays: str | None = None, **keys: Any) -> CalendarRule:
    """A calendar: hours like `08:00-12:00 14:00-18:00`."""
    spans = tuple(tuple(int(each[:2]) * 60 + int(each[3:]) for each in one.split("-")) for one in hours.split())
    return CalendarRule(days=days, hours=spans, holidays=holidays, **keys)  # type: ignore[arg-type]


def contract(
    *clauses: Any,
    term: str = "2026-01-01 2026-12-31",
    fee: str = "120000.00",
    monthly: str | None = None,
    changes: Mapping[str, str] | None = None,
    deduction_cap: str | None = None,
    zone: str = ZONE,
    calendars: Mapping[str, CalendarRule] | None = None,
    bands: Iterable[tuple[str, str, str]] = (),
    unassessable: Literal["drop", "met"] = "drop",
    notice: str | None = None,
    allowance: str | None = None,
    public_days: Mapping[date, bool] | None = None,
    **measurement: Any,
) -> Contract:
    """A contract over those clauses; by default all of 2026 at 10,000.00 a month, SPEC's measurement.

    `monthly` stands instead of `fee`; `changes`: month → fee of a month from then on.
    """
    first, last = (date.fromisoformat(day) for day in term.split())
    return Contract(
        contract="T-1",
        title="测试合同",
        timezone=zone,
        customer={"name": "甲"},
        vendor={"name": "乙"},
        term=Term(first=first, last=last),
        fee=Fee(
            total=None if monthly else Decimal(fee),
            monthly=Decimal(monthly) if monthly else None,
            changes=tuple(FeeChange(begins=n, monthly=Decimal(each)) for n, each in sorted((changes or {}).items())),
            deduction_cap=share(deduction_cap) if deduction_cap else None,
        ),
        calendars=calendars or {},
        measurement=_measurement(measurement),
        maintenance=MaintenanceRule(
            notice=duration(notice) if notice else None, allowance=duration(allowance) if allowance else None
        ),
        obligations=clauses,
        bands=tuple(Band(at_least=Decimal(low), grade=grade, pay=share(pay)) for low, grade, pay in bands),
        unassessable=unassessable,
        public_days=public_days or {},
    )


def judged(what: Contract, said: Evidence | str, month: str = "2026-10", as_of: str | None = None) -> Judgement:
    """That month under the contract; `as_of` local, by default the end of 2026 (everything known)."""
    zone = what.timezone
    known = evidence(said, zone) if isinstance(said, str) else said
    return judge(what, known, month, at(as_of or "2026-12-31 24:00", zone))


def result(what: Contract, said: Evidence | str, month: str = "2026-10", as_of: str | None = None) -> AnyResult:
    """The contract's only clause in that month."""
    (only,) = judged(what, said, month, as_of).obligations
    return only
