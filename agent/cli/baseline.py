"""`sla-agent baseline`: keep what a camera usually shows, to compare later pictures with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from agent.cli.command import ArgumentForm


def add_arguments(form: ArgumentForm) -> None:
    """The file of the camera's profiles, a name for this one, and how to get at the picture."""
    form.path("file", "the file of the camera's profiles", metavar="FILE.json")
    form.text("profile", "a name for it, like day or night", metavar="NAME")
    form.probe("how the picture is had: frame (a stream) or snapshot (a still)")


def run(options: argparse.Namespace) -> int:
    """0: it is kept; 2: there was no picture, or no usual one."""
    from agent.by_hand.baseline import baseline  # noqa: PLC0415 - numpy and the decoder of pictures

    return baseline(options)
