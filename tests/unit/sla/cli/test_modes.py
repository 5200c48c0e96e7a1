"""The table of questions: one module each, none left out, and nothing loaded that was not asked for."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import sla.cli
from sla.cli.modes import MODES
from sla.cli.options import parser_for

FOLDER = Path(sla.cli.__file__).parent


@pytest.mark.parametrize("question", MODES)
def test_a_question_has_a_module_of_its_name_and_an_option(question):
    assert MODES[question].module == f"sla.cli.{question}"
    assert callable(import_module(MODES[question].module).answer)
    options = vars(parser_for("en").parse_args([]))
    assert question in options
    assert MODES[question].needs - {"source"} <= options.keys()


def test_every_module_that_answers_is_in_the_table():
    answering = {path.stem for path in FOLDER.glob("*.py") if "\ndef answer(" in path.read_text(encoding="utf-8")}
    assert answering == set(MODES)


def test_a_question_says_what_it_needs_at_least_itself_or_a_period():
    for question, mode in MODES.items():
        assert mode.needs
        assert question in mode.needs or question in {"quarter", "year", "self_evaluation", "standard"}


def test_help_and_a_misspelt_option_load_no_question():
    code = (
        "import sys\nfrom sla.cli.program import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "loaded = {'pydantic', 'numpy', 'sqlite3', 'typst'} & set(sys.modules)\nassert not loaded, loaded\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_where_several_questions_are_asked_the_last_row_of_the_table_answers():
    rows = list(MODES)
    assert rows.index("explain") > rows.index("month")
    assert rows.index("self_evaluation") > rows.index("year")
