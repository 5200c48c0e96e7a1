"""The marks on top of a paper: a judgement's notes in words."""

from sla.reports.text.marks import marks_of
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
