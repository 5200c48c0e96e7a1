"""Figures of an explanation: as people read them, exactly, and as JSON has them, in the same numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from sla.explain.model import Amount, At, Day, Length, Name, Number, Share, Word, say
from sla.reports.text.value_writer import ValueWriter, json_value
from tests.support.timelines import at

INSTANT = at("10-01 08:00")


@pytest.mark.parametrize(
    ("value", "shown", "written"),
    [
        (At(INSTANT), "2026-10-01 08:00:00", "2026-10-01T00:00:00Z"),
        (At(INSTANT + 5), "2026-10-01 08:00:00.005", "2026-10-01T00:00:00.005Z"),
        (At(None), "–", None),
        (Length(90_000), "1m 30s", 90),
        (Length(1_500), "1.5s", 1.5),
        (Length(Fraction(1, 2)), "0.0005s", 0.0005),
        (Share(Fraction(1, 3)), "33.3333…%", 1 / 3),
        (Share(Fraction(98, 100)), "98%", 0.98),
        (Share(None), "–", None),
        (Amount(Decimal("1234.50")), "1,234.50", "1234.50"),
        (Number(7), "7", 7),
        (Name("cam-1"), "cam-1", "cam-1"),
        (Day("2026-10-03"), "2026-10-03", "2026-10-03"),
    ],
)
def test_a_figure_is_the_same_for_people_and_for_programs(value, shown, written):
    writer = ValueWriter("en", "Asia/Shanghai")
    assert writer.figure(value) == shown
    assert json_value(value, writer) == written


def test_a_name_from_outside_is_harmless_for_people_and_untouched_for_programs():
    writer = ValueWriter("en", "UTC")
    assert "\n" not in writer.figure(Name("a\nb"))
    assert json_value(Name("a\nb"), writer) == "a\nb"


def test_a_name_is_never_translated_and_a_word_of_ours_is():
    writer = ValueWriter("zh", "UTC")
    assert writer.figure(Name("met")) == "met"
    assert writer.figure(Word("met")) == "合格"


def test_a_statement_is_filled_with_its_figures_in_the_language():
    statement = say("{value} ≥ {target}: met.", value=Share(Fraction(99, 100)), target=Share(Fraction(98, 100)))
    assert ValueWriter("en", "UTC").sentence(statement) == "99% ≥ 98%: met."
    chinese = ValueWriter("zh", "UTC").sentence(statement)
    assert chinese.startswith("99% ≥ 98%")
    assert "合格" in chinese


def test_a_name_that_looks_like_a_template_fills_nothing():
    statement = say("{id} {title}", id=Name("{title}"), title=Name("{0}"))
    assert ValueWriter("en", "UTC").sentence(statement) == "{title} {0}"


def test_a_statement_among_the_figures_is_told_in_words_in_json_too():
    writer = ValueWriter("zh", "UTC")
    assert json_value(say("carried"), writer) == writer.sentence(say("carried"))
