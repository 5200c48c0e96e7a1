"""Instants, verdicts and names of reports in words; figures are spelled by `config.text.figures`."""

from __future__ import annotations

import pytest

from config.text.figures import NONE
from sla.reports.text.words import harmless, local_time, verdict
from tests.support.timelines import at


def test_instants_are_told_on_the_clock_of_the_contract():
    instant = at("10-01 08:00") + 250
    assert local_time("Asia/Shanghai")(instant) == "2026-10-01 08:00:00"
    assert local_time("UTC")(instant) == "2026-10-01 00:00:00"
    assert local_time("UTC")(None) == NONE


def test_both_hours_of_a_clock_that_is_set_back_are_told_alike():
    """New York sets its clocks back on 2026-11-01 at 06:00 UTC: 01:30 comes twice."""
    show = local_time("America/New_York")
    first = at("2026-11-01T01:30:00-04:00")
    assert show(first) == show(first + 3_600_000) == "2026-11-01 01:30:00"


@pytest.mark.parametrize(
    ("word", "chinese"), [("met", "合格"), ("breached", "不合格"), ("not_assessable", "无法判定")]
)
def test_verdicts_are_told_in_both_languages(word, chinese):
    assert verdict(word, "zh") == chinese
    assert verdict(word, "en") == word.replace("_", " ")


def test_a_name_from_outside_stays_on_one_line_and_is_cut_where_it_is_too_long():
    assert "\n" not in harmless("a\nb")
    assert "\u202e" not in harmless("a\u202eb")
    assert len(harmless("x" * 500)) == 120
    assert harmless("摄像机-01") == "摄像机-01"
