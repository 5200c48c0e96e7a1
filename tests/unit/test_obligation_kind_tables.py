"""A kind of obligation has a file of its name in each stage's folder and a row in each stage's table."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from sla.contract.clause import Clause
from sla.contract.clause_table import ClauseTable
from sla.contract.tables.registry import CLAUSES
from sla.explain.registry import EXPLANATIONS
from sla.lint.registry import LINTS
from sla.obligations.registry import OBLIGATIONS
from sla.reports.json.registry import WRITERS
from sla.reports.monthly.registry import EVIDENCE
from sla.reports.standard.registry import INDICATORS
from sla.reports.text.promises.registry import PROMISES

SLA = Path(__file__).parents[2] / "sla"
TABLES = {
    "contract": CLAUSES,
    "obligations": OBLIGATIONS,
    "lint": LINTS,
    "explain": EXPLANATIONS,
    "promises": PROMISES,
    "evidence": EVIDENCE,
    "standard": INDICATORS,
    "json": WRITERS,
}
FOLDERS = {
    "contract/clauses": set(),
    "contract/tables": {"registry"},
    "obligations": {"registry", "kind", "pooled", "result"},
    "lint/kinds": set(),
    "explain/kinds": set(),
    "reports/json/kinds": set(),
    "reports/monthly/kinds": set(),
    "reports/standard/kinds": set(),
    "reports/text/promises": {"registry", "promise", "losses"},
}
"""Folder → its files that are no kind's."""


@pytest.mark.parametrize("stage", TABLES)
def test_each_table_has_the_kinds_that_a_contract_may_name_in_one_order(stage):
    assert list(TABLES[stage]) == list(CLAUSES)


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_folder_has_one_file_for_each_kind(folder):
    found = {path.stem for path in (SLA / folder).glob("*.py")} - {"__init__"} - FOLDERS[folder]
    assert found == set(CLAUSES)


def test_every_folder_named_for_kinds_is_one_of_these():
    found = {str(path.relative_to(SLA)) for path in SLA.rglob("kinds") if path.is_dir()}
    assert found == {folder for folder in FOLDERS if folder.endswith("kinds")}


@pytest.mark.parametrize("kind", CLAUSES)
def test_a_clause_says_the_kind_that_its_row_is_found_under(kind):
    row = CLAUSES[kind]
    assert row.clause.kind == kind
    assert issubclass(row.clause, Clause)
    assert issubclass(row.table, ClauseTable)
    assert row.clause.__module__ == f"sla.contract.clauses.{kind}"
    assert row.table.__module__ == f"sla.contract.tables.{kind}"


def modules_of_kinds():
    return [SLA / folder / f"{kind}.py" for folder in FOLDERS for kind in CLAUSES]


def imported(path):
    return {
        f"{node.module}.{name.name}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module
        for name in node.names
    }


@pytest.mark.parametrize("path", modules_of_kinds(), ids=lambda path: str(path.relative_to(SLA)))
def test_a_kind_imports_nothing_of_another_kind(path):
    places = [f"sla.{folder.replace('/', '.')}" for folder in FOLDERS]
    others = {f"{place}.{kind}" for place in places for kind in CLAUSES if kind != path.stem}
    assert {
        name for name in imported(path) if any(name == each or name.startswith(f"{each}.") for each in others)
    } == set()


def test_nothing_but_a_kind_s_own_files_asks_whether_a_value_is_of_a_kind():
    names = {cls.__name__ for row in CLAUSES.values() for cls in (row.clause, row.table)}
    names |= {f"{kind.capitalize()}{what}" for kind in CLAUSES for what in ("Item", "Loss")}
    found = []
    for path in SLA.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("isinstance", "type")
            ):
                asked = {each.id for arg in node.args for each in ast.walk(arg) if isinstance(each, ast.Name)}
                found += [f"{path.relative_to(SLA)}:{node.lineno}"] if asked & names else []
    assert found == []
