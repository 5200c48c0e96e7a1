"""Every key of a TOML file knows its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.input.mistakes import ConfigError
from config.input.toml_source import TomlSource, read_toml, spelled

TEXT = '''# a comment = "1"
a = 1
b.c = "x#y"
[t]
k = [ 1,
  2, # c ] = 3
  { q = 3 }
]
s = """
multi = \\""" 1
""" # z
d = 2026-01-01 10:00:00
"quoted key" = 'it''s'
[[o]]
id = "1"
[o.scope]
kind = 'a'
[[o]]
deduct = { per = "1%", amount = "2" }
[[o.sub]]
z = 1
'''.replace("'it''s'", "'it[s'")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a",), 2),
        (("b", "c"), 3),
        (("t",), 4),
        (("t", "k"), 5),
        (("t", "k", 1), 6),
        (("t", "k", 2, "q"), 7),
        (("t", "s"), 9),
        (("t", "d"), 12),
        (("t", "quoted key"), 13),
        (("o", 0, "id"), 15),
        (("o", 0, "scope", "kind"), 17),
        (("o", 1), 18),
        (("o", 1, "deduct", "amount"), 19),
        (("o", 1, "sub", 0, "z"), 21),
        (("o", 1, "missing"), 18),
        (("nowhere",), 1),
    ],
)
def test_a_key_knows_its_line(path, line):
    assert TomlSource("x", TEXT).line(path) == line


keys = st.from_regex(r"[a-z][a-z0-9_-]{0,5}", fullmatch=True)
values = st.sampled_from(
    ['"a # b"', "'[x]'", "1", "true", '[1, "]", 3]', '{ x = 1, y = "}" }', '"""\nm\n"""', "1979-05-27"]
)


@given(
    st.lists(
        st.tuples(
            keys, st.lists(st.tuples(keys, values), unique_by=lambda pair: pair[0], max_size=4), st.integers(0, 2)
        ),
        max_size=5,
        unique_by=lambda table: table[0],
    )
)
def test_the_line_of_every_key_of_any_file_is_found(tables):
    lines, expected = [], {}
    for name, pairs, blank in tables:
        lines += [""] * blank
        lines.append(f"[{name}] # [[not a header]]")
        expected[name,] = len(lines)
        for key, value in pairs:
            expected[name, key] = len(lines) + 1
            lines += f"{key} = {value}".split("\n")
    source = TomlSource("x", "\n".join(lines))
    assert {path: source.line(path) for path in expected} == expected


def test_a_file_that_is_no_toml_is_told_with_its_line():
    with pytest.raises(ConfigError, match="x:2: got no TOML"):
        TomlSource("x", "a = 1\nb = = 2\n")


def test_bytes_that_are_no_text_are_told_with_their_line(tmp_path):
    (tmp_path / "x.toml").write_bytes(b"a = 1\nb = '\xff'\n")
    with pytest.raises(ConfigError, match="x.toml:2: wanted text in UTF-8"):
        read_toml(tmp_path / "x.toml")


def test_a_file_that_is_not_there_is_told():
    with pytest.raises(ConfigError, match="No such file"):
        read_toml(__import__("pathlib").Path("nowhere.toml"))


def test_a_path_is_spelled_as_people_write_it():
    assert spelled(("obligations", 0, "deduct", "per")) == "obligations[0].deduct.per"


others = keys.filter(lambda key: key != "inner")
arrays = st.lists(
    st.lists(st.tuples(others, values), unique_by=lambda pair: pair[0], max_size=3), min_size=1, max_size=4
)


@given(arrays)
def test_law_every_table_of_an_array_knows_its_line_and_those_of_its_keys(tables):
    lines, expected = [], {}
    for number, pairs in enumerate(tables):
        lines += ["# [[rows]]", "[[rows]]"]
        expected["rows", number] = len(lines)
        for key, value in pairs:
            expected["rows", number, key] = len(lines) + 1
            lines += f"{key} = {value}".split("\n")
        lines.append("[rows.inner]")
        expected["rows", number, "inner"] = len(lines)
        lines.append('last = "]]"')
        expected["rows", number, "inner", "last"] = len(lines)
    source = TomlSource("x", "\n".join(lines))
    assert {path: source.line(path) for path in expected} == expected


@given(
    st.lists(st.sampled_from(["1", '"a,b]"', "'c'", "[2, 3]", "{ x = 1 }", "true"]), min_size=1, max_size=6),
    st.integers(0, 3),
)
def test_law_every_element_of_a_list_knows_its_line(elements, blank):
    gap = "\n" * (blank + 1)
    text = "list = [" + gap + f", # not the end ]{gap}".join(elements) + gap + "]\nafter = 1\n"
    source = TomlSource("x", text)
    assert [source.line(("list", n)) for n in range(len(elements))] == [
        1 + (blank + 1) * (n + 1) for n in range(len(elements))
    ]
    assert source.line(("after",)) == text.count("\n")


@given(st.text(max_size=60))
def test_law_any_text_is_read_or_refused_with_a_line_that_it_has(text):
    try:
        source = TomlSource("x", text)
    except ConfigError as error:
        (mistake,) = error.mistakes
        assert 1 <= mistake.line <= text.count("\n") + 1
        assert mistake.text("zh") != mistake.text("en")
    else:
        assert all(source.line((key,)) <= text.count("\n") + 1 for key in source.value)


def test_a_file_that_is_nested_too_deeply_is_refused():
    with pytest.raises(ConfigError, match="wanted TOML that is not nested so deeply"):
        TomlSource("x", "a = " + "[" * 100_000)


def test_a_file_that_is_too_big_is_refused(tmp_path):
    (tmp_path / "x.toml").write_bytes(b"#" * ((16 << 20) + 1))
    with pytest.raises(ConfigError, match="wanted a file of at most 16 MiB"):
        read_toml(tmp_path / "x.toml")


@pytest.mark.parametrize("raw", [b"\xef\xbb\xbfa = 1\n", b"a = 1\r\n\r\nb = 2\r\n"])
def test_files_of_windows_are_read(tmp_path, raw):
    (tmp_path / "x.toml").write_bytes(raw)
    source = read_toml(tmp_path / "x.toml")
    assert source.line(("a",)) == 1
    assert source.line(("b",)) == (3 if b"b" in raw[4:] else 1)


@pytest.mark.parametrize(
    ("path", "text"),
    [((), ""), (("a",), "a"), (("a", 0), "a[0]"), (("a", 0, 1, "b"), "a[0][1].b"), (("a b", "c"), "a b.c")],
)
def test_paths_are_spelled_with_brackets_and_points(path, text):
    assert spelled(path) == text
