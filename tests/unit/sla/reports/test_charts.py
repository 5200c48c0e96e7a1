"""Charts: well-formed drawings in which no name can mean anything, told apart without colour."""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest

from sla.reports.layout import charts

HOSTILE = "</text><script>alert(1)</script>&\"'"


def parsed(drawing):
    return ET.fromstring(drawing)  # noqa: S314 - drawn by us, a line above


def test_names_are_escaped():
    drawing = charts.heat_map([(HOSTILE, [0, 1])], ["1", "2"], [(0, HOSTILE)])
    assert "<script" not in drawing
    assert any("alert" in (each.text or "") for each in parsed(drawing).iter())


def test_drawings_have_no_link_script_or_style():
    dots = [charts.Dot("1", Fraction(1, 2), Fraction(1, 3), Fraction(2, 3)), charts.Dot("2", None, None, None)]
    for drawing in (
        charts.share_of_days(dots, Fraction(98, 100), "98%"),
        charts.heat_map([("a", [0, charts.HATCHED, charts.EMPTY, 4])], list("1234"), [(4, "x")]),
        charts.inspection_calendar(
            [charts.RoundMark(1, 3, "done", True)], list("1234567"), [("late", "x"), ("!", "y")]
        ),
    ):
        tags = {each.tag.rpartition("}")[2] for each in parsed(drawing).iter()}
        assert tags <= {"svg", "text", "path", "circle"}
        assert "href" not in drawing


@pytest.mark.parametrize(
    ("lowest", "floor"),
    [(Fraction(9995, 10_000), 9_990), (Fraction(96, 100), 9_500), (Fraction(1, 2), 5_000), (Fraction(0), 0)],
)
def test_the_axis_begins_below_everything_shown(lowest, floor):
    assert charts._floor_of([lowest, Fraction(1)]) == floor


def test_every_shade_of_a_heat_map_is_a_grey_of_its_own():
    assert len(set(charts.SHADES)) == len(charts.SHADES)
    assert all(len(set(shade[1:])) == 1 for shade in charts.SHADES)


def test_signs_of_verdicts_differ_by_shape():
    drawn = {charts.mark(verdict, 10, 10) for verdict in ("done", "late", "missed", "pending")}
    assert len(drawn) == 4


def test_cells_of_one_shade_are_one_area():
    drawing = charts.heat_map([("a", [4] * 31)], [str(n) for n in range(31)], [])
    assert drawing.count('fill="#000"') == 1
    assert drawing.count('z"') == 1


@pytest.mark.parametrize(
    ("text", "shown"), [("short", "short"), ("a" * 30, "a" * 21 + "…"), ("很" * 20, "很" * 10 + "…")]
)
def test_labels_keep_to_their_place(text, shown):
    assert charts.shortened(text) == shown


def test_a_month_that_ends_on_sunday_has_no_empty_row():
    days = [charts.RoundMark(day, (day - 1) % 7, "done", is_contradicted=False) for day in range(1, 29)]
    height = float(parsed(charts.inspection_calendar(days, list("1234567"), [])).get("height"))
    assert height == 12 + 4 * 24 + 22
