"""CPU milliseconds of a 1080p JPEG, from bytes to measures, in a forked child, the fork included.

Run from the project's folder. `in one process` leaves the child out: what is more is the price of arm's length.
"""

from __future__ import annotations

import asyncio
import io
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from PIL import Image

from probes.net.connection import Deadline
from probes.picture import decode_child
from probes.picture.decoder import Decoder
from probes.picture.measures import measures

PICTURES = 100


def picture() -> bytes:
    rng = np.random.default_rng(1)
    scene = np.kron(rng.integers(30, 220, (27, 48)), np.ones((40, 40)))[:, :, None].repeat(3, axis=2)
    made = io.BytesIO()
    Image.fromarray(np.clip(scene + rng.normal(0, 3, scene.shape), 0, 255).astype(np.uint8)).save(
        made, "JPEG", quality=85
    )
    return made.getvalue()


def children_s(pid: int) -> float:
    """CPU of a process and of its children that ended, by /proc: who is not waited for is in no getrusage of ours."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


async def at_arms_length(data: bytes) -> float:
    decoder = Decoder()
    try:
        await decoder.measured("JPEG", [data], Deadline(30))
        before = os.times()
        zygote = decoder._process.pid
        begun = children_s(zygote)
        for _ in range(PICTURES):
            await decoder.measured("JPEG", [data], Deadline(30))
        await decoder.measured("JPEG", [data], Deadline(30))  # the last but one is buried
        after = os.times()
        return after.user + after.system - before.user - before.system + children_s(zygote) - begun
    finally:
        decoder.close()


def in_one_process(data: bytes) -> float:
    before = os.times()
    for _ in range(PICTURES):
        measures(decode_child._jpeg(data))
    after = os.times()
    return after.user + after.system - before.user - before.system


def main() -> None:
    data = picture()
    print(f"1080p JPEG of {len(data) >> 10} KiB, CPU ms each, {PICTURES} of them")
    print(f"in one process   {in_one_process(data) * 1000 / PICTURES:.1f}")
    print(f"at arm's length  {asyncio.run(at_arms_length(data)) * 1000 / PICTURES:.1f}")


if __name__ == "__main__":
    main()
