"""`sla-check`: judges a month of a contract, from evidence or from a ledger (SPEC §10)."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from config.errors import ConfigError
from config.i18n import Language, in_language
from sla.cli_modes import MODES, Mode
from sla.evidence import EvidenceError
from sla.request import BAD_USE, Request, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sla.request import Answer

FORMATS = {"text": "txt", "json": "json", "html": "html", "pdf": "pdf", "docx": "docx", "xlsx": "xlsx"}
"""Form of a result → the suffix of its file."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `sla-check`; the exit code is SPEC §10's."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["verify"]:
        from sla.ledger.verifier import main as verify  # noqa: PLC0415 - it stands alone, and needs nothing of ours

        return verify(words[1:])
    language = _language_of(words)
    parser = _parser(language)
    options = parser.parse_args(words)
    mode = _mode(parser, options)
    gc.disable()  # a short life that makes a million small values and no circles: collecting costs a third of it
    try:
        code = (_one if options.all is None else _every)(mode, Request(options, language))
    except ConfigError as error:
        return _refuse(error.told(language))
    except (EvidenceError, UsageError) as error:
        return _refuse(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BAD_USE
    except OSError as error:
        return _refuse(f"{error.filename or ''}: {error.strerror or error}")
    finally:
        gc.enable()
    return code


def _refuse(text: str) -> int:
    sys.stderr.write(text.rstrip("\n") + "\n")
    return BAD_USE


def _language_of(words: Sequence[str]) -> Language:
    """`--lang en` anywhere among the arguments, since the help itself is told in it; Chinese otherwise."""
    for word, after in zip_longest(words, words[1:]):
        if word == "--lang=en" or (word == "--lang" and after == "en"):
            return "en"
    return "zh"


def _parser(language: Language) -> argparse.ArgumentParser:
    def say(text: str) -> str:
        return in_language(text, language)

    parser = argparse.ArgumentParser(
        prog="sla-check",
        description=say("Judge a month of a contract from the evidence, and say what is payable."),
        epilog=say("Exit code: 0 every obligation met, 1 one breached, 3 one not assessable, 2 bad input."),
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--month", metavar="YYYY-MM", help=say("the month to judge, e.g. 2026-10"))
    add("--explain", metavar="ID", help=say("explain an obligation, an item, an incident, a deduction, or payment"))
    add(
        "--what-if",
        type=Path,
        metavar="C2.toml",
        help=say("judge the same evidence under another contract, side by side"),
    )
    add("--quarter", metavar="YYYY-Qn", help=say("a quarter, e.g. 2026-Q3: its months added up"))
    add("--year", metavar="YYYY", help=say("a year, e.g. 2026: its months added up"))
    add("--lint", type=Path, metavar="C.toml", help=say("tell which clauses of a contract cannot be tested, and why"))
    add("--site", type=Path, metavar="SITE.toml", help=say("with --lint: the site that the contract is about"))
    add("--standard", action="store_true", help=say("write the acceptance standard that the contract amounts to"))
    add("--contract", type=Path, metavar="C.toml", help=say("the contract file"))
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--evidence", type=Path, metavar="E.jsonl", help=say("an evidence file (JSON Lines)"))
    source.add_argument(
        "--ledger", type=Path, metavar="L.db", help=say("a ledger file, or the agent's state directory")
    )
    add("--as-of", metavar="T", help=say("judge with what was known at this instant (RFC 3339)"))
    add("--format", choices=FORMATS, default="text", help=say("form of the result"))
    add("--output", type=Path, metavar="FILE", help=say("write to this file, not to the terminal"))
    add("--all", type=Path, metavar="DIR", help=say("write every form into this directory"))
    add("--sign", type=Path, metavar="CERT.p12", help=say("sign the PDF with this certificate of yours"))
    add("--sign-password-file", type=Path, metavar="FILE", help=say("its password; else $SLA_SIGN_PASSWORD"))
    add("--lang", choices=("zh", "en"), default="zh", help=say("language of text and html"))
    return parser


def _mode(parser: argparse.ArgumentParser, options: argparse.Namespace) -> Mode:
    """What is asked; ends the program where options are missing that the question needs."""
    given = {name for name, value in vars(options).items() if value not in (None, False)}
    if given & {"evidence", "ledger"}:
        given.add("source")
    asked = next((name for name in reversed(list(MODES)) if name in given), "month")
    missing = sorted(MODES[asked].needs - given)
    if missing:
        spelled = {"source": "--evidence | --ledger"}
        parser.error(
            f"--{asked.replace('_', '-')}: " + ", ".join(spelled.get(name, f"--{name}") for name in missing) + " ?"
        )
    return MODES[asked]


def _signed(answer: Answer, options: argparse.Namespace) -> Answer:
    """The answer, a PDF of it signed if that was asked for."""
    if options.sign is None:
        return answer
    if options.format != "pdf" or not isinstance(answer.content, bytes):
        raise UsageError("--sign: only with --format pdf, or --all")
    from sla.reports.signature import password_of, signed  # noqa: PLC0415 - loaded to sign only

    pdf = signed(answer.content, options.sign, password_of(options.sign_password_file))
    return replace(answer, content=pdf)


def _one(mode: Mode, request: Request) -> int:
    """The form that was asked for."""
    options = request.options
    answer = _signed(mode.answer(request), options)
    _write(options.output, options.format, answer)
    return answer.code


def _every(mode: Mode, request: Request) -> int:
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


if __name__ == "__main__":
    sys.exit(main())
