"""Where an answer of `sla-check` goes: the terminal, a file, or every form of it into a directory."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from config.input.usage import UsageError
from config.text.sentence import Sentence
from sla.cli.options import FORMATS

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from sla.cli.answer import Answer
    from sla.cli.modes import Mode
    from sla.cli.request import Request


def _signed(answer: Answer, options: argparse.Namespace) -> Answer:
    """The answer, a PDF of it signed if that was asked for."""
    if options.sign is None:
        return answer
    if options.format != "pdf" or not isinstance(answer.content, bytes):
        why = Sentence("only with --format pdf, or --all")
        raise UsageError("{option}: {reason}", option="--sign", reason=why)
    from sla.reports.layout.signature import password_of, signed  # noqa: PLC0415 - loaded to sign only

    pdf = signed(answer.content, options.sign, password_of(options.sign_password_file))
    return replace(answer, content=pdf)


def one_form(mode: Mode, request: Request) -> int:
    """The form that was asked for."""
    options = request.options
    if options.output is None and sys.stdout is None:
        raise UsageError("standard output is closed; say --output FILE")
    answer = _signed(mode.answer(request), options)
    _write(options.output, options.format, answer)
    return answer.code


def every_form(mode: Mode, request: Request) -> int:
    """Every form into one directory; nothing is written before each could be made."""
    options, made, code = request.options, {}, 0
    certificate = options.sign
    for form, suffix in FORMATS.items():
        options.format, options.sign = form, certificate if form == "pdf" else None
        answer = _signed(mode.answer(request), options)
        made[suffix], code = answer.content, answer.code
    options.all.mkdir(parents=True, exist_ok=True)
    named = next(
        (getattr(options, name) for name in ("quarter", "year", "month") if getattr(options, name, None)), "standard"
    )
    if options.self_evaluation is not None:
        named += "-self-evaluation"
    for suffix, content in made.items():
        path = options.all / f"{named}.{suffix}"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        sys.stdout.write(f"{path}\n")
    return code


def _write(output: Path | None, form: str, answer: Answer) -> None:
    content = answer.content
    if output is not None:
        output.write_bytes(content.encode() if isinstance(content, str) else content)
    elif isinstance(content, str):
        sys.stdout.write(content)
        sys.stdout.flush()
    elif form != "json" and sys.stdout.isatty():
        raise UsageError("--output FILE: this form is for a file, not for a terminal")
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
