"""Secrets: where they are, who else may read them, and the one way in which all packages read them.

A site file names a file or a variable of the environment, never a secret itself. Messages name the same.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.input.mistakes import RefusalError, shown
from config.text.sentence import Sentence

if TYPE_CHECKING:
    from pathlib import Path

_OTHERS_MAY = stat.S_IRWXG | stat.S_IRWXO


class SecretMissingError(RefusalError):
    """A secret is not where it should be; the sentence names the file or the variable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """Where a secret is: in a file, or in a variable of the environment, which is asked first; or none is named.

    It stays there until it is needed, and is in no repr.
    """

    file: Path | None
    variable: str | None

    @property
    def place(self) -> str:
        """How messages call the place: the path, or `$NAME`; empty if none is named."""
        return f"${self.variable}" if self.variable is not None else str(self.file or "")

    def content(self) -> str:
        """All of the file, or the variable's value; empty if neither is named. SecretMissingError: none is there."""
        if self.variable is not None:
            found = os.environ.get(self.variable)
            if found is None:
                raise SecretMissingError("no secret in {place}", place=self.place)
            return found
        if self.file is None:
            return ""
        try:
            return self.file.read_text(encoding="utf-8")
        except OSError as error:
            raise SecretMissingError(
                "cannot read {file} ({why})", file=self.place, why=error.strerror or ""
            ) from None
        except UnicodeDecodeError:
            raise SecretMissingError("cannot read {file} ({why})", file=self.place, why="no UTF-8") from None

    def text(self) -> str:
        """The first line of the file, or the variable's value; empty if neither is named, or if it is empty.

        SecretMissingError: the file cannot be read, or there is no such variable.
        """
        found = self.content()
        return found if self.variable is not None else found.partition("\n")[0].rstrip("\r")

    def needed_text(self) -> str:
        """The text of a secret that must not be empty where one is named. SecretMissingError: there is none."""
        found = self.text()
        if not found and self.place:
            raise SecretMissingError("no secret in {place}", place=self.place)
        return found


def open_to_others(file: Path) -> tuple[Sentence, Sentence] | None:
    """What is wrong with a file's mode, and what was wanted; None if nothing is. OSError: there is no such file."""
    mode = file.stat().st_mode
    if not mode & _OTHERS_MAY:
        return None
    return (
        Sentence("{file} with mode {mode:o}", file=shown(file.name), mode=stat.S_IMODE(mode)),
        Sentence("a file that only its owner may read: chmod 600 {name}", name=file.name),
    )
