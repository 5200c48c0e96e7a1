"""Reads what is linted: a contract whose clauses may be incomplete, and the site or evidence around it.

The strict reader refuses a clause without a number, a unit or a kind. Here that is not a bad file but the very
finding that is looked for: such clauses are told, left out, and the rest of the contract is linted.
Everything else that the strict reader refuses makes the file a bad one (ConfigError).
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from config.input.mistakes import ConfigError, Mistake, shown
from config.input.toml_source import TomlSource, read_toml
from config.site.file import load
from config.text.sentence import Sentence
from sla.contract.file import contract_from, read_days
from sla.contract.tables.registry import CLAUSES
from sla.evidence.intervals import END
from sla.evidence.site_records import asset_of, check_of
from sla.explain.model import Name, say
from sla.history.known import known
from sla.lint.lint import linted
from sla.lint.subject import Finding, Subject, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from config.input.toml_source import KeyPath
    from sla.evidence.evidence import Evidence
    from sla.explain.model import Statement, Value
    from sla.lint.subject import Code

_PLACE = re.compile(r"obligations\[(\d+)\](?:\.(.*))?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NUMBERS = frozenset({"limit", "target", "share", "coverage", "percentile", "repeats", "due", "worst_day", "at"})
_UNITS = frozenset({"limit", "target", "share", "coverage", "worst_day", "grace", "within", "per", "per_started"})
_PERIODS = frozenset({"every", "within", "at"})


class Linted:
    """A contract file with everything found in it, in line order; `name` is how messages call the file."""

    def __init__(self, name: str, contract: str, findings: tuple[Finding, ...]) -> None:
        self.name = name
        self.contract = contract
        self.findings = findings


def lint_file(path: Path, around: Surroundings | None) -> Linted:
    """Lints a contract file. ConfigError where it is a bad file for other reasons than what is looked for."""
    source = read_toml(path)
    days, mistakes = read_days(path.parent / "calendars")
    listed = source.value.get("obligations")
    obligations: list[Any] = listed if isinstance(listed, list) else []
    try:
        contract_from(source, days, mistakes)
        wanting: dict[int, list[Finding]] = {}
    except ConfigError as error:
        wanting = _wanting(error, source, obligations)
    kept = [place for place in range(len(obligations)) if place not in wanting]
    rest = _Without(source, kept)
    contract = contract_from(rest, days, mistakes)
    found = [*linted(Subject(contract, rest.line, around)), *(each for some in wanting.values() for each in some)]
    if not obligations:
        statement = say("There is no obligation at all.")
        found.append(Finding(1, "", "no_measure", statement, say("Say what is promised as [[obligations]].")))
    return Linted(source.name, contract.contract, tuple(sorted(found, key=lambda each: (each.line, each.clause))))


class _Without(TomlSource):
    """A source less some obligations; lines stay those of the file."""

    def __init__(self, source: TomlSource, kept: list[int]) -> None:
        self.name = source.name
        self.sha256 = source.sha256
        listed = source.value.get("obligations")
        self.value = dict(source.value)
        if isinstance(listed, list):
            self.value["obligations"] = [listed[place] for place in kept]
        self._source = source
        self._kept = kept

    def line(self, path: KeyPath) -> int:
        if len(path) > 1 and path[0] == "obligations" and isinstance(path[1], int) and path[1] < len(self._kept):
            path = ("obligations", self._kept[path[1]], *path[2:])
        return self._source.line(path)


def _wanting(error: ConfigError, source: TomlSource, obligations: list[Any]) -> dict[int, list[Finding]]:
    """Place → what its clause lacks; ConfigError with the mistakes that are of another sort."""
    found: dict[int, list[Finding]] = defaultdict(list)
    others: list[Mistake] = []
    for mistake in error.mistakes:
        place = _PLACE.fullmatch(mistake.key)
        made = None
        if mistake.file == source.name and place is not None:
            number = int(place.group(1))
            made = _lack(mistake, obligations[number], place.group(2) or "")
        if made is None or place is None:
            others.append(mistake)
        else:
            found[int(place.group(1))].append(made)
    if others:
        raise ConfigError(others)
    return found


def _lack(mistake: Mistake, table: Any, key: str) -> Finding | None:
    """What a clause lacks by one mistake of the strict reader; None where it is simply written wrongly."""
    if not isinstance(table, dict):
        return None
    name = table.get("id") if isinstance(table.get("id"), str) else ""
    last = key.rpartition(".")[2]
    value = _value(table, key)
    for code, statement, mend in _judged(key, last, value, mistake):
        return Finding(mistake.line, str(name), code, statement, mend)
    return None


def _value(table: dict[str, Any], key: str) -> Any:
    for part in key.split("."):
        table = table.get(part) if isinstance(table, dict) else None  # type: ignore[assignment]
    return table


def _judged(key: str, last: str, value: Any, mistake: Mistake) -> Iterator[tuple[Code, Statement, Statement]]:
    named, got = Name(key), Name(shown(value))
    mend = say("Write it as {wanted}.", wanted=_wanted(mistake.wanted))
    if key == "kind":
        statement = (
            say("It says no kind: nothing tells how it is measured.")
            if value is None
            else say("{got} is no kind of measurement.", got=got)
        )
        yield (
            "no_measure",
            statement,
            say("Choose one: {wanted}.", wanted=Name(", ".join(CLAUSES))),
        )
    elif value is None and last in _PERIODS and mistake.code == "missing":
        yield (
            "no_period",
            say("It does not say {key}: over which time it is tested.", key=named),
            say("Say {key}.", key=named),
        )
    elif value is None and (last in _NUMBERS | {"metric", "stage"}) and mistake.code == "missing":
        yield (
            "no_number",
            say("It does not say {key}: there is nothing to test against.", key=named),
            say("Say {key}.", key=named),
        )
    elif last in _UNITS and _is_bare(value):
        yield "no_unit", say("{key} = {got} has no unit.", key=named, got=got), mend
    elif last in _NUMBERS and isinstance(value, str) and not re.search(r"\d", value):
        yield "no_number", say("{key} = {got} is no number.", key=named, got=got), mend
    elif last in ("deduct", "lose") and isinstance(value, dict):
        yield "no_consequence", say("{key} does not say what a breach costs.", key=named), mend
    elif not key and mistake.code == "limitless":
        yield "no_number", say("It says no limit that the metric has to keep."), mend


def _wanted(found: Sentence | str) -> Value:
    return found if isinstance(found, Sentence) else Name(found)


def _is_bare(value: Any) -> bool:
    if isinstance(value, str):
        return _NUMBER.fullmatch(value.strip()) is not None
    return (
        not isinstance(value, bool | dict | list) and value is not None and _NUMBER.fullmatch(str(value)) is not None
    )


class _AnyOptions(BaseModel):
    """A probe's options, unread: what a probe is asked is no matter here."""

    model_config = ConfigDict(extra="allow")


class _AnyProbe(dict[str, type[BaseModel]]):
    """Every probe kind; which ones there are the agent knows."""

    def get(self, _key: object, _default: object = None) -> type[BaseModel]:
        return _AnyOptions

    def __contains__(self, _key: object) -> bool:
        return True


def around_site(path: Path) -> Surroundings:
    """What a site file has to look at. ConfigError with its mistakes."""
    site = load(path, probe_options=_AnyProbe(), with_secrets=False)
    assets = {each.id: asset_of(each) for each in site.assets}
    checks = {each.id: check_of(each) for each in site.checks}
    tells = any(channel.party == "vendor" for channel in site.channels)
    return Surroundings(assets=assets, checks=checks, tells_vendor=tells)


def around_evidence(evidence: Evidence) -> Surroundings:
    """What a body of evidence looked at: all that it defines, by its newest id, as it is defined in the end."""
    found = known(evidence, None, END)
    return Surroundings(
        assets={name: history.latest for name, history in found.assets.items()},
        checks={name: history.latest for name, history in found.checks.items()},
    )
