"""One table of commands: each has its module, and only the one that is asked for is loaded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import agent.cli
from agent.cli.parser import parse
from agent.cli.record_types import RECORD_COMMANDS
from agent.cli.table import COMMANDS

FOLDER = Path(agent.cli.__file__).parent
SHARED = {"__init__", "command", "table", "parser", "output", "files", "hand_in"}
SHARED |= {"record_types", "record_groups", "record_effects"}
HEAVY = ("pydantic", "numpy", "av", "apprise", "pysnmp", "rich")


def loaded_by(*words: str) -> set[str]:
    """The modules in a fresh interpreter after the program ended."""
    text = f"""
import json, sys
from agent.__main__ import main
try:
    main({list(words)!r})
except SystemExit:
    pass
print("MODULES" + json.dumps(sorted(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.rpartition("MODULES")[2]))


def test_every_module_of_a_command_is_in_the_table():
    names = {path.stem for path in FOLDER.glob("*.py")} - SHARED
    assert {f"agent.cli.{name}" for name in names} == {command.module for command in COMMANDS}
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_s_example_is_one_that_it_understands(command):
    words = command.example.partition(" > ")[0].split()
    assert words[:2] == ["sla-agent", command.name]
    found, options = parse(words[1:], "en")
    assert found is command
    assert options.command == command.name
    assert callable(found.load().run)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_command_s_help_names_its_purpose_and_an_example(command, language, capsys):
    with pytest.raises(SystemExit) as ended:
        parse([command.name, "--help", "--lang", language], language)
    assert ended.value.code == 0
    printed = capsys.readouterr().out
    assert command.example in printed
    assert (command.purpose in printed) == (language == "en")


def test_the_program_s_help_lists_every_command_and_loads_none(capsys):
    loaded = loaded_by("--help", "--lang", "en")
    assert not loaded & {command.module for command in COMMANDS}
    with pytest.raises(SystemExit):
        parse(["--help"], "en")
    printed = capsys.readouterr().out
    for command in COMMANDS:
        assert command.purpose.split()[0] in printed


@pytest.mark.parametrize("name", ["run", "probe", "discover", "baseline", "validate", "status", "record", "practice"])
def test_help_waits_for_no_library_that_takes_long_to_load(name):
    assert not loaded_by(name, "--help") & set(HEAVY)


def test_a_status_without_an_agent_loads_no_library_of_numbers_or_files(tmp_path):
    assert not loaded_by("status", "--state", str(tmp_path)) & {"numpy", "pydantic", "av", "apprise"}


@pytest.mark.parametrize("words", [[], ["fly"], ["status", "--fast"], ["ledger", "burn"], ["record", "rumour"]])
def test_bad_usage_ends_with_2_and_says_what_to_try(words, capsys):
    with pytest.raises(SystemExit) as ended:
        parse(words, "en")
    assert ended.value.code == 2
    assert "Try: sla-agent" in capsys.readouterr().err


def test_a_word_of_another_command_among_the_arguments_is_no_command():
    command, options = parse(["probe", "tcp", "status"], "en")
    assert (command.name, options.address) == ("probe", "status")


@pytest.mark.parametrize("name", RECORD_COMMANDS)
def test_every_record_type_has_help(name, capsys):
    with pytest.raises(SystemExit) as ended:
        parse(["record", RECORD_COMMANDS[name].word or name, "--help", "--lang", "zh"], "zh")
    assert ended.value.code == 0
    assert RECORD_COMMANDS[name].purpose not in capsys.readouterr().out
