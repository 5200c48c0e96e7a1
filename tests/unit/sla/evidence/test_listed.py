"""Readings in memory: what is asked of them is what a plain list of them says."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.evidence.listed import ListedReadings
from sla.evidence.records import Reading
from sla.evidence.runs import RunsBuilder

ORDER = {"fail": 0, "ok": 1, "none": 2}
readings = st.lists(
    st.builds(
        Reading,
        check=st.sampled_from(["a", "b"]),
        at=st.integers(-50, 200),
        outcome=st.sampled_from(["ok", "fail", "none"]),
        reason=st.sampled_from(["", "timeout"]),
        metrics=st.dictionaries(st.sampled_from(["rtt_ms", "loss"]), st.integers(0, 9) | st.floats(0, 1), max_size=2),
    ),
    max_size=40,
)
instants = st.integers(-60, 210)


def listed(found):
    source = ListedReadings()
    for each in found:
        source.add(each)
    return source


def plain(found, check):
    """The check's readings by time, at one instant fail before ok before none, else as they were added."""
    return sorted((each for each in found if each.check == check), key=lambda each: (each.at, ORDER[each.outcome]))


@given(readings, instants, instants)
def test_samples_are_the_readings_of_a_span_in_order(found, begin, end):
    wanted = [each for each in plain(found, "a") if begin <= each.at < end]
    assert list(listed(found).samples("a", begin, end)) == wanted


@given(readings, st.integers(1, 60), instants)
def test_runs_are_those_of_the_outcomes_up_to_an_instant(found, gap, until):
    builder = RunsBuilder(gap)
    builder.extend((e.at, e.outcome == "ok") for e in plain(found, "a") if e.outcome != "none" and e.at <= until)
    assert listed(found).runs("a", gap, until) == builder.build()


@given(readings, st.sampled_from(["rtt_ms", "loss", "other"]), instants, instants)
def test_a_metric_is_read_of_every_outcome_of_a_span(found, name, begin, end):
    wanted = [each for each in plain(found, "a") if begin <= each.at < end and each.outcome != "none"]
    seen = listed(found).metric("a", name, begin, end)
    assert seen.ats.tolist() == [each.at for each in wanted]
    assert seen.oks.tolist() == [each.outcome == "ok" for each in wanted]
    for value, each in zip(seen.values.tolist(), wanted, strict=True):
        assert value == each.metrics[name] if name in each.metrics else math.isnan(value)


@given(readings)
def test_the_latest_is_that_of_any_check_and_outcome(found):
    assert listed(found).latest_at() == max((each.at for each in found), default=None)


@given(readings, readings)
def test_more_can_be_added_after_it_was_asked(first, second):
    source = listed(first)
    list(source.samples("a", -60, 210))
    source.runs("b", 5, 210)
    for each in second:
        source.add(each)
    for check in ("a", "b"):
        assert list(source.samples(check, -60, 210)) == plain([*first, *second], check)


@pytest.mark.parametrize("check", ["a", "never added"])
def test_a_check_without_readings_has_none(check):
    source = ListedReadings()
    assert list(source.samples(check, 0, 10)) == []
    assert source.runs(check, 5, 10).runs == ()
    assert source.metric(check, "rtt_ms", 0, 10).ats.tolist() == []
    assert source.latest_at() is None
