"""The facts of SPEC §1 and docs/obligations.md: one dataclass a record type, and the one table of them.

Every instant is a whole number of milliseconds since 1970-01-01T00:00:00Z. Records say what
somebody saw or said; nothing here is judged. A record never changes: a correction is a new one.
`extra` keeps the keys of a record that SPEC does not name, so that they survive import and export.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

Severity = Literal["critical", "major", "minor"]
OutcomeName = Literal["ok", "fail", "none"]
Cause = Literal["power", "third_party", "force_majeure", "customer", "planned"]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A thing that the contract covers. `behind`: each is needed; `behind_any`: one is enough."""

    id: str
    kind: str
    name: str = ""
    tags: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    behind_any: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """An asset seen by one probe. `interval_ms` is a whole number > 0."""

    id: str
    asset: str
    interval_ms: int
    severity: Severity = "major"
    counts: bool = True
    reach: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a check saw at one instant. `none` says nothing about the asset."""

    check: str
    at: int
    outcome: OutcomeName
    reason: str = ""
    metrics: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified:
    """An alert for the incident open then was delivered to the vendor."""

    check: str
    at: int
    channel: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """Somebody of the vendor took the incident on."""

    check: str
    at: int
    by: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """Somebody of the vendor stood before the asset."""

    check: str
    at: int
    by: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The vendor says that [begin, end) of this asset was not its fault."""

    id: str
    asset: str
    begin: int
    end: int
    cause: Cause
    by: str = ""
    at: int
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The customer's word on a claim; the last one stands."""

    claim: str
    accepted: bool
    by: str = ""
    at: int
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """Announced work on the assets in scope, [begin, end)."""

    id: str
    scope: Scope
    begin: int
    end: int
    announced_at: int
    approved: bool
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """A round: which assets somebody looked at for one plan (an obligation's id), and what he found."""

    id: str
    plan: str
    at: int
    by: str = ""
    covers: tuple[str, ...] = ()
    result: Literal["ok", "fault"] = "ok"
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A document came in for one plan (an obligation's id); `month` is the last one that it is about, `YYYY-MM`."""

    id: str
    plan: str
    month: str
    at: int
    by: str = ""
    sha256: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosed:
    """Somebody found that a part of the asset has to be replaced."""

    id: str
    asset: str
    at: int
    by: str = ""
    part: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """The part of a diagnosis was replaced, or for the time being (`temporary`) a spare was lent."""

    diagnosis: str
    at: int
    by: str = ""
    temporary: bool = False
    serial: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A person's score of one plan and month, `score` out of `of`, why, and the hash of what it rests on."""

    plan: str
    month: str
    score: Decimal
    of: Decimal
    reason: str
    sha256: str
    at: int
    by: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Both parties signed this month (SPEC §9); `month` is `YYYY-MM`."""

    month: str
    payable: Decimal
    adjustment: Decimal
    at: int
    by: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentEvent:
    """The agent started, stopped or saw its clock step; `details` are its further keys."""

    at: int
    event: str
    details: Mapping[str, Any] = field(default_factory=dict)


Record = (
    Asset
    | Check
    | Reading
    | Notified
    | Acknowledged
    | Arrived
    | Claim
    | Ruling
    | Maintenance
    | Inspection
    | Delivered
    | Diagnosed
    | Replaced
    | Scored
    | Settled
    | AgentEvent
)

RECORDS: Mapping[str, type] = {
    "asset": Asset,
    "check": Check,
    "reading": Reading,
    "notified": Notified,
    "acknowledged": Acknowledged,
    "arrived": Arrived,
    "claim": Claim,
    "ruling": Ruling,
    "maintenance": Maintenance,
    "inspection": Inspection,
    "delivered": Delivered,
    "diagnosed": Diagnosed,
    "replaced": Replaced,
    "scored": Scored,
    "settled": Settled,
    "agent": AgentEvent,
}
"""Record type as evidence files spell it → its dataclass: the one table."""
