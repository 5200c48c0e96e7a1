"""`sla-check`: judges a month of a contract, from evidence or from a ledger (SPEC §10)."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from io import TextIOWrapper
from typing import TYPE_CHECKING, NoReturn

from config.input.mistakes import RefusalError
from config.input.usage import BAD_USE
from config.text.command_line import language_of
from config.text.i18n import in_language
from config.text.outside import for_terminal
from sla.cli.modes import MODES, Mode
from sla.cli.options import parser_for
from sla.cli.output import every_form, one_form
from sla.cli.request import Request

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `sla-check`; the exit code is SPEC §10's."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["verify"]:
        from sla.ledger.verifier import main as verify  # noqa: PLC0415 - it stands alone, and needs nothing of ours

        return verify(words[1:])
    language = language_of(words, "zh")
    parser = parser_for(language)
    options = parser.parse_args(words)
    mode = _mode(parser, options)
    gc.disable()  # a short life that makes a million small values and no circles: collecting costs a third of it
    try:
        code = (one_form if options.all is None else every_form)(mode, Request(options, language))
    except RefusalError as error:
        return _refuse(error.text(language))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BAD_USE
    except OSError as error:
        return _refuse(f"{error.filename or ''}: {error.strerror or error}")
    finally:
        gc.enable()
    return code


def program() -> NoReturn:
    """The console script: ends at once; giving a million values back one by one would take a tenth of a second."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that knows no Chinese still gets all figures
    try:
        code = main()
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        code = BAD_USE
    except Exception:  # noqa: BLE001 - ours, whatever it is: it must not end as SPEC's 1, which says "breached"
        traceback.print_exc()
        code = BAD_USE
    os._exit(code)


def _refuse(text: str) -> int:
    sys.stderr.write(for_terminal(text.rstrip("\n")) + "\n")
    return BAD_USE


def _mode(parser: argparse.ArgumentParser, options: argparse.Namespace) -> Mode:
    """What is asked; ends the program where options are missing that the question needs."""
    given = {name for name, value in vars(options).items() if value not in (None, False)}
    if given & {"evidence", "ledger"}:
        given.add("source")
    asked = next((name for name in reversed(list(MODES)) if name in given), "month")
    missing = sorted(MODES[asked].needs - given)
    if missing:
        spelled = {"source": "--evidence | --ledger"}
        text = in_language("{question} also needs: {options}", options.lang)
        named = ", ".join(spelled.get(name, f"--{name}") for name in missing)
        parser.error(text.format(question=f"--{asked.replace('_', '-')}", options=named))
    return MODES[asked]
