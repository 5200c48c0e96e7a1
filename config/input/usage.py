"""How a program refuses what a person asked of it on the command line."""

from __future__ import annotations

from config.input.mistakes import RefusalError

BAD_USE = 2
"""The exit code of a program that was asked for what cannot be done, or was given a bad file."""


class UsageError(RefusalError):
    """Something asked for cannot be done; the sentence tells the person why and what to do."""
