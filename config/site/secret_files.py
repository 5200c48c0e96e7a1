"""Files with secrets: only their owner may read them."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from config.input.mistakes import shown
from config.text.sentence import Sentence

if TYPE_CHECKING:
    from pathlib import Path

_OTHERS_MAY = stat.S_IRWXG | stat.S_IRWXO


def open_to_others(file: Path) -> tuple[Sentence, Sentence] | None:
    """What is wrong with a file's mode, and what was wanted; None if nothing is. OSError: there is no such file."""
    mode = file.stat().st_mode
    if not mode & _OTHERS_MAY:
        return None
    return (
        Sentence("{file} with mode {mode:o}", file=shown(file.name), mode=stat.S_IMODE(mode)),
        Sentence("a file that only its owner may read: chmod 600 {name}", name=file.name),
    )
