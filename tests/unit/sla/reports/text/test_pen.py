"""What the pen of a report writes: text for people, and beside it the exact value for a spreadsheet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from config.text.figures import NONE
from sla.evidence.records import Asset
from sla.reports.text.pen import Pen
from tests.support.timelines import at, availability, contract, result


def pen(language="en"):
    return Pen(contract(), language)


def test_a_share_is_shown_and_kept_as_it_is_rounded():
    """99.999 % is shown as 99.99 %, and no spreadsheet can make 100 % of it again."""
    found = pen().share(Fraction(99_999, 100_000))
    assert (found.text, found.value, found.form) == ("99.99%", Fraction(9_999, 10_000), "share")
    upper = pen().share(Fraction(99_999, 100_000), up=True)
    assert (upper.text, upper.value) == ("100.00%", 1)
    assert pen().share(None) == NONE


def test_an_instant_is_shown_on_the_contract_s_clock_with_its_zone_kept():
    found = pen().at(at("10-01 08:00"))
    assert found.text == "2026-10-01 08:00:00"
    assert isinstance(found.value, datetime)
    assert found.value.isoformat() == "2026-10-01T08:00:00+08:00"
    assert pen().at(None) == pen().moment(None) == NONE


def test_money_days_counts_and_spans_keep_their_exact_value():
    assert (pen().money(Decimal("1234.50")).text, pen().money(Decimal("1234.50")).value) == (
        "1,234.50", Decimal("1234.50"),
    )  # fmt: skip
    assert pen().day(date(2026, 10, 1)).text == "2026-10-01"
    assert (pen().count(3).text, pen().count(3).value) == ("3", 3)
    assert (pen().span(90_500).text, pen().span(90_500).value) == ("1m 30s", 90_500)


@pytest.mark.parametrize(
    ("points", "text"), [("20", "20"), ("20.00", "20"), ("0.50", "0.5"), ("100", "100"), ("0", "0")]
)
def test_points_have_no_zeros_that_say_nothing(points, text):
    assert pen().points(Decimal(points)).text == text


@pytest.mark.parametrize(
    ("word", "certain", "text"),
    [
        ("met", True, "met"),
        ("met", None, "met"),
        ("met", False, "met (not certain)"),
        ("breached", False, "breached (not certain)"),
        ("pending", False, "pending"),
        ("not_assessable", False, "not assessable"),
    ],
)
def test_only_a_verdict_that_could_have_been_another_is_called_not_certain(word, certain, text):
    assert pen().verdict(word, is_certain=certain) == text


def test_points_lost_are_told_of_those_that_count():
    clause = availability(points="40")
    found = result(contract(clause), "asset cam camera\ncheck cam/x 1h\ncam/x 10-01 00:00 ok 11-01 00:00")
    assert pen().lost(found) == "0/40"
    assert pen().lost(replace(found, verdict="not_assessable")) == "not counted"
    assert pen().lost(replace(found, obligation=replace(clause, points=None))) == NONE


def test_an_asset_is_named_once_where_its_name_is_its_id():
    assert pen().asset(Asset(id="cam-1", kind="camera", name="")) == "cam-1"
    assert pen().asset(Asset(id="cam-1", kind="camera", name="cam-1")) == "cam-1"
    assert pen().asset(Asset(id="cam-1", kind="camera", name="门口")) == "cam-1 门口"


def test_of_many_names_the_first_few_are_told_and_how_many_more_there_are():
    names = ["a", "b", "c", "d", "e", "f", "g"]
    assert pen().several(names[:5]) == "a, b, c, d, e"
    assert pen().several(names) == "a, b, c, d, e and 2 more"
    assert pen().several(names, most=1) == "a and 6 more"
    assert pen().several([]) == NONE


def test_brackets_and_semicolons_are_those_of_the_language():
    assert (pen("zh").aside("x"), pen("en").aside("x")) == ("（x）", " (x)")
    assert (pen("zh").joined(["a", "b"]), pen("en").joined(["a", "b"])) == ("a；b", "a; b")
