"""The facts of SPEC §1 and docs/obligations.md: one file a record type, and `registry` with the one table of them.

Every instant is a whole number of milliseconds since 1970-01-01T00:00:00Z. Records say what
somebody saw or said; nothing here is judged. A record never changes: a correction is a new one.
`extra` keeps the keys of a record that SPEC does not name, so that they survive import and export.
"""

from sla.evidence.record_type import Record
from sla.evidence.records.acknowledged import Acknowledged
from sla.evidence.records.agent import AgentEvent
from sla.evidence.records.approved import Approved
from sla.evidence.records.arrived import Arrived
from sla.evidence.records.asset import Asset
from sla.evidence.records.check import Check, Severity
from sla.evidence.records.claim import Cause, Claim
from sla.evidence.records.corrected import Corrected
from sla.evidence.records.delivered import Delivered
from sla.evidence.records.diagnosed import Diagnosed
from sla.evidence.records.inspection import Inspection
from sla.evidence.records.maintenance import Maintenance
from sla.evidence.records.notified import Notified
from sla.evidence.records.reading import OutcomeName, Reading
from sla.evidence.records.registry import RECORDS
from sla.evidence.records.replaced import Replaced
from sla.evidence.records.ruling import Ruling
from sla.evidence.records.scope import Scope
from sla.evidence.records.scored import Scored
from sla.evidence.records.settled import Party, Settled

__all__ = [
    "RECORDS",
    "Acknowledged",
    "AgentEvent",
    "Approved",
    "Arrived",
    "Asset",
    "Cause",
    "Check",
    "Claim",
    "Corrected",
    "Delivered",
    "Diagnosed",
    "Inspection",
    "Maintenance",
    "Notified",
    "OutcomeName",
    "Party",
    "Reading",
    "Record",
    "Replaced",
    "Ruling",
    "Scope",
    "Scored",
    "Settled",
    "Severity",
]
