"""The one table of kinds of clause: how a contract file spells a kind → its table, and the clause that it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sla.contract.clauses.availability import AvailabilityClause
from sla.contract.clauses.inspection import InspectionClause
from sla.contract.clauses.manual import ManualClause
from sla.contract.clauses.online import OnlineClause
from sla.contract.clauses.quality import QualityClause
from sla.contract.clauses.repair import RepairClause
from sla.contract.clauses.repeat import RepeatClause
from sla.contract.clauses.replace import ReplaceClause
from sla.contract.clauses.report import ReportClause
from sla.contract.tables.availability import AvailabilityTable
from sla.contract.tables.inspection import InspectionTable
from sla.contract.tables.manual import ManualTable
from sla.contract.tables.online import OnlineTable
from sla.contract.tables.quality import QualityTable
from sla.contract.tables.repair import RepairTable
from sla.contract.tables.repeat import RepeatTable
from sla.contract.tables.replace import ReplaceTable
from sla.contract.tables.report import ReportTable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sla.contract.clause import Clause
    from sla.contract.clause_table import ClauseTable


class ClauseKind(NamedTuple):
    """The model of a kind's table in a contract file, and the clause that it makes."""

    table: type[ClauseTable]
    clause: type[Clause]


CLAUSES: Mapping[str, ClauseKind] = {
    "availability": ClauseKind(AvailabilityTable, AvailabilityClause),
    "repair": ClauseKind(RepairTable, RepairClause),
    "inspection": ClauseKind(InspectionTable, InspectionClause),
    "quality": ClauseKind(QualityTable, QualityClause),
    "repeat": ClauseKind(RepeatTable, RepeatClause),
    "online": ClauseKind(OnlineTable, OnlineClause),
    "report": ClauseKind(ReportTable, ReportClause),
    "replace": ClauseKind(ReplaceTable, ReplaceClause),
    "manual": ClauseKind(ManualTable, ManualClause),
}
"""In the order in which mistakes name them."""
