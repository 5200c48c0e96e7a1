"""An item of a signed month in a line, kind by kind: its verdict and its figures, in the report's language."""

from __future__ import annotations

import pytest

from sla.obligations.availability import AvailabilityItem
from sla.obligations.inspection import InspectionItem
from sla.reports.monthly.registry import EVIDENCE
from sla.reports.text.pen import Pen
from tests.support.timelines import HOUR, contract
from tests.unit.sla.reports.test_monthly_kinds import december

PENS = {language: Pen(contract(), language) for language in ("en", "zh")}


def summary(kind, item, language="en"):
    return EVIDENCE[kind].summary(item, PENS[language])


def test_times_of_an_asset_are_told_as_time():
    item = AvailabilityItem(
        asset="cam", verdict="met", value=None, low=None, high=None, coverage=None, certain=None,
        up=3 * HOUR, down=0, changing=1500, unknown=HOUR,
    )  # fmt: skip
    assert summary("availability", item) == "met Up 3h Down 0s Changing 1s Unknown 1h"


def test_a_round_is_told_by_what_it_covered():
    item = InspectionItem(
        begin=0, end=1, verdict="missed", covered=3, required=4, contradicted=(), uncovered=("a",), rounds=()
    )
    assert summary("inspection", item) == "missed 3/4"


@pytest.mark.parametrize("kind", sorted(EVIDENCE))
def test_a_summary_begins_with_the_verdict_in_either_language(kind):
    for result in december().judgement.obligations:
        if result.obligation.kind == kind:
            for item in result.items:
                for language, pen in PENS.items():
                    told = summary(kind, item, language).removeprefix(f"{pen.say('carried')} ")
                    assert told.startswith(pen.verdict(item.verdict))


def test_a_document_is_told_by_its_verdict_and_a_score_by_its_points():
    by_kind = {each.obligation.kind: each for each in december().judgement.obligations}
    assert summary("report", by_kind["report"].items[0]) == "late"
    assert summary("manual", by_kind["manual"].items[0]).endswith(" 88.5/100")


def test_what_is_billed_is_told_with_its_deduction():
    found = [each for each in december().judgement.obligations if each.obligation.kind == "replace"]
    assert "breached 150.00" in {summary("replace", item) for result in found for item in result.items}
