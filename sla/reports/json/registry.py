"""The one table of how obligation kinds are written as JSON: kind as a contract spells it → its writers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.reports.json.kinds import availability, inspection, manual, online, quality, repair, repeat, replace, report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sla.reports.json.kind import KindJson

WRITERS: Mapping[str, KindJson] = {
    "availability": availability.WRITER,
    "repair": repair.WRITER,
    "inspection": inspection.WRITER,
    "quality": quality.WRITER,
    "repeat": repeat.WRITER,
    "online": online.WRITER,
    "report": report.WRITER,
    "replace": replace.WRITER,
    "manual": manual.WRITER,
}
