"""Reads `figures.toml` and the exports that it names, as a whole: every mistake at once, each with file and line."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from config.input.mistakes import NOTHING, ConfigError, Mistake, nearest, shown
from config.input.models import validated
from config.input.toml_source import KeyPath, TomlSource, read_toml, spelled
from config.text.sentence import Sentence
from sla.evaluation.city_export import cases_of, survey_of
from sla.evaluation.figures import Budget, CaseRow, EvaluationFigures, FundSource, IndicatorBlock, SurveyGroup
from sla.evaluation.figures_tables import BlockTable, FiguresTable
from sla.evaluation.table_file import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sla.evaluation.table_file import Table

HUNDRED = 100
"""What a self-evaluation is out of."""


def read_figures(path: Path) -> EvaluationFigures:
    """The figures of a TOML file and of the files that it names beside it; ConfigError with every mistake."""
    source = read_toml(path)
    table, mistakes = validated(FiguresTable, source.value, source, ())
    if table is None:
        raise ConfigError(mistakes)
    mistakes += _block_mistakes(table, source)
    cases, wrong = _cases(table, path)
    survey, also_wrong = _survey(table, path)
    mistakes += wrong + also_wrong
    mistakes += [] if wrong or also_wrong else _lookup_mistakes(table, cases, survey, source)
    if mistakes:
        raise ConfigError(mistakes)
    return _made(table, source, cases, survey)


def _made(
    table: FiguresTable, source: TomlSource, cases: list[CaseRow], survey: list[SurveyGroup]
) -> EvaluationFigures:
    return EvaluationFigures(
        file=source.name,
        year=table.year,
        project=table.project,
        department=table.department,
        unit=table.unit,
        vendor=table.vendor,
        form=table.form,
        expected=table.goal.expected,
        achieved=table.goal.achieved,
        remark_above=table.scoring.remark_above,
        budget=_budget(table),
        blocks=tuple(IndicatorBlock(name=each.name, points=each.points, score=each.score) for each in table.blocks),
        indicators=tuple(
            each.made(source.line(("indicators", number))) for number, each in enumerate(table.indicators)
        ),
        cases=tuple(cases),
        survey=tuple(survey),
    )


def _budget(table: FiguresTable) -> Budget | None:
    """In a self-evaluation the budget carries 10 points unless the file says otherwise."""
    if table.budget is None:
        return None
    found = table.budget
    points = Decimal(10) if found.points is None and table.form == "self" else found.points
    sources = tuple(FundSource(name=e.name, annual=e.annual, executed=e.executed) for e in found.sources)
    return Budget(
        unit=found.unit,
        initial=found.initial,
        annual=found.annual,
        executed=found.executed,
        points=points,
        sources=sources,
    )


def _mistake(source: TomlSource, path: KeyPath, got: Sentence | str, wanted: Sentence, hint: str = "") -> Mistake:
    return Mistake(file=source.name, line=source.line(path), key=spelled(path), got=got, wanted=wanted, hint=hint)


def _block_mistakes(table: FiguresTable, source: TomlSource) -> list[Mistake]:
    """Names that are twice or unknown; points that do not add up."""
    found: list[Mistake] = []
    names = [each.name for each in table.blocks]
    for number, name in enumerate(names):
        if name in names[:number]:
            found.append(
                _mistake(source, ("blocks", number, "name"), shown(name), Sentence("a name that no other block has"))
            )
    seen: Counter[tuple[str, str, str]] = Counter()
    for number, each in enumerate(table.indicators):
        at: KeyPath = ("indicators", number)
        if each.block not in names:
            text = Sentence("one of the blocks {names}", names=names)
            found.append(_mistake(source, (*at, "block"), shown(each.block), text, nearest(each.block, names)))
        seen[each.block, each.group, each.name] += 1
        if seen[each.block, each.group, each.name] > 1:
            found.append(_mistake(source, (*at, "name"), shown(each.name), Sentence("each indicator once")))
    for block in table.blocks:
        found += _point_mistakes(block, table, source)
    return found + _whole_mistakes(table, source)


def _point_mistakes(block: BlockTable, table: FiguresTable, source: TomlSource) -> list[Mistake]:
    """Of a block whose score is the sum of its indicators, every indicator has points and they add up."""
    if block.score is not None:
        return []
    inside = [(number, each) for number, each in enumerate(table.indicators) if each.block == block.name]
    bare = [
        _mistake(source, ("indicators", number), NOTHING, Sentence("points, since the block's score is their sum"))
        for number, each in inside
        if each.points is None
    ]
    given = sum((each.points or Decimal(0) for _, each in inside), Decimal(0))
    if bare or given == block.points:
        return bare
    path: KeyPath = ("blocks", table.blocks.index(block)) if "blocks" in source.value else ("indicators",)
    got = Sentence("{points} points in {block}", points=given, block=block.name)
    return [_mistake(source, path, got, Sentence("indicators that add up to {points}", points=block.points or 0))]


def _whole_mistakes(table: FiguresTable, source: TomlSource) -> list[Mistake]:
    """A self-evaluation is out of 100, with the budget."""
    if table.form != "self":
        return []
    if table.budget is None:
        return [_mistake(source, ("budget",), NOTHING, Sentence("[budget], which every self-evaluation begins with"))]
    budget = _budget(table)
    points = sum((each.points or Decimal(0) for each in table.blocks), Decimal(0)) + (
        Decimal(0) if budget is None or budget.points is None else budget.points
    )
    got, wanted = Sentence("{points} points", points=points), Sentence("blocks and budget that add up to 100")
    return [] if points == HUNDRED else [_mistake(source, ("blocks",), got, wanted)]


def _cases(table: FiguresTable, path: Path) -> tuple[list[CaseRow], list[Mistake]]:
    if table.cases is None:
        return [], []
    if table.cases.file is None:
        return [CaseRow(department="", source="", counts=table.cases.counts())], []
    return _from_file(table.cases.file, table.cases.columns, path, cases_of)


def _survey(table: FiguresTable, path: Path) -> tuple[list[SurveyGroup], list[Mistake]]:
    if table.survey is None:
        return [], []
    return _from_file(table.survey.file, table.survey.columns, path, survey_of)


def _from_file(
    name: str,
    columns: Mapping[str, str],
    path: Path,
    read: Callable[[Table, Mapping[str, str]], tuple[list[Any], list[Mistake]]],
) -> tuple[list[Any], list[Mistake]]:
    found, mistakes = read_table(path.parent / name)
    return ([], mistakes) if found is None else read(found, columns)


def _lookup_mistakes(
    table: FiguresTable, cases: list[CaseRow], survey: list[SurveyGroup], source: TomlSource
) -> list[Mistake]:
    """A group, source or department that no row has; where there is nothing to read at all it is just missing."""
    known = {
        "source": sorted({row.source for row in cases if row.source}),
        "department": sorted({row.department for row in cases if row.department}),
    }
    groups = [each.group for each in survey]
    found = []
    for number, each in enumerate(table.indicators):
        at: KeyPath = ("indicators", number)
        if each.survey is not None and groups and each.survey not in groups:
            text = Sentence("one of the groups {names}", names=groups)
            found.append(_mistake(source, (*at, "survey"), shown(each.survey), text, nearest(each.survey, groups)))
        for key in ("source", "department") if each.cases is not None and cases else ():
            name = getattr(each.cases, key)
            if name is not None and name not in known[key]:
                text = Sentence("one that the export has: {names}", names=known[key] or "–")
                found.append(_mistake(source, (*at, "cases", key), shown(name), text, nearest(name, known[key])))
    return found
