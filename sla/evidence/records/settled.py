"""`settled`: both parties signed a month (SPEC §9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from sla.evidence import values
from sla.evidence.keys import AT, BY, RecordKey
from sla.evidence.record_type import RecordType

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Both parties signed this month (SPEC §9); `month` is `YYYY-MM`."""

    record_type: ClassVar[str] = "settled"
    month: str
    payable: Decimal
    adjustment: Decimal
    at: int
    by: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


SETTLED = RecordType(
    record=Settled,
    keys={
        "month": RecordKey("month", values.month),
        "payable": RecordKey("payable", values.money, str),
        "adjustment": RecordKey("adjustment", values.money, str),
        "at": AT,
        "by": BY,
    },
    identity=("month", "at"),
    shown_as="settled record at one instant of month {month} at {at}",
)
