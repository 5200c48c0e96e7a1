"""Answers that are nearly right: a good one with bytes turned, lost, doubled and put in, for Hypothesis."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SHORT = 120
"""Examples a parser in `make test`."""
LONG = 5_000 * (10 if os.environ.get("FAULTS") == "long" else 1)
"""In `make test-faults`."""
_TOKENS = (
    b"\r\n",
    b"\0",
    b"\xff" * 4,
    b"%s",
    b"\x30\x80",
    b"9" * 30,
    b"-1",
    b"<a>",
    b"\xc0\x0c",
    b":" * 9,
    b'"',
    b"\n " * 50,
)


@st.composite
def _mangled(draw: st.DrawFn, seeds: Sequence[bytes]) -> bytes:
    data = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 12))
        what = draw(st.sampled_from(("turn", "lose", "double", "put in", "token", "end")))
        if what == "turn" and at < len(data):
            data[at] ^= draw(st.integers(1, 255))
        elif what == "lose":
            del data[at : at + length]
        elif what == "double":
            data[at:at] = data[at : at + length] * draw(st.integers(1, 20))
        elif what == "put in":
            data[at:at] = draw(st.binary(max_size=8))
        elif what == "token":
            data[at:at] = draw(st.sampled_from(_TOKENS))
        elif what == "end":
            del data[at:]
    return bytes(data)


def holds(check: Callable[[bytes], None], seeds: Sequence[bytes], examples: int) -> None:
    """Run the check on noise, on these seeds, and on what is nearly one of them."""

    @settings(max_examples=examples)
    @given(data=st.one_of(st.binary(max_size=200), _mangled(seeds)))
    def every(data: bytes) -> None:
        check(data)

    for each in seeds:
        check(each)
    every()
