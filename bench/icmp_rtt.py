"""How wrong the round-trip times are: ours and fping's, each beside what the kernel saw on the wire in the same run.

Run as root: `python bench/icmp_rtt.py [--hosts 4000] [--rounds 3]`. A packet socket on the loopback interface keeps
the kernel's stamps of every request as it leaves and every reply as it arrives; a tool's error is what it says less
that.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import socket
import statistics
import struct
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.icmp_engine import hosts
from probes.batch import ProbeRequest
from probes.kinds.icmp import Options
from probes.ping.engine import IcmpEngine

RATES = (1_000, 10_000)
_SO_TIMESTAMPNS, _SO_RCVBUFFORCE = 35, 33
_ALL = 3  # only such a socket is shown what leaves
_OUTGOING, _HOST = 4, 0
_ECHO, _REPLY = 8, 0


class Wire:
    """Kernel stamps of pings on loopback, in nanoseconds, by the address that is asked."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ALL))
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, 256 << 20)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._socket.bind(("lo", _ALL))
        self._socket.setblocking(False)  # noqa: FBT003 - its only spelling

    def round_trips_us(self) -> dict[str, float]:
        """Of all hosts that were pinged since the last call."""
        left: dict[str, int] = {}
        found: dict[str, float] = {}
        while True:
            try:
                data, control, _flags, (_name, _protocol, kind, *_rest) = self._socket.recvmsg(256, 64)
            except BlockingIOError:
                return found
            if data[9] != socket.IPPROTO_ICMP:
                continue
            seconds, nanoseconds = struct.unpack("qq", control[0][2])
            at, code = seconds * 10**9 + nanoseconds, data[(data[0] & 15) * 4]
            if code == _ECHO and kind == _OUTGOING:
                left.setdefault(socket.inet_ntoa(data[16:20]), at)
            elif code == _REPLY and kind == _HOST:
                host = socket.inet_ntoa(data[12:16])
                if host in left:
                    found.setdefault(host, (at - left[host]) / 1000)


async def ours(asked: list[str], rate: int) -> dict[str, float]:
    engine, found = IcmpEngine(rate=rate), {}
    looks = [ProbeRequest(address=each, options=Options(), timeout_s=2) for each in asked]
    await engine.run(looks, lambda i, outcome: found.update({asked[i]: outcome.metrics["rtt_ms"] * 1000}))
    engine.close()
    return found


def fping(asked: list[str], rate: int) -> dict[str, float]:
    command = ["fping", "-C", "1", "-q", "-r", "0", "-i", f"{1000 / rate:g}"]
    said = subprocess.run(command, input="\n".join(asked), capture_output=True, text=True, check=False).stderr
    return {host: float(ms) * 1000 for host, ms in re.findall(r"(\S+)\s+: ([\d.]+)", said)}


def errors_us(said: dict[str, float], true: dict[str, float]) -> list[float]:
    return sorted(abs(said[host] - true[host]) for host in said.keys() & true.keys())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=4_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    asked, wire = hosts(options.hosts), Wire()
    print(f"{options.hosts} hosts, {options.rounds} rounds: error of the round-trip time, median of rounds, µs")
    for rate in RATES:
        seen: dict[str, list[tuple[float, float]]] = {"ours": [], "fping": []}
        for _ in range(options.rounds):
            for name, rounds in seen.items():
                wire.round_trips_us()
                said = asyncio.run(ours(asked, rate)) if name == "ours" else fping(asked, rate)
                wrong = errors_us(said, wire.round_trips_us())
                assert len(wrong) > 0.99 * len(asked), (name, len(said), len(wrong))
                rounds.append((wrong[len(wrong) // 2], wrong[len(wrong) * 99 // 100]))
        for name, rounds in seen.items():
            half, most = (statistics.median(each) for each in zip(*rounds, strict=True))
            print(f"{rate:6} a second  {name:6} p50 {half:7.1f}  p99 {most:7.1f}")


if __name__ == "__main__":
    main()
