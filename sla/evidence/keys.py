"""One key of a record in JSON: how it is read and written, and what it points to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sla.evidence import values
from sla.evidence.instants import format_instant

if TYPE_CHECKING:
    from collections.abc import Callable


class RecordKey(NamedTuple):
    """How one key of a record is read and written.

    `name`: the record's attribute. `refers_to`: the type of record whose id the value is (a tuple of ids: each
    of them); it must be in the same evidence. `is_required`: malformed without it although the attribute has a
    default; an attribute without a default is required anyway.
    """

    name: str
    read: Callable[[Any], Any]
    write: Callable[[Any], Any] = lambda value: value
    refers_to: str = ""
    is_required: bool = False


ID = RecordKey("id", values.name)
AT = RecordKey("at", values.instant, format_instant)
BY = RecordKey("by", values.text)
RECORDED = RecordKey("recorded_at", values.instant, format_instant)
"""The stamp of the ledger that took the record in; every type of record may carry it."""
SPAN = {
    "from": RecordKey("begin", values.instant, format_instant),
    "to": RecordKey("end", values.instant, format_instant),
}
"""A half-open span [from, to)."""
