"""The marks on top of a paper: a judgement's notes in words."""

import pytest

from sla.reports.text.marks import marks_of, notes_text
from sla.reports.text.pen import Pen
from tests.support.timelines import availability, contract

NOTES = (
    {"note": "practice"},
    {"note": "calendar_not_official", "year": 2027},
    {"note": "of a later release", "why": "cam\u202e7"},
)


def test_notes_are_said_in_their_order_in_both_languages():
    made = contract(availability())
    english, chinese = (marks_of(NOTES[:2], Pen(made, language)) for language in ("en", "zh"))
    assert english == (
        "PRACTICE: made-up data, of no consequence",
        "The official calendar of 2027 was not known; working days were computed.",
    )
    assert ["演练" in chinese[0], "2027" in chinese[1]] == [True, True]
    assert not set(english) & set(chinese)


def test_a_note_that_has_no_words_is_shown_as_it_is_and_steers_nothing():
    assert marks_of(NOTES[2:], Pen(contract(availability()), "en")) == (r"note: of a later release why: cam\u202e7",)


def test_without_notes_there_is_no_mark():
    assert marks_of((), Pen(contract(availability()), "zh")) == ()


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ({"note": "unsigned", "ids": ["2026-08", "2026-09"]}, "Not signed by both parties yet: 2026-08, 2026-09."),
        ({"note": "disputed", "ids": ["2026-08"]}, "Signed by the two parties with different figures: 2026-08."),
        ({"note": "corrected", "ids": ["c1"], "by": ["", "李"]}, "Taken back as a mistake by not named, 李: c1."),
        (
            {"note": "imported", "ids": ["cam/x"], "count": 144},
            "144 readings of this month come from another source or were recorded late: cam/x.",
        ),
        (
            {"note": "later", "count": 3},
            "3 records are later than the instant that this is judged by, and are left out.",
        ),
    ],
)
def test_a_note_is_a_sentence_with_its_ids_and_counts(note, told):
    what = contract(availability())
    assert notes_text([note], Pen(what, "en")) == (told,)
    assert notes_text([note], Pen(what, "zh")) != (told,)


def test_many_ids_are_counted():
    (told,) = notes_text([{"note": "changed", "ids": [f"c{n}" for n in range(25)]}], Pen(contract(), "en"))
    assert told.endswith("c19 and 5 more.")


def test_what_is_of_every_month_stands_among_the_notes_and_not_on_top():
    notes = ({"note": "unsigned", "ids": ["2026-09"]}, {"note": "too_late", "ids": ["c1"]})
    pen = Pen(contract(availability()), "en")
    assert [each in marks_of(notes, pen) for each in notes_text(notes, pen)] == [False, True]
