"""`settled`: one party signed a month (SPEC §9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

from sla.evidence import values
from sla.evidence.keys import AT, BY, RecordKey
from sla.evidence.record_type import RecordType

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

Party = Literal["customer", "vendor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """One party signed this month (`YYYY-MM`) with these amounts (SPEC §9).

    `contract`: SHA-256 of the contract file that it signed under, empty where that is not told.
    """

    record_type: ClassVar[str] = "settled"
    month: str
    payable: Decimal
    adjustment: Decimal
    at: int
    by: str = ""
    party: Party
    contract: str = ""
    recorded_at: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


SETTLED = RecordType(
    record=Settled,
    keys={
        "month": RecordKey("month", values.month),
        "payable": RecordKey("payable", values.money, str),
        "adjustment": RecordKey("adjustment", values.money, str),
        "at": AT,
        "by": BY,
        "party": RecordKey("party", values.word(*get_args(Party))),
        "contract": RecordKey("contract", values.sha256_if_any),
    },
    unique_at=("month", "party"),
    shown_as="settled record of {party} at one instant of month {month}",
)
