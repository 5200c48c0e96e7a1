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
