"""The one table of record types, in the order in which they are listed to people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.evidence.records.acknowledged import ACKNOWLEDGED
from sla.evidence.records.agent import AGENT
from sla.evidence.records.approved import APPROVED
from sla.evidence.records.arrived import ARRIVED
from sla.evidence.records.asset import ASSET
from sla.evidence.records.check import CHECK
from sla.evidence.records.claim import CLAIM
from sla.evidence.records.corrected import CORRECTED
from sla.evidence.records.delivered import DELIVERED
from sla.evidence.records.diagnosed import DIAGNOSED
from sla.evidence.records.inspection import INSPECTION
from sla.evidence.records.maintenance import MAINTENANCE
from sla.evidence.records.notified import NOTIFIED
from sla.evidence.records.reading import READING
from sla.evidence.records.replaced import REPLACED
from sla.evidence.records.ruling import RULING
from sla.evidence.records.scored import SCORED
from sla.evidence.records.settled import SETTLED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sla.evidence.record_type import Record, RecordType

RECORDS: Mapping[str, RecordType[Any]] = {
    each.name: each
    for each in (
        ASSET,
        CHECK,
        READING,
        NOTIFIED,
        ACKNOWLEDGED,
        ARRIVED,
        CLAIM,
        RULING,
        MAINTENANCE,
        APPROVED,
        INSPECTION,
        DELIVERED,
        DIAGNOSED,
        REPLACED,
        SCORED,
        SETTLED,
        CORRECTED,
        AGENT,
    )
}
"""Record type as evidence files spell it → all that is known of it."""


def type_of(record: Record) -> RecordType[Any]:
    """The row of `RECORDS` for the type of this record. KeyError where the table has none."""
    return RECORDS[record.record_type]
