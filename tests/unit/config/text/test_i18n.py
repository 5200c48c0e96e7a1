"""The two languages: Chinese for whoever does not ask for English, and never an empty text."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

import config.text
from config.text.i18n import LANGUAGES, catalogue, in_language

FOLDER = Path(config.text.__file__).parent / "locale" / "zh_CN" / "LC_MESSAGES"
DOMAINS = sorted(path.stem for path in FOLDER.glob("*.po"))


def test_there_are_two_languages_and_chinese_comes_first():
    assert LANGUAGES == ("zh", "en")


@pytest.mark.parametrize(("text", "chinese"), [("nothing", "空缺"), ("Verdict", "结论")])
def test_a_message_is_chinese_or_english(text, chinese):
    assert in_language(text, "zh") == chinese
    assert in_language(text, "en") == text


@given(st.text())
def test_law_english_is_the_text_itself(text):
    assert in_language(text, "en") == text


@given(st.text(alphabet="xyz{}%\n", min_size=1))
def test_law_what_no_catalogue_has_comes_back_as_it_is(text):
    assert in_language(text, "zh") == text


def test_the_empty_text_is_not_the_head_of_the_catalogue():
    assert in_language("", "zh") == ""
    assert "Content-Type" in catalogue("zh").gettext("")


def test_a_catalogue_is_read_once():
    assert catalogue("zh") is catalogue("zh")
    assert catalogue("zh", "handbook") is not catalogue("zh")


def test_a_catalogue_that_is_not_there_is_our_fault_and_not_silent():
    with pytest.raises(FileNotFoundError):
        catalogue("zh", "nowhere")


def places(text: str) -> set[tuple[str, str, str]]:
    """Name, format and conversion of each place in braces; a translation may need one twice."""
    return {(name, form or "", way or "") for _, name, form, way in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_chinese_message_has_the_places_of_the_english_one_formatted_alike(domain):
    with (FOLDER / f"{domain}.po").open("rb") as file:
        messages = [(each.id, each.string) for each in read_po(file) if each.id and each.string]
    assert messages
    assert [english for english, chinese in messages if "{" in english and places(english) != places(chinese)] == []
