"""Sentences as values: nothing is lost on the way, and data is never taken for words of ours."""

from __future__ import annotations

import copy
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.text.i18n import in_language
from config.text.sentence import Sentence, listed, sentence_from_json, text_of, verbatim

NAMES = st.sampled_from(["names", "reason", "key", "got", "wanted", "line"])
DATA = st.one_of(
    st.text(),
    st.integers(),
    st.sampled_from(["nothing", "this key", "{names}", "{", "}}", "%s", "none", "a whole number", "got {got}"]),
)
WORDS = st.text(alphabet=st.characters(exclude_characters="{}"), max_size=12)
"""What stands between the places of a template; a template with other braces is none."""


@st.composite
def sentences(draw, values=DATA):
    names = draw(st.lists(NAMES, unique=True, max_size=4))
    parts = [draw(WORDS) + "{" + name + "}" for name in names]
    return Sentence("".join(parts) + draw(WORDS), **{name: draw(values) for name in names})


NESTED = st.recursive(sentences(), lambda inner: sentences(st.one_of(DATA, inner, st.lists(inner, max_size=3))))


def test_english_is_the_template_itself_with_its_values_filled_in():
    told = Sentence("one of {names}", names=["always", "office"])
    assert told.text("en") == told.text() == str(told) == "one of always, office"
    assert told.text("zh") == "下列之一：always, office"


def test_a_nested_sentence_is_translated_and_data_is_not():
    wanted = Sentence("a whole number")
    told = Sentence("{key}: got {got}, wanted {wanted}", key="at", got="a whole number", wanted=wanted)
    assert told.text("en") == "at: got a whole number, wanted a whole number"
    assert told.text("zh") == "at：实为 a whole number，应为 整数"


def test_sentences_in_a_list_are_translated_each():
    told = Sentence("one of {names}", names=[Sentence("nothing"), "nothing", Sentence("this key")])
    assert told.text("zh") == "下列之一：空缺, nothing, 此键"


def test_what_the_catalogue_does_not_have_stays_english():
    assert Sentence("nobody wrote {this}", this="x").text("zh") == "nobody wrote x"
    assert Sentence("").text("zh") == ""


@pytest.mark.parametrize("value", [7, 2.5, Decimal("1.50"), Fraction(1, 3)])
def test_numbers_are_shown_as_they_are(value):
    assert Sentence("{n}", n=value).text("zh") == str(value)


def test_a_number_can_be_formatted_and_a_text_quoted_by_the_template():
    assert Sentence("{mib:.1f} MiB of {name!r}", mib=1.25, name="a'b").text() == '1.2 MiB of "a\'b"'


@pytest.mark.parametrize(
    ("template", "values"),
    [
        ("{a}", {}),
        ("{a}", {"b": 1}),
        ("{a} {b}", {"a": 1}),
        ("nothing", {"a": 1}),
        ("{}", {}),
        ("{0}", {}),
        ("{a.real}", {"a": 1}),
        ("{a[0]}", {"a": "x"}),
        ("{", {}),
        ("}", {}),
    ],
)
def test_places_and_values_are_the_same_and_no_place_reaches_into_a_value(template, values):
    with pytest.raises(TypeError):
        Sentence(template, **values)


def test_what_is_put_in_cannot_change_any_more():
    names = ["a"]
    told = Sentence("one of {names}", names=names)
    names.append("b")
    assert told.text() == "one of a"
    assert hash(told) == hash(Sentence("one of {names}", names=("a",)))
    with pytest.raises(AttributeError):
        told.template = "two"


def test_data_beside_a_sentence_is_shown_as_it_is():
    assert text_of("this key", "zh") == "this key"
    assert text_of(Sentence("this key"), "zh") == "此键"
    assert text_of(Sentence("this key")) == "this key"


@given(st.text())
def test_what_another_program_said_is_the_same_in_every_language(said):
    assert verbatim(said).text("zh") == verbatim(said).text("en") == said


def test_lines_of_data_stand_below_their_sentence_and_are_not_translated():
    found = listed(Sentence("a list"), ["nothing", "{x}"])
    assert found.text("en") == "a list\n  nothing\n  {x}"
    assert found.text("zh") == "一个列表\n  nothing\n  {x}"
    assert listed(Sentence("a list"), ()).text() == "a list"


def test_a_sentence_is_compared_only_with_sentences():
    assert Sentence("a") != "a"
    with pytest.raises(TypeError):
        assert Sentence("a") < "b"


@given(NESTED)
def test_a_sentence_says_the_same_after_any_journey(told):
    assert sentence_from_json(told.as_json()) == told
    assert copy.deepcopy(told) == told
    assert sentence_from_json(told.as_json()).text("zh") == told.text("zh")


@given(DATA)
def test_data_is_in_the_text_whatever_it_looks_like(data):
    for language in ("en", "zh"):
        assert Sentence("the {thing}!", thing=data).text(language) == f"the {data}!"


@given(NESTED)
def test_english_is_what_format_makes_of_the_template(told):
    values = {
        name: ", ".join(str(each) for each in value) if isinstance(value, tuple) else str(value)
        for name, value in told.values
    }
    assert told.text("en") == told.template.format(**values)


@given(st.lists(NESTED, max_size=6))
def test_they_are_in_order_of_their_english_text_whatever_they_stood_in_before(told):
    found = sorted(told)
    assert [each.text() for each in found] == sorted(each.text() for each in told)
    backwards = told[::-1]
    assert found == sorted(backwards)


@given(NESTED, NESTED)
def test_of_two_sentences_that_differ_exactly_one_comes_first(one, other):
    assert (one < other) + (other < one) + (one == other) == 1
    assert (one == other) <= (hash(one) == hash(other))


@pytest.mark.parametrize(
    "found",
    [
        None,
        "text",
        {},
        {"template": "a"},
        {"template": 1, "values": {}},
        {"template": "a", "values": []},
        {"template": "{a}", "values": {}},
        {"template": "{a.b}", "values": {"a": 1}},
        {"template": "{a}", "values": {"a": {"template": 3, "values": {}}}},
    ],
)
def test_what_is_no_sentence_is_refused(found):
    with pytest.raises(TypeError):
        sentence_from_json(found)


@given(st.sampled_from(["nothing", "this key", "a list", "a table", "a whole number"]))
def test_a_message_without_places_is_the_catalogue_s_own(message):
    assert Sentence(message).text("zh") == in_language(message, "zh") != message
