"""The table of kinds, the page that explains them, and the words that they use."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import tomllib
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from config.input.models import secret_file_keys
from config.site.checks import COMMON
from config.text.i18n import LANGUAGES
from probes import reasons
from probes.handbook import PAGES, handbook, texts
from probes.options import ProbeOptions
from probes.registry import OPTIONS, PROBES, with_one_decoder

ROOT = Path(__file__).parents[3]
CATALOGUES = ROOT / "config" / "text" / "locale" / "zh_CN" / "LC_MESSAGES"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
KEPT = re.compile(r"`[^`]+`|\{\w+\}|\]\([^)]+\)")
"""What a translation must not change: code, what is filled in, where a link leads."""
OPEN_FILES = {"ca_file", "baseline_file", "report_file"}
"""Files that anybody may read."""
PHRASES = sorted(value for name, value in vars(reasons).items() if name.isupper() and isinstance(value, str))


def in_chinese():
    """The entries of the handbook's catalogue: English → Chinese."""
    with (CATALOGUES / "handbook.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def lost(english, chinese):
    """What a translation must not change and does not have."""
    return sorted(set(KEPT.findall(english)) - set(KEPT.findall(chinese)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_probes_says_what_the_registry_holds(language):
    page = PAGES[language]
    mend = f"run: make setup; .venv/bin/python -m probes.handbook {language} > docs/{page}"
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == handbook(language), mend


def test_every_text_of_the_handbook_has_its_chinese():
    known = in_chinese()
    assert [text for text in texts() if not CHINESE.search(known.get(text, ""))] == [], "write it into handbook.po"


def test_the_handbook_s_catalogue_holds_nothing_that_no_page_says():
    tree = ast.parse((ROOT / "probes" / "handbook.py").read_text(encoding="utf-8"))
    headings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert [text for text in in_chinese() if text not in {*texts(), *headings}] == [], "take it out of handbook.po"


def test_code_and_what_is_filled_in_stand_in_the_chinese_as_in_the_english():
    assert {text: gone for text, chinese in in_chinese().items() if (gone := lost(text, chinese))} == {}


def test_what_a_translation_drops_is_found():
    assert lost("`tries` is {tries} ([here](site.md#x))", "`trys` 为 {try}（[此处](site.md)）") == [
        "](site.md#x)",
        "`tries`",
        "{tries}",
    ]


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
def test_every_file_that_a_kind_names_is_marked_as_a_secret_or_known_to_be_none(kind):
    files = {name for name in OPTIONS[kind].model_fields if name.endswith("_file")}
    assert files - set(secret_file_keys(OPTIONS[kind])) <= OPEN_FILES, (
        "make it a SecretFile, or name it in OPEN_FILES"
    )


def test_the_secrets_of_all_kinds_are_these():
    found = {name for model in OPTIONS.values() for name in secret_file_keys(model)}
    assert found == {"password_file", "community_file", "auth_file", "privacy_file"}


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
def test_reasons_of_a_kind_are_phrases_of_the_one_list_each_once(kind):
    assert set(PROBES[kind].reasons) <= set(PHRASES)
    assert len(set(PROBES[kind].reasons)) == len(PROBES[kind].reasons)


def test_each_file_of_a_kind_has_a_row_and_each_row_a_file():
    files = {path.stem for path in (ROOT / "probes" / "kinds").glob("*.py")} - {"__init__"}
    assert files == PROBES.keys(), "a kind is a file in probes/kinds and a row in PROBES"


@pytest.mark.parametrize("kind", PROBES)
def test_a_row_is_what_its_file_holds(kind):
    file = importlib.import_module(f"probes.kinds.{kind}")
    row = PROBES[kind]
    assert (row.options, row.probe) == (file.Options, file.probe)
    assert (row.metrics, row.reasons) == (file.METRICS, file.REASONS)
    assert OPTIONS[kind] is file.Options
    assert file.Options.__module__ == file.__name__, "the handbook reads the docstring of the options' own file"
    assert issubclass(file.Options, ProbeOptions)
    assert inspect.iscoroutinefunction(file.probe)
    assert list(inspect.signature(file.probe).parameters) == ["address", "options", "timeout_s"]
    assert row.metrics
    assert row.reasons


@pytest.mark.parametrize("kind", PROBES)
def test_every_kind_is_tested_against_something_that_answers_or_does_not(kind):
    names = re.compile(
        rf"probes\.kinds\.{kind}\b|from probes\.kinds import [^#\n]*\b{kind}\b|kinds import \([^)]*\b{kind}\b"
    )
    folders = [ROOT / "tests" / name for name in ("server", "lab", "unit/probes")]
    tests = [path for folder in folders for path in folder.rglob("test_*.py")]
    assert [path for path in tests if names.search(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("kind", PROBES)
def test_what_options_stand_on_is_known_to_the_linter(kind):
    """Else it would move imports that pydantic needs at run time under TYPE_CHECKING, and break the options."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        lint = tomllib.load(file)["tool"]["ruff"]["lint"]
    known = set(lint["flake8-type-checking"]["runtime-evaluated-base-classes"])
    bases = {f"{each.__module__}.{each.__qualname__}" for each in OPTIONS[kind].__bases__}
    assert bases <= known, "add it to runtime-evaluated-base-classes in pyproject.toml"


@pytest.mark.parametrize("kind", PROBES)
def test_kinds_that_share_a_batch_are_due_alike(kind):
    """Kinds that are made together are due together only where one request can serve them all."""
    row = PROBES[kind]
    assert row.make_batch is not None or not row.at_once
    assert row.service is None or row.service[0] in ("icmp", "tcp", "udp")
    assert all(row.at_once == other.at_once for other in PROBES.values() if other.make_batch is row.make_batch)


def test_all_runners_of_a_program_share_one_decoder_which_begins_only_when_asked():
    kinds = with_one_decoder(PROBES)
    one, other = kinds["frame"].make_batch(), kinds["snapshot"].make_batch()
    assert kinds["frame"].make_batch is kinds["snapshot"].make_batch
    assert one._decoder is other._decoder
    assert one._decoder._process is None
    assert PROBES["frame"].make_batch()._decoder is not one._decoder
    assert {name for name in kinds if kinds[name] is not PROBES[name]} == {"frame", "snapshot"}
