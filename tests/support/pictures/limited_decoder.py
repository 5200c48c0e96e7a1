"""The decoder's program with other limits: `python limited_decoder.py WALL_S=3600 CPU_S=1 … SOCKET`."""

from __future__ import annotations

import sys
from pathlib import Path

from probes.picture import decode_child
from probes.picture.decoder import Decoder


def limited_decoder(**limits: float) -> Decoder:
    """A decoder whose children have these limits, and all the time of the wall clock: a busy machine ends none."""
    given = {"WALL_S": 86_400, **limits}
    assert all(isinstance(getattr(decode_child, name), int | float) for name in given)
    return Decoder((str(Path(__file__).resolve()), *(f"{name}={value}" for name, value in given.items())))


if __name__ == "__main__":
    *limits, control = sys.argv[1:]
    for each in limits:
        name, _, value = each.partition("=")
        setattr(decode_child, name, float(value) if "." in value else int(value))
    sys.argv[1:] = [control]
    decode_child.main()
