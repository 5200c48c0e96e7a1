"""Sentences about mistakes, put into Chinese where they are told."""

from __future__ import annotations

from string import Formatter

import pytest

from config.text.i18n import in_language
from config.text.phrases import PHRASES, phrase_in, told_in


@pytest.mark.parametrize("phrase", PHRASES)
def test_every_phrase_has_its_chinese_with_the_same_parts(phrase):
    def parts(text):
        return sorted(name for _, name, _, _ in Formatter().parse(text) if name)

    assert parts(in_language(phrase, "zh")) == parts(phrase)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("one of always, office", "下列之一：always, office"),
        ("e.jsonl:3: severity: missing in this check", "e.jsonl:3: severity：此 check 记录缺少该键"),
        (
            "dir:1/e.jsonl:12: reach: got 'yes', wanted true or false",
            "dir:1/e.jsonl:12: reach：实为 'yes'，应为 true 或 false",
        ),
        ("e:1: at: 'x' is no instant: month must be in 1..12", "e:1: at: 'x' 不是时刻：月须在 1 至 12 之间"),
        ("nobody wrote this", "nobody wrote this"),
        ("{braces} of a name", "{braces} of a name"),
    ],
)
def test_a_sentence_is_told_in_chinese_as_far_as_it_is_known(english, chinese):
    assert phrase_in(english, "zh") == chinese
    assert phrase_in(english, "en") == english


def test_each_line_is_told_by_itself():
    assert told_in("nothing\nthis key", "zh") == "空缺\n此键"
