"""CPU seconds for pings of loopback hosts: ours, fping, icmplib; and false loss.

Run as root: `python bench/icmp_engine.py [--hosts 10000] [--rounds 5]`. Rounds are interleaved, medians printed;
absolute times differ from machine to machine, so compare within one run. `false loss`: hosts that were said
to be down; every host of 127.0.0.0/8 answers. `whole`: of the process; `measured`: of ours, without its start and
imports, but with making looks of addresses, beside the whole of fping (which reads them, pings them and says so).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

CONTESTANTS = (
    "ours, as fast as it goes",
    "ours, 10,000 a second",
    "fping -i 0",
    "icmplib, 50 at once",
)


def hosts(count: int) -> list[str]:
    """127.0.0.1 onwards."""
    return [f"127.{each >> 16 & 255}.{each >> 8 & 255}.{each & 255}" for each in range(1, count + 1)]


async def ours(count: int, rate: int, burst: int = 64) -> tuple[int, float]:
    """How many looks did not end in ok, and what they cost. `burst`: requests that leave at once."""
    from probes.batch import ProbeRequest  # noqa: PLC0415 - likewise
    from probes.kinds.icmp import Options  # noqa: PLC0415 - its price is part of the measurement
    from probes.ping.engine import IcmpEngine  # noqa: PLC0415 - likewise

    addresses, lost = hosts(count), 0

    def deliver(_index: int, outcome: object) -> None:
        nonlocal lost
        lost += outcome.outcome != "ok"

    began_s = time.process_time()
    engine, options = IcmpEngine(rate=rate, burst=burst), Options()
    await engine.run([ProbeRequest(address=each, options=options, timeout_s=2) for each in addresses], deliver)
    engine.close()
    return lost, time.process_time() - began_s


async def icmplib(count: int) -> int:
    """How many hosts were said to be dead."""
    from icmplib import async_multiping  # noqa: PLC0415 - its price is part of the measurement

    seen = await async_multiping(hosts(count), count=1, timeout=2, concurrent_tasks=50, privileged=True)
    return sum(not each.is_alive for each in seen)


def contest(name: str, count: int) -> tuple[int, float]:
    """One contestant, in a process of its own: hosts falsely lost, CPU seconds measured inside."""
    if name == CONTESTANTS[0]:
        return asyncio.run(ours(count, 10_000_000, burst=256))
    if name == CONTESTANTS[1]:
        return asyncio.run(ours(count, 10_000))
    return asyncio.run(icmplib(count)), time.process_time()


def measured(name: str, count: int, folder: Path) -> tuple[int, float, float]:
    """Hosts falsely lost; CPU seconds of the process, and of what is measured of it."""
    if name.startswith("fping"):
        listed = folder / "hosts"
        listed.write_text("\n".join(hosts(count)))
        command = ["fping", "-i", "0", "-r", "0", "-t", "2000", "-u", "-f", str(listed)]
    else:
        command = [sys.executable, __file__, "--contest", name, "--hosts", str(count)]
    with (folder / "out").open("w+") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read()
    whole = usage.ru_utime + usage.ru_stime
    if name.startswith("fping"):
        return len(text.splitlines()), whole, whole
    lost, inside = text.split()
    return int(lost), whole, float(inside)


def main() -> None:
    """Measure all, interleaved, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--contest", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.contest:
        sys.stdout.write(" ".join(map(str, contest(options.contest, options.hosts))))
        return
    names = [each for each in CONTESTANTS if not each.startswith("fping") or shutil.which("fping")]
    seen: dict[str, list[tuple[int, float, float]]] = {each: [] for each in names}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.rounds):
            for name in names:
                seen[name].append(measured(name, options.hosts, Path(folder)))
    medians = {name: [statistics.median(each) for each in zip(*found, strict=True)] for name, found in seen.items()}
    peer = medians.get(CONTESTANTS[2])
    sys.stdout.write(f"{options.hosts} hosts, {options.rounds} rounds, CPU seconds\n")
    for name, (_lost, whole, inside) in medians.items():
        ratio = f"   times fping {inside / peer[2]:5.2f}" if peer else ""
        lost = sum(each[0] for each in seen[name])
        sys.stdout.write(f"{name:28} whole {whole:6.3f}   measured {inside:6.3f}{ratio}   false loss {lost}\n")


if __name__ == "__main__":
    main()
