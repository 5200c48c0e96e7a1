import io

import pytest
from openpyxl import Workbook

from sla.evaluation.city_export import cases_of, survey_of
from sla.evaluation.table_file import MOST_ROWS, read_table

CASES = "部门,受理数,应处置数,处置数,按期处置数\n"


def written(tmp_path, content, name="t.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refused(path):
    table, mistakes = read_table(path)
    assert table is None
    return [(each.line, each.key, str(each.got), str(each.wanted)) for each in mistakes]


def spreadsheet(rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    found = io.BytesIO()
    book.save(found)
    return found.getvalue()


def test_csv_of_excel_in_china_and_with_a_byte_order_mark_is_read(tmp_path):
    for raw in ("部门,数\n城管, 3 \n".encode("gb18030"), "\ufeff部门,数\r\n城管,3\r\n".encode()):
        table, mistakes = read_table(written(tmp_path, raw))
        assert mistakes == []
        assert table.columns == ("部门", "数")
        assert table.rows[0].cells == {"部门": "城管", "数": "3"}


def test_a_spreadsheet_is_read_with_numbers_as_people_see_them(tmp_path):
    raw = spreadsheet([["部门", "数", None], ["城管", 3.0], [None, None], ["住建", 2.5], ["园林", "7"]])
    table, mistakes = read_table(written(tmp_path, raw, "t.xlsx"))
    assert mistakes == []
    assert [(row.line, row.cells["数"]) for row in table.rows] == [(2, "3"), (4, "2.5"), (5, "7")]


def test_lines_are_those_of_the_file_even_below_empty_rows(tmp_path):
    table, _ = read_table(written(tmp_path, "\n\na,b\n\n1,2\n"))
    assert [row.line for row in table.rows] == [5]


@pytest.mark.parametrize(
    ("raw", "line", "said"),
    [
        (b"", 1, "a first row that names the columns"),
        (b"a,b\n1,2,3\n", 2, "2, as in the header"),
        (b"a,a\n1,2\n", 1, "a name of its own for each column"),
        (b"a,,b\n1,2,3\n", 1, "a name of its own for each column"),
        (b'a,b\n"1,2\n', 2, "CSV"),
        (b"\xff\xfe\x00a", 1, "CSV in UTF-8 or GB18030, or XLSX"),
        (b"PK\x03\x04 no zip", 0, "an XLSX spreadsheet"),
        (b"a\n" + b"1\n" * (MOST_ROWS + 1), MOST_ROWS + 1, f"at most {MOST_ROWS} rows"),
        (b",".join([b"a%d" % n for n in range(201)]) + b"\n", 1, "at most 200 columns"),
    ],
)
def test_what_is_no_table_is_refused_with_its_line(tmp_path, raw, line, said):
    found = refused(written(tmp_path, raw))
    assert found[0][0] == line
    assert found[0][3] == said


def test_a_file_that_is_too_big_or_not_there_is_refused(tmp_path):
    assert refused(tmp_path / "none.csv")[0][3] == "a file that can be read (No such file or directory)"
    assert refused(written(tmp_path, b"a\n" * (9 << 20)))[0][3] == "a file of at most 16 MiB"


def test_a_spreadsheet_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "sla.evaluation.table_file._MOST_UNPACKED", 100
    )  # a bomb of the real size would take the test's memory
    assert (
        refused(written(tmp_path, spreadsheet([["a"]]), "t.xlsx"))[0][3]
        == "a spreadsheet that unpacks to at most 256 MiB"
    )


def test_a_row_of_sums_is_held_against_the_rows(tmp_path):
    table, _ = read_table(written(tmp_path, CASES + "甲,2,2,2,1\n乙,3,3,3,3\n合计,5,5,5,4\n"))
    rows, mistakes = cases_of(table, {})
    assert (len(rows), mistakes) == (2, [])
    table, _ = read_table(written(tmp_path, CASES + "甲,2,2,2,1\n合计,5,5,5,4\n"))
    _, mistakes = cases_of(table, {})
    assert [(each.line, str(each.got), str(each.wanted)) for each in mistakes] == [
        (3, "5/5/5/4", "the sum of the rows, 2/2/2/1")
    ]


def test_columns_go_by_the_names_that_the_file_gives_them(tmp_path):
    table, _ = read_table(written(tmp_path, "Office,In,Out,OnTime\n甲,3,2,1\n"))
    rows, mistakes = cases_of(
        table, {"department": "Office", "taken_in": "In", "disposed": "Out", "in_time": "OnTime"}
    )
    assert mistakes == []
    assert (rows[0].counts.due, rows[0].counts.late) == (3, 2)


def test_a_spreadsheet_gives_the_same_cases_as_the_csv(tmp_path):
    raw = spreadsheet([CASES.strip().split(","), ["甲", 2, 2, 2, 1]])
    rows, mistakes = cases_of(read_table(written(tmp_path, raw, "c.xlsx"))[0], {})
    assert mistakes == []
    assert rows == cases_of(read_table(written(tmp_path, CASES + "甲,2,2,2,1\n"))[0], {})[0]


def test_a_survey_without_those_asked_is_read(tmp_path):
    table, _ = read_table(written(tmp_path, "对象,有效数,满意数\n公众,0,0\n"))
    groups, mistakes = survey_of(table, {})
    assert mistakes == []
    assert (groups[0].asked, groups[0].rate) == (None, None)
