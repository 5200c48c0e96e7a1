"""Inventories: every row with its line, every mistake at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.site.inventory import COLUMNS, REQUIRED, read_inventory

HEAD = "id,kind,address,probes\n"


def read(tmp_path, text: str):
    path = tmp_path / "a.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    rows, mistakes = read_inventory(path)
    return rows, [each.text().replace(f"{path}", "a.csv") for each in mistakes]


def test_a_row_is_an_asset_with_its_place(tmp_path):
    text = "id,kind,name,address,tags,behind,behind_any,probes,note\nc1,camera,门,10.0.0.1,a;b；a,sw,u1;u2,icmp; tcp ,x\n"
    (row,), mistakes = read(tmp_path, text)
    assert mistakes == []
    assert (row.id, row.kind, row.name, row.address, row.line) == ("c1", "camera", "门", "10.0.0.1", 2)
    assert (row.tags, row.behind, row.behind_any, row.probes) == (("a", "b"), ("sw",), ("u1", "u2"), ("icmp", "tcp"))


def test_columns_may_be_left_out_but_for_four_and_stand_in_any_order(tmp_path):
    (row,), mistakes = read(tmp_path, "probes,address,kind,id\nicmp,10.0.0.1,camera,c1\n")
    assert (mistakes, row.name, row.tags, row.behind) == ([], "", (), ())


def test_empty_lines_are_passed_over_and_lines_are_those_of_the_file(tmp_path):
    rows, mistakes = read(tmp_path, HEAD + '\n,,,\n"c1","ca\nmera",10.0.0.1,icmp\nc2,camera,10.0.0.2,icmp\n')
    assert mistakes == []
    assert [(row.id, row.line) for row in rows] == [("c1", 5), ("c2", 6)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"\xff\xfea\x00", ["a.csv:1: wanted CSV in UTF-8 or GB18030"]),
        (
            "id,kind,adress,probes\n",
            [
                "a.csv:1: adress: got an unknown column, wanted one of "
                + ", ".join(COLUMNS)
                + '; did you mean "address"?',
                "a.csv:1: address: got nothing, wanted this column",
            ],
        ),
        ("id,id,kind,address,probes\n", ["a.csv:1: id: got the column twice, wanted it once"]),
        ("", [f"a.csv:1: {name}: got nothing, wanted this column" for name in REQUIRED]),
        (HEAD + "c1,camera\n", ["a.csv:2: got 2 cells, wanted 4, as in the first line"]),
        (HEAD + "c1,camera,10.0.0.1,icmp,x\n", ["a.csv:2: got 5 cells, wanted 4, as in the first line"]),
        (
            HEAD + ",camera,,icmp\n",
            ['a.csv:2: id: got "", wanted a value', 'a.csv:2: address: got "", wanted a value'],
        ),
        (HEAD + '"c1,camera\n', ["a.csv:2: got no CSV: unexpected end of data, wanted CSV"]),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, text, found):
    rows, mistakes = read(tmp_path, text)
    assert (rows, mistakes) == ([], found)


def test_rows_that_are_right_are_read_beside_those_that_are_not(tmp_path):
    rows, mistakes = read(tmp_path, HEAD + "c1,camera,10.0.0.1,icmp\nc2,,10.0.0.2,icmp\nc3,camera,10.0.0.3,icmp\n")
    assert [row.id for row in rows] == ["c1", "c3"]
    assert mistakes == ['a.csv:3: kind: got "", wanted a value']


CELL = st.text(alphabet=st.characters(exclude_characters="\0", codec="utf-8"), max_size=6)


@given(st.lists(st.tuples(CELL, CELL, CELL, CELL), max_size=5))
def test_law_whatever_stands_in_the_cells_each_row_is_read_or_told(tmp_path_factory, cells):
    import csv
    import io

    out = io.StringIO(newline="")
    csv.writer(out).writerows([HEAD.strip().split(","), *cells])
    rows, mistakes = read(tmp_path_factory.mktemp("i"), out.getvalue())
    filled = [row for row in cells if any(cell.strip() for cell in row)]
    whole = [row for row in filled if all(cell.strip() for cell in row)]
    assert len(rows) == len(whole)
    assert bool(mistakes) == (len(whole) < len(filled))
    assert [row.id for row in rows] == [row[0].strip() for row in whole]
