"""`sla-check`: judges a month of a contract, from evidence or from a ledger (SPEC §10)."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from config.errors import ConfigError
from config.i18n import Language, in_language
from sla.evidence import EvidenceError
from sla.instants import ms_of, parse_instant, parse_month

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sla.evidence import Evidence

EXIT_OF = {"met": 0, "breached": 1, "not_assessable": 3}
BAD_USE = 2


class UsageError(Exception):
    """Something asked for cannot be done; the text tells the person why and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `sla-check`; the exit code is SPEC §10's."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    language = _language_of(words)
    options = _parser(language).parse_args(words)
    gc.disable()  # a short life that makes a million small values and no circles: collecting costs a third of it
    try:
        return _check(options, language)
    except ConfigError as error:
        return _refuse(error.told(language))
    except (EvidenceError, UsageError) as error:
        return _refuse(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BAD_USE
    except OSError as error:
        return _refuse(f"{error.filename or ''}: {error.strerror or error}")


def _refuse(text: str) -> int:
    sys.stderr.write(text.rstrip("\n") + "\n")
    return BAD_USE


def _language_of(words: Sequence[str]) -> Language:
    """`--lang en` anywhere among the arguments, since the help itself is told in it; Chinese otherwise."""
    for word, after in zip(words, [*words[1:], ""], strict=True):
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
    parser.add_argument("--month", required=True, metavar="YYYY-MM", help=say("the month to judge, e.g. 2026-10"))
    parser.add_argument("--contract", required=True, type=Path, metavar="C.toml", help=say("the contract file"))
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--evidence", type=Path, metavar="E.jsonl", help=say("an evidence file (JSON Lines)"))
    source.add_argument(
        "--ledger", type=Path, metavar="L.db", help=say("a ledger file, or the agent's state directory")
    )
    parser.add_argument("--as-of", metavar="T", help=say("judge with what was known at this instant (RFC 3339)"))
    parser.add_argument("--format", choices=("text", "json", "html"), default="text", help=say("form of the result"))
    parser.add_argument("--output", type=Path, metavar="FILE", help=say("write to this file, not to the terminal"))
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help=say("language of text and html"))
    return parser


def _check(options: argparse.Namespace, language: Language) -> int:
    from sla.contract_file import read_contract  # noqa: PLC0415 - `--help` answers without pydantic
    from sla.judge import judge  # noqa: PLC0415 - likewise
    from sla.reports import render  # noqa: PLC0415 - likewise

    _month(options.month)
    contract = read_contract(options.contract)
    evidence = _evidence(options)
    judgement = judge(contract, evidence, options.month, _as_of(options, evidence))
    _write(options.output, render(options.format, judgement, language))
    return EXIT_OF[judgement.verdict]


def _month(text: str) -> None:
    try:
        parse_month(text)
    except ValueError as error:
        msg = f"--month: {error}"
        raise UsageError(msg) from None


def _evidence(options: argparse.Namespace) -> Evidence:
    if options.evidence is not None:
        from sla.evidence_file import read_evidence  # noqa: PLC0415 - numpy only where it is needed

        return read_evidence(options.evidence)
    from sla.ledger import LedgerError, LedgerView  # noqa: PLC0415 - SQLite only where it is needed

    try:
        return LedgerView.open(options.ledger).evidence()
    except LedgerError as error:
        raise UsageError(str(error)) from None


def _as_of(options: argparse.Namespace, evidence: Evidence) -> int:
    """As given; else the latest instant of an evidence file, or now for a ledger that may be live."""
    if options.as_of is not None:
        try:
            return parse_instant(options.as_of)
        except ValueError as error:
            msg = f"--as-of: {error}"
            raise UsageError(msg) from None
    if options.ledger is not None:
        return ms_of(datetime.now(UTC))  # noqa: TID251 - SPEC §10: with a live ledger, as_of is now
    latest = evidence.latest_at()
    if latest is None:
        raise UsageError(f"{options.evidence}: no record has an instant; say --as-of")  # noqa: EM102 - told once
    return latest


def _write(output: Path | None, text: str) -> None:
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
