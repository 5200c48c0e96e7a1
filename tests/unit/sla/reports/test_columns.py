"""Cells of tables by their headings: for tests, so that no test knows the place of a column."""

from __future__ import annotations

import pytest

from sla.reports.layout.document import Figure, Grid
from tests.support.reports.columns import column, rows_by, texts

THREE_HOURS = Figure(text="3 h", value=3)
TABLE = Grid(columns=("Asset", "Down", "Together"), rows=(("cam", "1 h", "2 h"), ("link", THREE_HOURS, "–")))


def test_a_column_is_what_stands_under_its_heading():
    assert column(TABLE, "Down") == ["1 h", THREE_HOURS]
    assert texts(TABLE, "Down") == ["1 h", "3 h"]
    assert texts(TABLE, "Together") == ["2 h", "–"]


def test_a_row_is_found_by_what_stands_under_a_heading():
    assert rows_by(TABLE, "Asset")["link"] == {"Asset": "link", "Down": "3 h", "Together": "–"}


def test_a_heading_that_is_not_there_or_twice_is_named_with_those_that_are():
    with pytest.raises(AssertionError, match=r"no single column 'Up' among \['Asset', 'Down', 'Together'\]"):
        column(TABLE, "Up")
    with pytest.raises(AssertionError, match="no column 'Up'"):
        rows_by(TABLE, "Up")
    twice = Grid(columns=("Asset", "Asset"), rows=(("a", "b"),))
    with pytest.raises(AssertionError, match="no single column"):
        texts(twice, "Asset")


def test_a_row_that_comes_twice_is_no_row():
    with pytest.raises(AssertionError, match="two rows of 'cam'"):
        rows_by(Grid(columns=("Asset",), rows=(("cam",), ("cam",))), "Asset")
