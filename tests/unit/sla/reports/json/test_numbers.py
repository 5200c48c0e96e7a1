"""Figures as SPEC §0 and §10 write them in JSON."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.evidence.instants import parse_instant
from sla.reports.json.numbers import instant, number, seconds, share


@pytest.mark.parametrize(
    ("milliseconds", "written"), [(0, 0), (1000, 1), (1500, 1.5), (1, 0.001), (Fraction(1, 2), 0.0005), (-2000, -2)]
)
def test_a_duration_is_in_seconds_and_whole_ones_have_no_decimals(milliseconds, written):
    assert seconds(milliseconds) == written
    assert isinstance(seconds(milliseconds), int) == (milliseconds % 1000 == 0)


def test_a_share_is_the_float_nearest_to_it_and_none_is_null():
    assert share(Fraction(1, 3)) == 1 / 3
    assert share(None) is instant(None) is number(None) is None


@given(st.integers(min_value=0, max_value=4_102_444_800_000))
def test_an_instant_that_was_written_is_read_again(at):
    written = instant(at)
    assert written is not None
    assert parse_instant(written) == at


@pytest.mark.parametrize(("exact", "written"), [("20", 20), ("42.50", 42.5), ("1E+2", 100), ("-0.5", -0.5)])
def test_a_whole_figure_of_a_metric_has_no_decimals(exact, written):
    found = number(Decimal(exact))
    assert found == written
    assert type(found) is type(written)
