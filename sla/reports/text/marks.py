"""The marks on top of a paper: what nobody who reads a figure below may overlook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sla.reports.text.pen import Pen

PRACTICE = "PRACTICE: made-up data, of no consequence"
"""Stands on every paper that was made from a practice ledger."""


def marks_of(notes: Iterable[Mapping[str, Any]], pen: Pen) -> tuple[str, ...]:
    """A judgement's notes in words, in their order; one that has no words here is shown as it is."""
    return tuple(_mark(note, pen) for note in notes)


def _mark(note: Mapping[str, Any], pen: Pen) -> str:
    if note["note"] == "practice":
        return pen.say(PRACTICE)
    if note["note"] == "calendar_not_official":
        text = "The official calendar of {year} was not known; working days were computed."
        return pen.say(text, year=note["year"])
    return harmless(" ".join(f"{name}: {value}" for name, value in note.items()))
