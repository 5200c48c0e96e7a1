"""Explanations of a camera's month, from evidence as short text."""

from __future__ import annotations

from sla.explain.explain import explained
from sla.judge.judge import judge_analysis
from sla.measure.analysis import Analysis
from sla.reports.text.explain_text import document_of
from tests.property.test_explanations import wrong
from tests.support.timelines import at, evidence

CAM = "asset cam camera\ncheck cam/icmp 10m critical\n"
OUTAGE = CAM + "cam/icmp 10-01 00:00 ok 10-02 08:00 fail 12:00 ok 10-03 00:00\n"


def analysis_of(what, said, as_of="10-03 00:00"):
    return Analysis(what, evidence(said, what.timezone), at(as_of, what.timezone))


def explained_as(name, what, said, month="2026-10", as_of="10-03 00:00"):
    analysis = analysis_of(what, said, as_of)
    judgement = judge_analysis(analysis, month)
    assert wrong(analysis, judgement) == {}
    return explained(analysis, judgement, name)


def text_of(name, what, said, month="2026-10", as_of="10-03 00:00"):
    analysis = analysis_of(what, said, as_of)
    judgement = judge_analysis(analysis, month)
    document = document_of(explained(analysis, judgement, name), judgement, "en")
    cells = [str(cell) for block in document.blocks for row in getattr(block, "rows", ()) for cell in row]
    return " ".join([*(getattr(block, "text", "") for block in document.blocks), *cells])
