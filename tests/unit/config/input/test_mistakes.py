"""Refusals carry their sentence; the language is chosen by whoever shows them."""

from __future__ import annotations

import pytest

from config.input.mistakes import MalformedError, RefusalError, WantedError, reason_of
from config.text.sentence import Sentence


def test_a_refusal_is_told_in_the_language_of_the_person_and_is_english_to_programs():
    error = RefusalError("one of {names}", names=["a", "b"])
    assert str(error) == error.text() == error.text("en") == "one of a, b"
    assert error.text("zh") == "下列之一：a, b"
    assert error.sentence == Sentence("one of {names}", names=("a", "b"))


def test_a_refusal_takes_over_a_sentence_that_was_made_before():
    told = Sentence("this key")
    assert RefusalError(told).sentence is told


def test_what_is_wanted_of_a_value_is_a_value_error():
    with pytest.raises(ValueError, match="a whole number"):
        raise WantedError("a whole number")


def test_a_sentence_with_a_hole_is_a_fault_of_ours():
    with pytest.raises(TypeError):
        RefusalError("one of {names}")


def test_the_reason_of_an_error_is_its_sentence_and_of_a_stranger_s_what_it_says():
    assert reason_of(MalformedError("this key")).text("zh") == "此键"
    assert reason_of(ValueError("this key")).text("zh") == "this key"
