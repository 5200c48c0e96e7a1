"""Which assets a clause or a maintenance is about (SPEC §5), and its JSON object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from config.text.sentence import Sentence
from sla.evidence import values
from sla.evidence.refusals import wrong

if TYPE_CHECKING:
    from sla.evidence.records.asset import Asset
    from sla.evidence.records.check import Check

SCOPE_KEYS = ("kind", "ids", "tags", "severity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which assets (and, for repair, which severities) a clause or a maintenance is about (SPEC §5).

    None means "not given"; all given ones must hold, any value of one is enough.
    """

    kind: tuple[str, ...] | None = None
    ids: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    severity: tuple[str, ...] | None = None

    def holds_asset(self, asset: Asset) -> bool:
        """Whether the asset is in scope; `severity` speaks of checks and is not asked here."""
        return (
            (self.kind is None or asset.kind in self.kind)
            and (self.ids is None or asset.id in self.ids)
            and (self.tags is None or any(tag in self.tags for tag in asset.tags))
        )

    def holds_check(self, asset: Asset, check: Check) -> bool:
        """Whether a check of that asset is in scope, its severity included."""
        return self.holds_asset(asset) and (self.severity is None or check.severity in self.severity)


def scope_from_json(value: Any) -> Scope:
    """A scope object: each key one value or a list of them; unknown keys are refused."""
    if not isinstance(value, dict):
        raise wrong(value, Sentence("an object of {names}", names=SCOPE_KEYS))
    unknown = [key for key in value if key not in SCOPE_KEYS]
    if unknown:
        raise wrong(unknown[0], Sentence("a scope key: {names}", names=SCOPE_KEYS))
    return Scope(**{key: values.one_or_more(one) for key, one in value.items()})


def scope_to_json(scope: Scope) -> dict[str, list[str]]:
    """The given keys of a scope, each as a list."""
    given = {key: getattr(scope, key) for key in SCOPE_KEYS}
    return {key: list(wanted) for key, wanted in given.items() if wanted is not None}
