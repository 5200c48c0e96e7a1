"""Command lines in the person's language."""

from __future__ import annotations

import pytest

from config.text.command_line import language_of, language_of_environment, parser_in


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ([], "zh"),
        (["--lang", "en"], "en"),
        (["status", "--lang=en", "--json"], "en"),
        (["--lang"], "zh"),
        (["--lang", "fr"], "zh"),
        (["--language", "en"], "zh"),
    ],
)
def test_the_language_is_the_one_that_was_asked_for(words, language):
    assert language_of(words, "zh") == language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_GB", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "C"}, "zh"),
    ],
)
def test_the_locale_says_english_or_else_it_is_chinese(monkeypatch, environment, language):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language_of_environment() == language


def test_bad_usage_says_what_to_try_in_chinese(capsys):
    with pytest.raises(SystemExit) as ended:
        parser_in(
            "zh", "program", "Judge a month of a contract from the evidence, and say what is payable."
        ).parse_args(["--nonsense"])
    assert ended.value.code == 2
    assert "请看：program --help" in capsys.readouterr().err


def test_help_has_no_word_of_argparse_s_english(capsys):
    with pytest.raises(SystemExit):
        parser_in(
            "zh", "program", "Judge a month of a contract from the evidence, and say what is payable."
        ).parse_args(["-h"])
    said = capsys.readouterr().out
    assert "用法：program" in said
    assert "usage" not in said
    assert "show this help" not in said
