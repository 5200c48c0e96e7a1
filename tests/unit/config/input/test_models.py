"""Between pydantic and our mistakes: every kind of error has its place, its code, and its sentence in two languages."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError, field_validator, model_validator

from config.input.mistakes import WantedError
from config.input.models import (
    CheckOptions,
    Day,
    Duration,
    Hours,
    Money,
    OneOrMore,
    Port,
    SecretFile,
    Share,
    StrictModel,
    TimeZone,
    Word,
    reading,
    secret_file_keys,
    validated,
    wanted,
)
from config.input.toml_source import TomlSource
from config.text.sentence import Sentence


class Inner(StrictModel):
    """A table in a table."""

    size: int = Field(ge=1, le=9)
    ratio: float = Field(gt=0, default=1.0)

    @model_validator(mode="after")
    def _not_seven(self) -> Inner:
        if self.size == 7:
            raise wanted("a number above {bound}", bound=7)
        return self


def _even(value: object) -> int:
    if not isinstance(value, int) or value % 2:
        raise WantedError("a whole number")
    return value


class Outer(StrictModel):
    """One key of every sort."""

    word: Word = "w"
    flag: bool = False
    text: str = ""
    number: int = 0
    names: list[str] = Field(default_factory=list)
    choice: Literal["up", "down"] = "up"
    password: Word = "p"  # noqa: S105 - no password
    even: Annotated[int, reading(_even)] = 0
    inner: Inner = Inner(size=1)
    many: list[Inner] = Field(default_factory=list)
    begin: Day = date(2026, 1, 1)
    aliased: int = Field(default=0, alias="from")

    @field_validator("text")
    @classmethod
    def _not_bad(cls, text: str) -> str:
        if text == "bad":
            raise WantedError("a value")
        if text == "worse":
            raise ValueError("a stranger's words")
        return text


def mistakes(text: str, model: type[StrictModel] = Outer) -> list[Any]:
    source = TomlSource("f.toml", text)
    found, wrong = validated(model, source.value, source, ())
    assert (found is None) == bool(wrong)
    return wrong


def lines(text: str, language: str = "en") -> list[str]:
    return [each.text(language) for each in mistakes(text)]


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ('word = ""', 'f.toml:1: word: got "", wanted a text that is not empty'),
        ("flag = 1", "f.toml:1: flag: got 1, wanted true or false"),
        ("text = 1", "f.toml:1: text: got 1, wanted a text in quotes"),
        ('number = "1"', 'f.toml:1: number: got "1", wanted a whole number'),
        ("names = 1", "f.toml:1: names: got 1, wanted a list"),
        ("names = [1]", "f.toml:1: names[0]: got 1, wanted a text in quotes"),
        ('choice = "upp"', 'f.toml:1: choice: got "upp", wanted one of up, down; did you mean "up"?'),
        ("choice = 3", "f.toml:1: choice: got 3, wanted one of up, down"),
        ("even = 3", "f.toml:1: even: got 3, wanted a whole number"),
        ("inner = 3", "f.toml:1: inner: got 3, wanted a table"),
        ("inner = { size = 0 }", "f.toml:1: inner.size: got 0, wanted a number at least 1"),
        ("inner = { size = 10 }", "f.toml:1: inner.size: got 10, wanted a number at most 9"),
        ("inner = { size = 7 }", "f.toml:1: inner: got { size = 7 }, wanted a number above 7"),
        ("inner = {}", "f.toml:1: inner.size: got nothing, wanted this key"),
        ('text = "bad"', 'f.toml:1: text: got "bad", wanted a value'),
        ('begin = "2026-01-01"', 'f.toml:1: begin: got "2026-01-01", wanted a date without quotes, like 2026-01-31'),
        (
            "begin = 2026-01-01T00:00:00",
            "f.toml:1: begin: got 2026-01-01 00:00:00, wanted a date without quotes, like 2026-01-31",
        ),
        ('from = "x"', 'f.toml:1: from: got "x", wanted a whole number'),
        ("[[many]]\nsize = 1\n[[many]]\nsize = 99", "f.toml:4: many[1].size: got 99, wanted a number at most 9"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_in_two_languages(text, english):
    assert lines(text) == [english]
    (chinese,) = lines(text, "zh")
    assert "实为" in chinese
    assert "应为" in chinese
    assert "wanted" not in chinese


def test_a_stranger_s_error_is_shown_as_it_is():
    (mistake,) = mistakes('text = "worse"')
    assert mistake.wanted.text("zh") == "a stranger's words"


@pytest.mark.parametrize("value", ["3", '""', "[1]"])
def test_a_secret_is_never_shown(value):
    (mistake,) = mistakes(f"password = {value}")
    assert mistake.text() == "f.toml:1: password: got a value that is not shown, wanted a text that is not empty"


def test_all_mistakes_come_at_once_each_with_its_code():
    found = mistakes('nmae = 1\nnumber = "x"\n[inner]\nratio = -1.0')
    assert {(each.key, each.code) for each in found} >= {
        ("nmae", "unknown"), ("number", "wrong"), ("inner.size", "missing")
    }  # fmt: skip


def test_an_unknown_key_names_those_that_there_are_where_it_stands():
    (mistake,) = mistakes("[inner]\nsize = 1\nsizes = 2")
    assert mistake.wanted == Sentence("one of {names}", names=["ratio", "size"])
    assert (mistake.hint, mistake.line, mistake.code) == ('"size"', 3, "unknown")
    (outer,) = mistakes("form = 1")
    assert '"from"' in outer.hint
    assert "aliased" not in outer.wanted.text()


def test_a_validator_may_say_of_which_sort_its_mistake_is():
    class Limited(StrictModel):
        """A table that needs a limit."""

        at_most: int | None = None

        @model_validator(mode="after")
        def _limited(self) -> Limited:
            if self.at_most is None:
                raise wanted("one of at_most and at_least", code="limitless")
            return self

    (mistake,) = mistakes("", Limited)
    assert (mistake.code, mistake.wanted) == ("limitless", Sentence("one of at_most and at_least"))


def test_a_sentence_survives_pydantic_with_braces_in_its_values():
    said = "{wanted} {0} %s {"

    class Odd(StrictModel):
        """Refuses everything."""

        @model_validator(mode="after")
        def _refused(self) -> Odd:
            raise wanted("one of {names}", names=[said])

    (mistake,) = mistakes("", Odd)
    assert mistake.wanted.text() == f"one of {said}"
    with pytest.raises(ValidationError):
        Odd()


def test_a_good_table_is_its_model():
    source = TomlSource("f.toml", 'word = "x"\ninner = { size = 2 }\nbegin = 2026-02-03')
    found, wrong = validated(Outer, source.value, source, ())
    assert wrong == []
    assert (found.word, found.inner.size, found.begin) == ("x", 2, date(2026, 2, 3))


class Quantities(StrictModel):
    """Every quantity of a site or contract file."""

    duration: Duration = 0
    share: Share = Fraction(0)
    money: Money = Decimal(0)
    hours: Hours = (0, 1)
    port: Port = 1
    zone: TimeZone = "UTC"
    words: OneOrMore = ()


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ('duration = "90s"', "duration", 90_000),
        ('share = "98%"', "share", Fraction(49, 50)),
        ('money = "1200.00"', "money", Decimal("1200.00")),
        ('hours = "08:00-18:00"', "hours", (480, 1080)),
        ("port = 65535", "port", 65_535),
        ('zone = "Asia/Shanghai"', "zone", "Asia/Shanghai"),
        ('words = "one"', "words", ("one",)),
        ('words = ["b", "a", "b"]', "words", ("b", "a")),
    ],
)
def test_quantities_are_read_as_people_write_them(text, key, value):
    source = TomlSource("f.toml", text)
    found, wrong = validated(Quantities, source.value, source, ())
    assert wrong == []
    assert getattr(found, key) == value


@pytest.mark.parametrize("key", ["duration", "share", "money", "hours", "port", "zone", "words"])
@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "true", "[]", "{}", "2026-01-01", '"\\u0000"', "-1"])
def test_no_value_of_another_sort_is_any_quantity(key, value):
    if (key, value) == ("words", '"\\u0000"'):
        return
    source = TomlSource("f.toml", f"{key} = {value}")
    found, wrong = validated(Quantities, source.value, source, ())
    assert found is None
    assert [each.key for each in wrong] == [key]


def test_a_time_zone_that_is_nearly_one_is_hinted_at():
    source = TomlSource("f.toml", 'zone = "Asia/Shangai"')
    _, (mistake,) = validated(Quantities, source.value, source, ())
    assert mistake.wanted.text() == 'an IANA time zone, like "Asia/Shanghai"; did you mean "Asia/Shanghai"?'
    assert mistake.wanted.text("zh").endswith('"Asia/Shanghai"？')


@given(
    st.recursive(
        st.one_of(st.text(max_size=5), st.integers(), st.booleans()), lambda inner: st.lists(inner, max_size=3)
    )
)
def test_law_whatever_stands_in_a_file_is_a_model_or_mistakes_with_chinese(value):
    source = TomlSource("f.toml", "")
    for key in Quantities.model_fields:
        found, wrong = validated(Quantities, {key: value}, source, ())
        assert (found is None) == bool(wrong)
        for mistake in wrong:
            assert mistake.text("zh") != mistake.text("en")


def test_options_of_a_probe_have_nothing_against_any_address_unless_they_say_so():
    assert CheckOptions().misfit("anything at all", 1) is None
    assert CheckOptions.patience is None


class Kept(StrictModel):
    """Files, of which some hold a secret."""

    plain: Word = "p"
    maybe: SecretFile | None = None
    needed: SecretFile
    other: Word | None = None
    renamed: SecretFile = Field(alias="in_file", default="f")


class KeptToo(Kept):
    """As a kind of probe has them, from what it shares with others."""

    one_more: SecretFile | None = None


def test_keys_of_secret_files_are_found_by_their_type_as_the_file_spells_them_and_inherited():
    assert secret_file_keys(Kept) == ["maybe", "needed", "in_file"]
    assert secret_file_keys(KeptToo) == ["maybe", "needed", "in_file", "one_more"]
    assert secret_file_keys(Quantities) == []


def test_a_secret_file_is_a_text_that_is_not_empty_as_any_other_file_is():
    source = TomlSource("f.toml", 'needed = " "')
    _, (mistake,) = validated(Kept, source.value, source, ())
    assert (mistake.key, mistake.wanted.text()) == ("needed", "a text that is not empty")


@pytest.mark.parametrize(("disabled", "said"), [(None, "alone"), ("another", "plugin")], ids=["ours", "control"])
def test_what_is_installed_beside_us_takes_no_part(tmp_path: Path, disabled, said):
    """A plugin of pydantic's that anybody may have installed; the control: it would be loaded without our word."""
    (tmp_path / "beside.py").write_text("raise ImportError('plugin')\n")
    (tmp_path / "beside-1.dist-info").mkdir()
    (tmp_path / "beside-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: beside\nVersion: 1\n")
    (tmp_path / "beside-1.dist-info" / "entry_points.txt").write_text("[pydantic]\nbeside = beside\n")
    program = "from config.input.models import StrictModel\nclass Table(StrictModel):\n    a: int\nTable(a=1)\nprint('alone')\n"
    places = {"PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[4]}", "PATH": os.environ["PATH"]}
    told = {} if disabled is None else {"PYDANTIC_DISABLE_PLUGINS": disabled}
    done = subprocess.run(
        [sys.executable, "-c", program], env=places | told, capture_output=True, text=True, check=True
    )
    assert said in (done.stdout if disabled is None else done.stderr)
    assert ("plugin" in done.stderr) is (disabled is not None)
