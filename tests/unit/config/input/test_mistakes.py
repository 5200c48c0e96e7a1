"""Mistakes and refusals carry their sentence; the language is chosen by whoever shows them."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.input.mistakes import (
    NOTHING,
    ConfigError,
    MalformedError,
    Mistake,
    RefusalError,
    WantedError,
    nearest,
    reason_of,
    shown,
)
from config.input.usage import UsageError
from config.text.sentence import Sentence

WHOLE = Sentence("a whole number")


def mistake(**keys):
    return Mistake(**{"file": "f.toml", "line": 3, "key": "a.b", "got": "x", "wanted": WHOLE, **keys})


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
    assert reason_of(ValueError("{brace")).text("zh") == "{brace"


def test_there_is_one_usage_error_and_it_is_no_value_error():
    assert issubclass(UsageError, RefusalError)
    assert not issubclass(UsageError, ValueError)


@pytest.mark.parametrize(
    ("keys", "english", "chinese"),
    [
        ({}, "f.toml:3: a.b: got x, wanted a whole number", "f.toml:3: a.b: 实为 x, 应为 整数"),
        ({"key": ""}, "f.toml:3: got x, wanted a whole number", "f.toml:3: 实为 x, 应为 整数"),
        ({"line": 0, "key": ""}, "f.toml: got x, wanted a whole number", "f.toml: 实为 x, 应为 整数"),
        ({"got": ""}, "f.toml:3: a.b: wanted a whole number", "f.toml:3: a.b: 应为 整数"),
        (
            {"got": NOTHING},
            "f.toml:3: a.b: got nothing, wanted a whole number",
            "f.toml:3: a.b: 实为 空缺, 应为 整数",
        ),
        ({"wanted": ""}, "f.toml:3: a.b: got x", "f.toml:3: a.b: 实为 x"),
        ({"wanted": "TOML"}, "f.toml:3: a.b: got x, wanted TOML", "f.toml:3: a.b: 实为 x, 应为 TOML"),
        (
            {"hint": '"c"'},
            'f.toml:3: a.b: got x, wanted a whole number; did you mean "c"?',
            'f.toml:3: a.b: 实为 x, 应为 整数; 是否想写 "c"?',
        ),
    ],
)
def test_a_mistake_is_one_line(keys, english, chinese):
    assert mistake(**keys).text() == english
    assert mistake(**keys).text("zh") == chinese


@pytest.mark.parametrize("found", ["nothing", "this key", "a whole number", "an unknown key", "{names}", "got {got}"])
def test_what_stands_in_the_file_is_never_translated(found):
    assert mistake(got=found).text("zh") == f"f.toml:3: a.b: 实为 {found}, 应为 整数"


def test_a_mistake_cannot_change_and_two_that_say_the_same_are_one():
    assert len({mistake(), mistake()}) == 1
    with pytest.raises(FrozenInstanceError):
        mistake().line = 4


def test_all_mistakes_of_a_file_come_at_once_in_the_order_of_its_lines():
    later, first, again = mistake(line=9), mistake(line=2, got=NOTHING), mistake(line=2, got=NOTHING)
    error = ConfigError([later, first, again])
    assert error.mistakes == (first, later)
    assert str(error) == f"{first.text()}\n{later.text()}"
    assert error.text("zh") == f"{first.text('zh')}\n{later.text('zh')}"
    assert isinstance(error, RefusalError)
    assert isinstance(error, ValueError)


PART = st.one_of(st.text(max_size=3), st.sampled_from([NOTHING, WHOLE, Sentence("one of {names}", names=["a"])]))
MISTAKES = st.builds(
    Mistake,
    file=st.sampled_from(["a", "b"]),
    line=st.integers(0, 3),
    key=st.sampled_from(["", "k"]),
    got=PART,
    wanted=PART,
    code=st.sampled_from(["wrong", "missing"]),
)


@given(st.lists(MISTAKES, max_size=6))
def test_law_the_order_in_which_mistakes_are_found_is_of_no_matter(found):
    one, other = ConfigError(found), ConfigError(found[::-1])
    assert one.text() == other.text()
    assert one.text("zh") == other.text("zh")
    assert [(each.file, each.line) for each in one.mistakes] == sorted(
        (each.file, each.line) for each in one.mistakes
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", '"x"'),
        (True, "true"),
        (3, "3"),
        ([1, "a", False], '[1, "a", false]'),
        ({"a": 1, "b": "c"}, '{ a = 1, b = "c" }'),
        ("a\nb", '"a\\x0ab"'),
        ("x" * 100, '"' + "x" * 78 + "…"),
    ],
)
def test_a_value_is_quoted_as_the_file_spells_it(value, text):
    assert shown(value) == text


@given(
    st.recursive(
        st.one_of(st.text(), st.integers(), st.booleans()),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_law_what_is_quoted_is_one_short_line_without_control_characters(value):
    found = shown(value)
    assert len(found) <= 80
    assert not any(category(each) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for each in found)


@pytest.mark.parametrize(
    ("name", "found"), [("intervall", '"interval"'), ("interval", '"interval"'), ("zzz", ""), ("", "")]
)
def test_the_nearest_name_is_quoted_or_there_is_none(name, found):
    assert nearest(name, {"interval", "timeout"}) == found
