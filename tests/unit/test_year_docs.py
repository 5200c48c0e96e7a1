"""docs/year.md names every key and column that the code knows, and both guides say true commands."""

import re
from pathlib import Path

import pytest

from sla.cli.modes import MODES
from sla.evaluation.city_export import CASE_COLUMNS, SURVEY_COLUMNS
from sla.evaluation.figures_tables import (
    BlockTable,
    BudgetTable,
    CasesTable,
    CasesWantedTable,
    FiguresTable,
    GoalTable,
    IndicatorTable,
    ScoringTable,
    SurveyTable,
)

DOCS = Path(__file__).parents[2] / "docs"
TABLES = (
    FiguresTable, BudgetTable, GoalTable, ScoringTable, CasesTable, CasesWantedTable, SurveyTable, BlockTable, IndicatorTable,
)  # fmt: skip


@pytest.fixture
def year():
    return (DOCS / "year.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_every_key_of_the_figures_file_is_explained(year, table):
    named = set(re.findall(r"`\[{0,2}([a-z_]+)\]{0,2}`", year))
    assert (
        set(table.model_fields) - named - {"budget", "goal", "scoring", "cases", "survey", "blocks", "indicators"}
        == set()
    )


def test_every_required_column_is_named(year):
    for columns in (CASE_COLUMNS, SURVEY_COLUMNS):
        for names in columns.values():
            assert any(f"`{name}`" in year for name in names), names


@pytest.mark.parametrize("name", ["year.md", "standard.md"])
def test_every_link_leads_somewhere_and_every_option_exists(name):
    text = (DOCS / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    assert [link for link in links if not (DOCS / link).exists()] == []
    options = {option.replace("-", "_") for option in re.findall(r"sla-check --([a-z-]+)", text)}
    assert options <= set(MODES)
