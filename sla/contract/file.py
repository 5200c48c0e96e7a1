"""Reads a contract from TOML (SPEC §5), as a whole: every mistake at once, each with its line."""

from __future__ import annotations

import csv
import itertools
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from config.input.mistakes import NOTHING, ConfigError, Mistake, WantedError, nearest, shown
from config.input.models import (
    Day,
    Duration,
    Hours,
    Share,
    StrictModel,
    TimeZone,
    Word,
    reading,
    validated,
    wanted,
)
from config.input.toml_source import KeyPath, TomlSource, read_toml, spelled
from config.text.sentence import Sentence
from sla.contract.clause_table import ValidityTable, clause_of
from sla.contract.fee_tables import FeeTable
from sla.contract.model import Band, CalendarRule, Contract, MaintenanceRule, Measurement, Term, Weekday
from sla.contract.tables.registry import CLAUSES
from sla.contract.terms import cut_to

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sla.contract.clause import Clause

_DAY_WORDS = ("workdays", "all")


def _intervals(value: object) -> Fraction:
    """`max_gap`: a number of intervals; at least 1, or every reading would stand alone."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 1 <= value <= 1_000_000:  # noqa: PLR2004
        raise WantedError("a number of intervals, at least 1")
    return Fraction(value)


def _years(value: object) -> int:
    """`keep_years`: whole years; readings of at least the last one are needed to judge and settle."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 100:  # noqa: PLR2004 - the text says it
        raise WantedError("a whole number of years, from 1 to 100")
    return value


def _days(value: object) -> str | tuple[str, ...]:
    if isinstance(value, str) and value in _DAY_WORDS:
        return value
    words = get_args(Weekday)
    if not isinstance(value, list) or not value or any(each not in words for each in value):
        raise WantedError('"workdays", "all", or a list of {days}', days=words)
    return tuple(word for word in words if word in value)


def _score_from(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value <= 100:  # noqa: PLR2004
        raise WantedError("a score from 0 to 100")
    return Decimal(value)


def _distinct_hours(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    ordered = sorted(found)
    if not found or any(one[1] > other[0] for one, other in itertools.pairwise(ordered)):
        raise wanted("hours that do not overlap")
    return ordered


class PartyTable(StrictModel):
    """`customer` or `vendor`: who signs."""

    name: Word
    address: str = ""
    contact: str = ""
    phone: str = ""


class TermTable(StrictModel):
    """`term`: first and last day of the contract, both included."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")

    @model_validator(mode="after")
    def _forward(self) -> TermTable:
        if self.last < self.first:
            raise wanted("to on or after from")
        if self.last.year > 9000 or self.first.year < 1900:  # noqa: PLR2004 - what calendars can reckon with
            raise wanted("years from 1900 to 9000")
        return self

    def made(self) -> Term:
        """The term as a value."""
        return Term(first=self.first, last=self.last)


class CalendarTable(StrictModel):
    """`[calendars.NAME]`: the days and hours that count for the clauses that name it."""

    days: Annotated[Any, reading(_days)] = "all"
    hours: Annotated[list[Hours], AfterValidator(_distinct_hours)] = Field(default_factory=lambda: [(0, 1440)])
    holidays: Literal["CN"] | None = None
    extra_holidays: list[Day] = Field(default_factory=list)
    extra_workdays: list[Day] = Field(default_factory=list)

    def made(self) -> CalendarRule:
        return CalendarRule(
            days=self.days,
            hours=tuple(self.hours),
            holidays=self.holidays,
            extra_holidays=tuple(self.extra_holidays),
            extra_workdays=tuple(self.extra_workdays),
        )


class MeasurementTable(StrictModel):
    """`[measurement]`: how readings become states and incidents; defaults as in SPEC §5."""

    max_gap: Annotated[Fraction, reading(_intervals)] = Fraction(3)
    stable_for: Duration = 600_000
    settle: Duration = 120_000
    ignore_shorter: Duration = 0
    doubt: Literal["vendor", "customer", "split"] = "vendor"
    unknown: Literal["exclude", "up", "down"] = "exclude"
    min_coverage: Share = Fraction(95, 100)
    min_countable: Duration = 0
    excused: Literal["remove", "up"] = "remove"
    backdate: Duration = 0


class MaintenanceTable(StrictModel):
    """`[maintenance]`: without `notice` none is needed, without `allowance` nothing limits it."""

    notice: Duration | None = None
    allowance: Duration | None = None


class RecordsTable(StrictModel):
    """`[records]`: how long readings are kept after they were judged; their hashes stay for ever."""

    keep_years: Annotated[int, reading(_years)] = 15


class BandTable(StrictModel):
    """`[[score.bands]]`: from which score on which grade is given and which share of the fee is earned."""

    at_least: Annotated[Decimal, reading(_score_from)] = Field(alias="from")
    grade: Word
    pay: Share


class ScoreTable(StrictModel):
    """`[score]`: the bands of a month's score, and what becomes in it of what is not assessable."""

    bands: list[BandTable] = Field(default_factory=list)
    unassessable: Literal["drop", "met"] = "drop"


class ContractTable(StrictModel):
    """The file's top level; obligations are read apart, since their keys depend on their kind."""

    contract: Word
    title: Word
    timezone: TimeZone
    customer: PartyTable
    vendor: PartyTable
    term: TermTable
    fee: FeeTable
    calendars: dict[str, CalendarTable] = Field(default_factory=dict)
    measurement: MeasurementTable = MeasurementTable()
    maintenance: MaintenanceTable = MaintenanceTable()
    records: RecordsTable = RecordsTable()
    obligations: list[Any] = Field(default_factory=list)
    score: ScoreTable = ScoreTable()


def read_contract(path: Path) -> Contract:
    """The contract of a TOML file, with the days of `calendars/*.csv` beside it.

    Raises ConfigError with every mistake, each with file, line, key, what was found and wanted.
    """
    days, mistakes = read_days(path.parent / "calendars")
    return contract_from(read_toml(path), days, mistakes)


def contract_from(source: TomlSource, days: dict[date, bool], mistakes: list[Mistake]) -> Contract:
    """The contract of TOML that was read; `mistakes` are those already found elsewhere."""
    table, found = validated(ContractTable, source.value, source, ())
    listed = source.value.get("obligations")
    obligations, others = _obligations(listed if isinstance(listed, list) else [], source)
    calendars = source.value.get("calendars")
    found += others + _calendar_mistakes(calendars if isinstance(calendars, dict) else {}, source)
    found += _outside_the_term(listed if isinstance(listed, list) else [], source)
    found += _twice(
        ("fee", "changes"),
        [change.begins for change in table.fee.changes] if table else [],
        Sentence("a month that no other change begins with"),
        source,
    )
    found += _twice(
        ("score", "bands"),
        [band.at_least for band in table.score.bands] if table else [],
        Sentence("a score that no other band begins with"),
        source,
    )
    found += mistakes
    if found or table is None:
        raise ConfigError(found)
    return _made(table, obligations, days, source.sha256)


def _made(table: ContractTable, obligations: list[Clause], days: dict[date, bool], digest: str) -> Contract:
    measurement, maintenance = table.measurement, table.maintenance
    return Contract(
        contract=table.contract,
        title=table.title,
        timezone=table.timezone,
        customer=table.customer.model_dump(exclude_defaults=True),
        vendor=table.vendor.model_dump(exclude_defaults=True),
        term=table.term.made(),
        fee=table.fee.made(),
        calendars={name: each.made() for name, each in table.calendars.items()},
        measurement=Measurement(**dict(measurement)),
        maintenance=MaintenanceRule(**dict(maintenance)),
        obligations=tuple(obligations),
        bands=tuple(Band(at_least=b.at_least, grade=b.grade, pay=b.pay) for b in table.score.bands),
        unassessable=table.score.unassessable,
        public_days=days,
        keep_years=table.records.keep_years,
        sha256=digest,
    )


def _mistake(source: TomlSource, path: KeyPath, got: Sentence | str, wanted: Sentence, hint: str = "") -> Mistake:
    return Mistake(file=source.name, line=source.line(path), key=spelled(path), got=got, wanted=wanted, hint=hint)


def _obligations(listed: list[Any], source: TomlSource) -> tuple[list[Clause], list[Mistake]]:
    found: list[Clause] = []
    mistakes: list[Mistake] = []
    first_with: dict[str, int] = {}
    for number, value in enumerate(listed):
        at: KeyPath = ("obligations", number)
        kind = value.get("kind") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in CLAUSES:
            mistakes.append(_unknown_kind(source, at, value, kind))
            continue
        model, make = CLAUSES[kind]
        table, wrong = validated(model, value, source, at)
        mistakes += wrong
        if table is None:
            continue
        if first_with.setdefault(table.id, number) != number:
            other = source.line(("obligations", first_with[table.id], "id"))
            unlike = Sentence("an id of its own; line {line} has it", line=other)
            mistakes.append(_mistake(source, (*at, "id"), shown(table.id), unlike))
        found.append(clause_of(table, make, source.line(at)))
    return found, mistakes


def _outside_the_term(listed: list[Any], source: TomlSource) -> list[Mistake]:
    """Each clause that holds on no day of the contract's term, as far as both can be read."""
    whole, _ = validated(TermTable, source.value.get("term"), source, ("term",))
    found = []
    for number, value in enumerate(listed) if whole else ():
        at: KeyPath = ("obligations", number, "valid")
        said = value.get("valid") if isinstance(value, dict) else None
        own, _ = validated(ValidityTable, said, source, at)
        if whole and own and cut_to(whole.made(), own.made()) is None:
            days = Sentence("days of the term, {first} to {last}", first=whole.first, last=whole.last)
            found.append(_mistake(source, at, shown(said), days))
    return found


def _unknown_kind(source: TomlSource, at: KeyPath, value: Any, kind: Any) -> Mistake:
    if not isinstance(value, dict):
        return _mistake(source, at, shown(value), Sentence("a table"))
    kinds = Sentence("one of {names}", names=CLAUSES)
    got = NOTHING if kind is None else shown(kind)
    return _mistake(source, (*at, "kind"), got, kinds, nearest(kind, CLAUSES) if isinstance(kind, str) else "")


def _calendar_mistakes(calendars: dict[str, Any], source: TomlSource) -> list[Mistake]:
    found = []
    known = ["always", *calendars]
    if "always" in calendars:
        unlike = Sentence("another name; this one is built in")
        found.append(_mistake(source, ("calendars", "always"), shown("always"), unlike))
    listed = source.value.get("obligations")
    for number, value in enumerate(listed if isinstance(listed, list) else ()):
        name = value.get("calendar", "always") if isinstance(value, dict) else "always"
        if isinstance(name, str) and name not in known:
            text = Sentence("one of the calendars {names}", names=known)
            found.append(
                _mistake(source, ("obligations", number, "calendar"), shown(name), text, nearest(name, known))
            )
    return found


def _twice(at: KeyPath, starts: Sequence[Decimal | str], wanted: Sentence, source: TomlSource) -> list[Mistake]:
    """Each entry of the list `at` that has the `from` of an earlier one."""
    return [
        _mistake(source, (*at, n, "from"), shown(start), wanted)
        for n, start in enumerate(starts)
        if start in starts[:n]
    ]


def read_days(folder: Path) -> tuple[dict[date, bool], list[Mistake]]:
    """Official days that a centre adds or mends: every `*.csv` with the columns date, kind (holiday | workday)."""
    days: dict[date, bool] = {}
    mistakes: list[Mistake] = []
    for path in sorted(folder.glob("*.csv")) if folder.is_dir() else ():
        try:
            rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            mistakes.append(Mistake(file=str(path), line=1, key="", got=str(error), wanted=Sentence("CSV in UTF-8")))
            continue
        for line, row in enumerate(rows, 2):
            try:
                day, working = _day_of(row)
            except WantedError as error:
                mistakes.append(
                    Mistake(file=str(path), line=line, key="", got=shown(dict(row)), wanted=error.sentence)
                )
                continue
            if days.setdefault(day, working) != working:
                mistakes.append(
                    Mistake(
                        file=str(path), line=line, key="date", got=str(day), wanted=Sentence("one kind for each day")
                    )
                )
    return days, mistakes


def _day_of(row: dict[str, Any]) -> tuple[date, bool]:
    kind = (row.get("kind") or "").strip()
    if kind not in ("holiday", "workday"):
        raise WantedError("the columns date and kind, with kind holiday or workday")
    try:
        return date.fromisoformat((row.get("date") or "").strip()), kind == "workday"
    except ValueError:
        raise WantedError("a date like 2027-01-01") from None


__all__ = ["ConfigError", "contract_from", "read_contract", "read_days"]
