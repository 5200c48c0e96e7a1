"""Where an answer goes, and that nothing is written where one form of it cannot be made."""

from __future__ import annotations

import io
import sys

import pytest

from config.input.usage import UsageError
from sla.cli.answer import Answer
from sla.cli.options import FORMATS
from sla.cli.output import every_form, one_form


class Fixed:
    """A question that is always answered with the same."""

    def __init__(self, content: str | bytes = "text\n", code: int = 0) -> None:
        self.content, self.code = content, code
        self.forms: list[str] = []

    def answer(self, request) -> Answer:
        self.forms.append(request.options.format)
        return Answer(self.content, self.code)


@pytest.mark.parametrize(("content", "raw"), [("文\n", "文\n".encode()), (b"\x00\xff", b"\x00\xff")])
def test_a_named_file_gets_exactly_the_answer(request_of, tmp_path, content, raw):
    target = tmp_path / "answer"
    assert one_form(Fixed(content, 3), request_of(["--output", str(target)])) == 3
    assert target.read_bytes() == raw


def test_text_goes_to_the_standard_output(request_of, capsys):
    assert one_form(Fixed("one\n", 1), request_of([])) == 1
    assert capsys.readouterr().out == "one\n"


def test_bytes_go_to_a_pipe_as_they_are(request_of, monkeypatch):
    out = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", out)
    assert one_form(Fixed(b"\x89PDF"), request_of(["--format", "pdf"])) == 0
    assert out.buffer.getvalue() == b"\x89PDF"


def test_a_closed_output_is_refused_before_anything_is_judged(request_of, monkeypatch):
    mode = Fixed()
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(UsageError, match="standard output is closed; say --output FILE"):
        one_form(mode, request_of([]))
    assert mode.forms == []


@pytest.mark.parametrize("form", ["text", "json", "html", "docx"])
def test_only_a_pdf_can_be_signed(request_of, tmp_path, form):
    with pytest.raises(UsageError) as refused:
        one_form(Fixed(), request_of(["--format", form, "--sign", str(tmp_path / "c.p12")]))
    assert str(refused.value) == "--sign: only with --format pdf, or --all"
    assert refused.value.text("zh") == "--sign：只能与 --format pdf 或 --all 同用"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["--month", "2026-10"], "2026-10"),
        (["--quarter", "2026-Q3"], "2026-Q3"),
        (["--year", "2026"], "2026"),
        (["--year", "2026", "--self-evaluation", "f.toml"], "2026-self-evaluation"),
        (["--standard"], "standard"),
    ],
)
def test_every_form_stands_in_the_directory_by_what_was_asked(request_of, tmp_path, capsys, words, name):
    mode, folder = Fixed("text\n", 1), tmp_path / "deep" / "reports"
    assert every_form(mode, request_of([*words, "--all", str(folder)])) == 1
    assert mode.forms == list(FORMATS)
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{name}.{suffix}" for suffix in FORMATS.values())
    assert capsys.readouterr().out.splitlines() == [f"{folder / name}.{suffix}" for suffix in FORMATS.values()]


def test_where_one_form_cannot_be_made_none_is_written(request_of, tmp_path):
    class Failing(Fixed):
        def answer(self, request) -> Answer:
            if request.options.format == "xlsx":
                raise UsageError("a list")
            return super().answer(request)

    with pytest.raises(UsageError):
        every_form(Failing(), request_of(["--month", "2026-10", "--all", str(tmp_path / "out")]))
    assert not (tmp_path / "out").exists()
