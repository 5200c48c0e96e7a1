"""Exports of the city platform (cases by department) and survey files: all mistakes, each with its line.

Columns have the names that such exports usually bear, or those that `columns` gives them. A row of sums
(合计, 总计) is held against what stands above it and is not counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.input.mistakes import Mistake, nearest, shown
from config.text.sentence import Sentence
from sla.evaluation.figures import NO_CASES, CaseCounts, CaseRow, SurveyGroup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sla.evaluation.table_file import Table, TableRow

CASE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "department": ("部门", "处置部门", "责任部门", "责任单位", "处置单位", "专业部门", "department"),
    "source": ("来源", "案件来源", "source"),
    "taken_in": ("受理数", "受理", "受理案件数", "taken_in"),
    "due": ("应处置数", "应结案数", "应处置", "应结案", "due"),
    "disposed": ("处置数", "结案数", "已处置数", "处置", "结案", "disposed"),
    "in_time": ("按期处置数", "按期结案数", "按期处置", "按期结案", "in_time"),
}
SURVEY_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "group": ("对象", "调查对象", "群体", "group"),
    "asked": ("发放问卷数", "发放数", "发放", "asked"),
    "answered": ("有效问卷数", "有效数", "回收有效数", "有效", "answered"),
    "satisfied": ("满意数", "满意", "satisfied"),
}
_SUMS = frozenset({"合计", "总计", "total", "Total"})
_LONGEST = 15


def cases_of(table: Table, named: Mapping[str, str]) -> tuple[list[CaseRow], list[Mistake]]:
    """The rows; without a `due` column every case taken in counts as due."""
    found, mistakes = columns_of(table, CASE_COLUMNS, named, optional={"source", "due"})
    if mistakes:
        return [], mistakes
    rows: list[CaseRow] = []
    seen: dict[tuple[str, str], int] = {}
    sums: list[tuple[TableRow, CaseCounts]] = []
    for row in table.rows:
        reader = _ExportCells(table.file, row, found)
        department, source = reader.text("department"), reader.text("source", "")
        counts = _counts(reader)
        mistakes += reader.mistakes
        if reader.mistakes:
            continue
        if department in _SUMS:
            sums.append((row, counts))
            continue
        if seen.setdefault((department, source), row.line) != row.line:
            first = seen[department, source]
            reader.wrong(
                "department",
                department,
                Sentence("one row for each department and source; line {line} has it", line=first),
            )
            mistakes += reader.mistakes
        rows.append(CaseRow(department=department, source=source, counts=counts))
    return rows, mistakes or _sum_mistakes(table.file, rows, sums)


def _counts(reader: _ExportCells) -> CaseCounts:
    taken_in, disposed, in_time = (reader.count(name) for name in ("taken_in", "disposed", "in_time"))
    due = reader.count("due") if reader.has("due") else taken_in
    if not reader.mistakes:
        if disposed > due:
            reader.wrong("disposed", str(disposed), Sentence("at most {bound}, the cases that were due", bound=due))
        if in_time > disposed:
            reader.wrong(
                "in_time", str(in_time), Sentence("at most {bound}, the cases that were disposed of", bound=disposed)
            )
    return CaseCounts(taken_in=taken_in, due=due, disposed=disposed, in_time=in_time)


def _sum_mistakes(file: str, rows: list[CaseRow], sums: list[tuple[TableRow, CaseCounts]]) -> list[Mistake]:
    whole = sum((row.counts for row in rows), NO_CASES)
    return [
        Mistake(
            file=file,
            line=row.line,
            key="",
            got=_text(counts),
            wanted=Sentence("the sum of the rows, {sum}", sum=_text(whole)),
        )
        for row, counts in sums
        if counts != whole
    ]


def _text(counts: CaseCounts) -> str:
    return f"{counts.taken_in}/{counts.due}/{counts.disposed}/{counts.in_time}"


def survey_of(table: Table, named: Mapping[str, str]) -> tuple[list[SurveyGroup], list[Mistake]]:
    """The groups that were asked, kept apart."""
    found, mistakes = columns_of(table, SURVEY_COLUMNS, named, optional={"asked"})
    groups: list[SurveyGroup] = []
    for row in () if mistakes else table.rows:
        reader = _ExportCells(table.file, row, found)
        group, answered, satisfied = reader.text("group"), reader.count("answered"), reader.count("satisfied")
        asked = reader.count("asked") if reader.has("asked") else None
        if not reader.mistakes:
            if satisfied > answered:
                reader.wrong(
                    "satisfied", str(satisfied), Sentence("at most {bound}, the valid answers", bound=answered)
                )
            if asked is not None and answered > asked:
                reader.wrong(
                    "answered", str(answered), Sentence("at most {bound}, those who were asked", bound=asked)
                )
            if group in [each.group for each in groups]:
                reader.wrong("group", group, Sentence("one row for each group"))
        mistakes += reader.mistakes
        if not reader.mistakes:
            groups.append(SurveyGroup(group=group, asked=asked, answered=answered, satisfied=satisfied))
    return groups, mistakes


def columns_of(
    table: Table, known: Mapping[str, tuple[str, ...]], named: Mapping[str, str], optional: set[str]
) -> tuple[dict[str, str], list[Mistake]]:
    """Which column of the table holds what; a mistake for each that is not there."""
    found: dict[str, str] = {}
    mistakes: list[Mistake] = []
    for key, names in known.items():
        wanted = (named[key],) if key in named else names
        column = next((name for name in wanted if name in table.columns), None)
        if column is not None:
            found[key] = column
        elif key in named or key not in optional:
            text = " | ".join(wanted)
            mistakes.append(
                Mistake(
                    file=table.file,
                    line=1,
                    key=key,
                    got=shown(", ".join(table.columns)),
                    wanted=Sentence("a column {names}", names=text),
                    hint=nearest(wanted[0], table.columns),
                )
            )
    return found, mistakes


class _ExportCells:
    """Reads the cells of one row and keeps what is wrong with them."""

    def __init__(self, file: str, row: TableRow, columns: Mapping[str, str]) -> None:
        self._file, self._row, self._columns = file, row, columns
        self.mistakes: list[Mistake] = []

    def has(self, key: str) -> bool:
        return key in self._columns

    def text(self, key: str, default: str | None = None) -> str:
        text = self._row.cells[self._columns[key]] if self.has(key) else ""
        if not text and default is None:
            self.wrong(key, text, Sentence("a text that is not empty"))
        return text or (default or "")

    def count(self, key: str) -> int:
        text = self._row.cells[self._columns[key]].replace(",", "")
        if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST):
            self.wrong(key, text, Sentence("a whole number, 0 or more"))
            return 0
        return int(text)

    def wrong(self, key: str, got: str, wanted: Sentence) -> None:
        column = self._columns.get(key, key)
        self.mistakes.append(Mistake(file=self._file, line=self._row.line, key=column, got=shown(got), wanted=wanted))
