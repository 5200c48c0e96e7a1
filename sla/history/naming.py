"""Every asset and check under its newest name, in whatever record names it (SPEC §1)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sla.evidence.records import Maintenance
from sla.evidence.records.registry import type_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sla.history.names import Lines

_DEFINED = ("asset", "check")


class Naming:
    """Renames ids, and gathers those that no known definition has."""

    def __init__(self, lines: Mapping[str, Lines]) -> None:
        """`lines`: of assets and of checks, which ids are one."""
        self.lines = lines
        self.unknown: set[str] = set()

    def is_known(self, kind: str, name: str) -> bool:
        """Whether a definition of that type ("asset", "check") has the id."""
        return name in self.lines[kind].newest

    def newest(self, kind: str, name: str) -> str:
        """What that asset or check is called now; the id itself where nobody defined it."""
        return self.lines[kind].newest.get(name, name)

    def all_named(self, records: Iterable[Any]) -> tuple[Any, ...]:
        """The records under newest names, without those about something that nobody defined."""
        return tuple(one for each in records if (one := self.named(each)) is not None)

    def named(self, record: Any) -> Any | None:
        """The record under newest names; None if what it is about nobody defined.

        Of several names (`covers`, `behind`) only those that nobody defined are left out.
        """
        changed: dict[str, Any] = {}
        if record.record_type in _DEFINED:
            self._note(record.record_type, getattr(record, "replaces", None))
        for key in type_of(record).keys.values():
            if key.refers_to not in _DEFINED or key.name == "replaces":
                continue
            value = getattr(record, key.name)
            if isinstance(value, tuple):
                names = self._names(key.refers_to, value)
                if names != value:
                    changed[key.name] = names
                continue
            if not self.is_known(key.refers_to, value):
                self.unknown.add(value)
                return None
            if self.newest(key.refers_to, value) != value:
                changed[key.name] = self.newest(key.refers_to, value)
        if isinstance(record, Maintenance) and record.scope.ids is not None:
            changed["scope"] = replace(
                record.scope, ids=tuple(self.newest("asset", each) for each in record.scope.ids)
            )
        return replace(record, **changed) if changed else record

    def _note(self, kind: str, name: str | None) -> None:
        """Remember an id that nobody defined, where one is named."""
        if name is not None and not self.is_known(kind, name):
            self.unknown.add(name)

    def _names(self, kind: str, names: tuple[str, ...]) -> tuple[str, ...]:
        known = [name for name in names if self.is_known(kind, name)]
        self.unknown.update(set(names) - set(known))
        return tuple(dict.fromkeys(self.newest(kind, name) for name in known))
