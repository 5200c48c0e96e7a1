"""The table of kinds, the page that explains them, and the words that they use."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.checks import COMMON
from config.i18n import LANGUAGES
from probes import reasons
from probes.handbook import handbook
from probes.reasons import because, clean, reason_in
from probes.registry import OPTIONS, PROBES

ROOT = Path(__file__).parents[3]
PHRASES = sorted(value for name, value in vars(reasons).items() if name.isupper() and isinstance(value, str))


def test_the_page_of_probes_says_what_the_registry_holds():
    mend = "run: python -m probes.handbook en > docs/probes.md"
    assert (ROOT / "docs" / "probes.md").read_text(encoding="utf-8") == handbook(), mend


@pytest.mark.parametrize("kind", PROBES)
def test_every_kind_is_explained_with_all_its_options(kind):
    section = handbook().partition(f"## `{kind}`")[2].partition("\n## ")[0]
    assert "**What it can never see:**" in section
    for name, field in OPTIONS[kind].model_fields.items():
        assert field.description, f"{kind}.{name} has no text below it"
        assert f"| `{name}` |" in section


@pytest.mark.parametrize("kind", PROBES)
def test_no_option_of_a_kind_hides_behind_a_key_that_every_check_has(kind):
    assert not set(COMMON) & set(OPTIONS[kind].model_fields)


@pytest.mark.parametrize("kind", PROBES)
def test_every_metric_has_its_unit_in_its_name(kind):
    plain = {
        "status",
        "bytes",
        "days_left",
        "load1",
        "processes",
        "flaps",
        "stratum",
        "answers",
        "tracks",
        "frames",
        "sharpness",
        "gaps",
        "reallocated",
        "pending",
        "uncorrectable",
        "media_errors",
    }
    for name in PROBES[kind].metrics:
        assert name in plain or name.endswith(("_ms", "_ratio", "_s", "_dbm", "_db", "_c")), name


@pytest.mark.parametrize("kind", PROBES)
def test_reasons_of_a_kind_are_phrases_of_the_one_list(kind):
    assert set(PROBES[kind].reasons) <= set(PHRASES)


@pytest.mark.parametrize("phrase", PHRASES)
def test_every_phrase_has_a_chinese_text(phrase):
    source = (ROOT / "config" / "locale" / "zh_CN" / "LC_MESSAGES" / "sla.po").read_text(encoding="utf-8")
    assert f'msgid "{phrase}"\nmsgstr ""' not in source
    assert f'msgid "{phrase}"\n' in source


def test_a_reason_is_translated_and_its_detail_left_as_it_was_seen():
    assert reason_in("unexpected status: 503", "zh") == "状态码不符: 503"
    assert reason_in("unexpected status: 503", "en") == "unexpected status: 503"
    assert len(LANGUAGES) == 2


def test_what_a_stranger_says_becomes_one_harmless_line():
    assert because("answer not understood", "a\r\nb\x1b[31m\u202ec\ud800\0d") == "answer not understood: a b [31m c d"


def test_what_a_stranger_says_is_cut():
    assert len(clean("x" * 10_000)) == reasons.DETAIL_CHARACTERS
    assert clean("x" * 200) == "x" * 200
