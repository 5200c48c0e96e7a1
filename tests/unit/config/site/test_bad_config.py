"""Every broken file of tests/bad_config gives exactly the message beside it, all mistakes at once."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from config.input.mistakes import ConfigError
from config.site.file import load
from probes.kinds import icmp, tcp
from sla.contract.file import read_contract

if TYPE_CHECKING:
    from config.text.i18n import Language

BAD = Path(__file__).parents[3] / "bad_config"
# A fixed few, so that messages do not change with every new kind of probe.
OPTIONS = {"icmp": icmp.Options, "tcp": tcp.Options}
FILES = sorted(BAD.glob("*/*.toml"))


def message(path: Path, language: Language = "en") -> str:
    try:
        load(path, probe_options=OPTIONS) if path.parent.name == "site" else read_contract(path)
    except ConfigError as error:
        return error.text(language).replace(f"{path.parent}{os.sep}", "") + "\n"
    return "no mistake was found"


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_broken_file_gets_exactly_its_message(path):
    expected = path.with_suffix(".expected")
    found = message(path)
    if os.environ.get("GOLDEN") == "write":
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_was_wanted_is_said_in_chinese_too(path):
    with pytest.raises(ConfigError) as refused:
        load(path, probe_options=OPTIONS) if path.parent.name == "site" else read_contract(path)
    english, chinese = refused.value.text("en").splitlines(), refused.value.text("zh").splitlines()
    assert len(english) == len(chinese)
    for mistake, line in zip(refused.value.mistakes, chinese, strict=True):
        wanted = line.rpartition("应为")[2]
        assert re.search("[\u4e00-\u9fff]", wanted) or str(mistake.wanted) in {"TOML", "CSV"}, line


@pytest.mark.parametrize("folder", ["contract", "site"])
def test_every_message_has_its_chinese_word_for_word(folder):
    expected = BAD / folder / "all.zh.expected"
    files = [path for path in FILES if path.parent.name == folder]
    found = "\n".join(f"{path.name}\n{message(path, 'zh')}" for path in files)
    if os.environ.get("GOLDEN") == "write":
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


def test_there_are_at_least_twenty_of_them():
    assert len(FILES) >= 20
