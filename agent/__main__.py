"""`sla-agent`: finds the command, runs it, and says why it cannot be done."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from agent.cli.parser import parse
from agent.exit_codes import BAD_USE
from config.input.mistakes import RefusalError
from config.input.usage import UsageError
from config.text.command_line import language_of, language_of_environment
from config.text.outside import for_terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.text.i18n import Language


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `sla-agent`; the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    language = language_of(words, language_of_environment())
    command, options = parse(words, language)
    try:
        _refuse_closed_output(command.name)
        return command.load().run(options)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BAD_USE
    except (RefusalError, OSError) as error:
        return _refuse(_reason(error, language))


def _reason(error: RefusalError | OSError, language: Language) -> str:
    if isinstance(error, OSError):
        return f"{error.filename or ''}: {error.strerror or error}"
    return error.text(language)


def _refuse_closed_output(command: str) -> None:
    if sys.stdout is None and command != "run":
        raise UsageError("standard output is closed")


def _refuse(text: str) -> int:
    if sys.stderr is not None:
        sys.stderr.write(for_terminal(text.rstrip("\n")) + "\n")
    return BAD_USE


if __name__ == "__main__":
    sys.exit(main())
