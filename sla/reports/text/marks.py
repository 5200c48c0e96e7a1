"""A result's notes (SPEC §9) as sentences, and those of them that stand as marks on top of a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sla.reports.text.pen import Pen

    Notes = Iterable[Mapping[str, Any]]

PRACTICE = "PRACTICE: made-up data, of no consequence"
"""Stands on every paper that was made from a practice ledger."""

_MOST_IDS = 20
_SENTENCES = {
    "practice": PRACTICE,
    "unsigned": "Not signed by both parties yet: {ids}.",
    "disputed": "Signed by the two parties with different figures: {ids}.",
    "contract_changed": "Settled under a contract file that differs from this one: {ids}.",
    "changed": "Defined otherwise from some instant of this month on: {ids}.",
    "redefined": "Governed here by a definition that was recorded only later: {ids}.",
    "removed": "Went out of service in this month: {ids}.",
    "backdated": "Recorded later than it happened, and counted at the instant that it names: {ids}.",
    "imported": "{count} readings of this month come from another source or were recorded late: {ids}.",
    "corrected": "Taken back as a mistake by {by}: {ids}.",
    "too_late": "A ruling or approval came after its month was settled and is left without effect: {ids}.",
    "unknown_id": "Ids that nobody has defined, which count for nothing: {ids}.",
    "later": "{count} records are later than the instant that this is judged by, and are left out.",
    "calendar_not_official": "The official calendar of {year} was not known; working days were computed.",
}
"""What each note says; templates of the catalogue."""

_ON_TOP = frozenset(_SENTENCES) - {"unsigned", "changed", "removed", "later"}
"""Those that nobody who reads a figure below may overlook; the others are of every month and stand further down."""


def marks_of(notes: Notes, pen: Pen) -> tuple[str, ...]:
    """The notes that stand on top, in words and in their order; one that has no words here is shown as it is."""
    return tuple(
        _sentence_of(note, pen) for note in notes if note["note"] in _ON_TOP or note["note"] not in _SENTENCES
    )


def notes_text(notes: Notes, pen: Pen) -> tuple[str, ...]:
    """All notes in words, in their order; one that has no words here is shown as it is."""
    return tuple(_sentence_of(note, pen) for note in notes)


def _sentence_of(note: Mapping[str, Any], pen: Pen) -> str:
    template = _SENTENCES.get(note["note"])
    if template is None:
        return harmless(" ".join(f"{name}: {value}" for name, value in note.items()))
    return pen.say(template, **{name: _value(value, pen) for name, value in note.items() if name != "note"})


def _value(value: Any, pen: Pen) -> Any:
    return (
        pen.several([str(each) or pen.say("not named") for each in value], _MOST_IDS)
        if isinstance(value, list)
        else value
    )
