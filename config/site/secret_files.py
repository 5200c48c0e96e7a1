"""Files with secrets: only their owner may read them."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from config.input.mistakes import shown

if TYPE_CHECKING:
    from pathlib import Path

_OTHERS_MAY = stat.S_IRWXG | stat.S_IRWXO


def open_to_others(file: Path) -> tuple[str, str]:
    """What is wrong with a file's mode, and what was wanted; empty if nothing is. OSError: there is no such file."""
    mode = file.stat().st_mode
    if not mode & _OTHERS_MAY:
        return "", ""
    got = f"{shown(file.name)} with mode {stat.S_IMODE(mode):o}"
    return got, f"a file that only its owner may read: chmod 600 {file.name}"
