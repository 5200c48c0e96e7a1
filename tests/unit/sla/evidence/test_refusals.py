"""Why evidence is refused: every problem with its line, in the reader's language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.input.mistakes import MalformedError, RefusalError
from config.text.sentence import Sentence, sentence_from_json
from sla.evidence.refusals import EvidenceError, Problem, about, cut_short, one_a_line, wrong

MISSING = Sentence("{key}: missing in this {kind}", key="severity", kind="check")
CIRCLE = Sentence("behind: a circle, {circle}", circle="a behind b behind a")


def test_every_problem_is_a_line_with_its_place_in_the_order_of_lines():
    error = EvidenceError("e.jsonl", [Problem(7, CIRCLE), Problem(2, MISSING)])
    assert [each.line for each in error.problems] == [2, 7]
    assert str(error) == (
        "e.jsonl:2: severity: missing in this check\ne.jsonl:7: behind: a circle, a behind b behind a"
    )
    assert error.source == "e.jsonl"


def test_it_is_said_in_the_readers_language():
    error = EvidenceError("e.jsonl", [Problem(7, CIRCLE), Problem(2, MISSING)])
    assert error.text("zh") == (
        "e.jsonl:2: severity：此 check 记录缺少该键\ne.jsonl:7: behind：成环，a behind b behind a"
    )


def test_problems_of_one_line_keep_their_order():
    error = EvidenceError("e", [Problem(1, MISSING), Problem(1, CIRCLE), Problem(1, MISSING)])
    assert [each.reason for each in error.problems] == [MISSING, CIRCLE, MISSING]


def test_it_is_a_refusal_that_a_socket_can_carry():
    error = EvidenceError("e", [Problem(n, MISSING) for n in range(1, 5)])
    assert isinstance(error, RefusalError)
    assert isinstance(error, ValueError)
    carried = sentence_from_json(error.sentence.as_json())
    assert carried.text("zh") == error.text("zh")
    assert carried.text() == str(error)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 2_000])
def test_any_number_of_problems_is_said_without_going_deep(count):
    error = EvidenceError("e", [Problem(n, MISSING) for n in range(count)])
    assert error.text("zh").splitlines() == [f"e:{n}: severity：此 check 记录缺少该键" for n in range(count)]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=40))
def test_sentences_one_a_line_keep_their_order(numbers):
    found = one_a_line([Sentence("at most {bound}", bound=each) for each in numbers])
    assert found.text().split("\n") == [f"at most {each}" for each in numbers]


@given(st.text(max_size=200))
def test_a_value_is_shown_on_one_readable_line(text):
    shown = cut_short(text)
    assert len(shown) <= 80
    assert shown == repr(text) or (shown.endswith("…") and repr(text).startswith(shown[:-1]))


def test_what_is_wrong_with_a_value_is_said_of_its_key():
    error = about("interval_s", wrong(0, "a number of seconds above 0"))
    assert isinstance(error, MalformedError)
    assert str(error) == "interval_s: got 0, wanted a number of seconds above 0"
    assert error.text("zh") == "interval_s：实为 0，应为 大于 0 的秒数"
    assert str(wrong("x", Sentence("one of {names}", names=["a", "b"]))) == "got 'x', wanted one of a, b"


def test_nothing_is_refused_without_a_reason():
    with pytest.raises(ValueError, match="without a reason"):
        EvidenceError("e.jsonl", [])
