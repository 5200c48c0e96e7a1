"""The ledger beside plain rows and Parquet, in one run: bytes a reading, speed, verification, restart.

    python bench/ledger_store.py [--checks 2000] [--days 1] [--year-checks 500] [--skip year,site]

Parquet is measured where pyarrow can be imported (it is no dependency: pip install pyarrow), and said
to be absent where it cannot. Readings: one a minute and check, 0 to 39 ms of jitter, 24 outages of one
to three readings a month. Once without metrics, once with a round-trip time in thousandths of a
millisecond, whose noise no packing can take away.

`site`: a bundle of 2,000 checks and one day, verified by the shipped verifier; and a chain of a whole
site-month. `year`: an agent of 500 checks started with twelve months behind it; all checks share one
packed history, which is as long to read as 500 different ones.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sla.evidence.records import AgentEvent, Asset, Check, Reading
from sla.ledger import Entry, Ledger, Stamp, verifier
from sla.ledger.blocks import BlockRow, summary_of
from sla.ledger.bundle import write_bundle
from sla.ledger.chain import READINGS
from sla.ledger.payloads import packed
from sla.ledger.schema import SLOT_MS, payload_id

if TYPE_CHECKING:
    from collections.abc import Iterator

MINUTE = 60_000
DAY_MS = 24 * 60 * MINUTE
BEGIN = 1_790_812_800_000
SITE = "bench"
VERIFIED_CHECKS = 2_000
MONTH_DAYS = 31


def stamp(ms: int) -> Stamp:
    return Stamp(wall_ms=BEGIN + ms, boot_ms=ms, boot_id="b", synced=True, error_ms=1)


class Readings:
    """Readings of that many checks and days, by the minute or by the check."""

    def __init__(self, checks: int, days: int, *, metrics: bool) -> None:
        rng = np.random.default_rng(1)
        self.checks, self.minutes, self.metrics = checks, days * 1440, metrics
        self.count = checks * self.minutes
        at = BEGIN + (np.arange(checks) * 7919 % MINUTE)[:, None] + np.arange(self.minutes) * MINUTE
        self.at = at + rng.integers(0, 40, at.shape)
        self.ok = np.ones(at.shape, dtype=bool)
        for row in self.ok:
            for start in rng.integers(0, self.minutes - 3, max(1, 24 * days // MONTH_DAYS)):
                row[start : start + rng.integers(1, 4)] = False
        self.rtt = np.round(rng.gamma(4, 0.25, at.shape), 3)

    def of_minute(self, minute: int) -> list[Reading]:
        """As the agent would see them."""
        return [
            Reading(
                check=f"c{n}/icmp",
                at=at,
                outcome="ok" if ok else "fail",
                reason="" if ok else "timeout",
                metrics={"rtt_ms": rtt} if self.metrics and ok else {},
            )
            for n, (at, ok, rtt) in enumerate(
                zip(*(each[:, minute].tolist() for each in (self.at, self.ok, self.rtt)), strict=True)
            )
        ]

    def of_check(self, n: int) -> Iterator[tuple[int, int, bool, str | None, float | None]]:
        """(check, at, ok, reason, rtt) in order of time."""
        for at, ok, rtt in zip(*(each[n].tolist() for each in (self.at, self.ok, self.rtt)), strict=True):
            yield n, at, ok, None if ok else "timeout", rtt if self.metrics and ok else None


def used_bytes(path: Path) -> int:
    """The file without its free pages, which the next hours' rows are written to."""
    with sqlite3.connect(path) as connection:
        (pages,), (free,), (size,) = (
            connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "freelist_count", "page_size")
        )
    connection.close()
    return int((pages - free) * size)


def ours(folder: Path, readings: Readings) -> tuple[float, float]:
    """(bytes a reading all in, seconds a reading took to commit, chain and seal)."""
    ledger = Ledger.open(folder, site=SITE, software="bench", config_hash="c" * 64, contract_hash="d" * 64)
    took = 0.0
    for n in range(readings.minutes):
        chosen = readings.of_minute(n)
        begin = time.monotonic()
        ledger.commit(stamp(n * MINUTE), readings=chosen)
        if n % 60 == 0:
            ledger.seal_due(stamp(n * MINUTE))
        took += time.monotonic() - begin
    end = readings.minutes * MINUTE + DAY_MS
    begin = time.monotonic()
    ledger.seal_due(stamp(end))
    took += time.monotonic() - begin
    ledger.close(stamp(end))
    return used_bytes(folder / "ledger.db") / readings.count, took / readings.count


def plain_rows(folder: Path, readings: Readings) -> float:
    """The same readings as rows of one table without a chain."""
    columns = "c INTEGER, at INTEGER, ok INTEGER, reason TEXT, rtt REAL, PRIMARY KEY (c, at)"
    with sqlite3.connect(folder / "rows.db", isolation_level=None) as rows:
        rows.execute(f"CREATE TABLE r ({columns}) WITHOUT ROWID")
        rows.execute("BEGIN")
        for n in range(readings.checks):
            rows.executemany("INSERT INTO r VALUES (?, ?, ?, ?, ?)", readings.of_check(n))
        rows.execute("COMMIT")
    rows.close()
    return (folder / "rows.db").stat().st_size / readings.count


def parquet(folder: Path, readings: Readings) -> float | None:
    """The same readings in one Parquet file, sorted by check, delta-coded, zstd; None without pyarrow."""
    if find_spec("pyarrow") is None:
        return None
    import pyarrow as pa  # noqa: PLC0415 - no dependency
    import pyarrow.parquet as pq  # noqa: PLC0415 - likewise

    failed = ~readings.ok.ravel()
    table = pa.table(
        {
            "check": pa.array(np.repeat(np.arange(readings.checks, dtype=np.int32), readings.minutes)),
            "at": pa.array(readings.at.ravel()),
            "ok": pa.array(readings.ok.ravel()),
            "reason": pa.array(np.where(failed, "timeout", "")).dictionary_encode(),
            "rtt": pa.array(readings.rtt.ravel(), mask=failed if readings.metrics else np.ones_like(failed)),
        }
    )
    path = folder / "rows.parquet"
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=9,
        use_dictionary=["check", "reason", "rtt"],
        column_encoding={"at": "DELTA_BINARY_PACKED"},
    )
    return float(path.stat().st_size / readings.count)


def sizes(checks: int, days: int) -> dict[str, object]:
    """Bytes a reading of all three, without and with a metric."""
    found: dict[str, object] = {"checks": checks, "days": days}
    for name, metrics in (("without_metrics", False), ("with_rtt", True)):
        readings = Readings(checks, days, metrics=metrics)
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            ledger, each_s = ours(folder / "state", readings)
            rows, arrow = plain_rows(folder, readings), parquet(folder, readings)
        found[name] = {
            "ledger_all_in": round(ledger, 2),
            "plain_rows": round(rows, 2),
            "parquet": "absent: pip install pyarrow" if arrow is None else round(arrow, 2),
            "readings_kept_and_sealed_a_s": round(1 / each_s),
        }
    return found


def site_day() -> dict[str, object]:
    """A bundle of 2,000 checks and one day, verified by the shipped file; times 31 for the month."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        ledger = Ledger.open(folder / "state", site=SITE, software="bench")
        readings = Readings(VERIFIED_CHECKS, 1, metrics=True)
        for n in range(readings.minutes):
            ledger.commit(stamp(n * MINUTE), readings=readings.of_minute(n))
        ledger.close(stamp(DAY_MS))
        begin = time.monotonic()
        head = write_bundle(folder / "state", folder / "b.zip")
        wrote = time.monotonic() - begin
        (folder / "heads.txt").write_text(str(head), encoding="utf-8")
        verify_s = verified(folder)
        size = (folder / "b.zip").stat().st_size
    return {
        "bundle_of_a_day_s": round(wrote, 1),
        "bundle_of_a_day_mib": round(size / (1 << 20)),
        "verify_a_day_s": round(verify_s, 2),
        "verify_a_site_month_s_as_31_days": round(verify_s * MONTH_DAYS, 1),
    }


def verified(folder: Path) -> float:
    """Seconds of the verifier as a process of its own."""
    begin = time.monotonic()
    words = [
        sys.executable,
        "-I",
        "-S",
        verifier.__file__,
        str(folder / "b.zip"),
        "--heads",
        str(folder / "heads.txt"),
    ]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - begin


def month_chain() -> dict[str, object]:
    """The entries of a site-month alone: a batch a minute and 5,000 others, in one bundle."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        ledger = Ledger.open(folder / "state", site=SITE, software="bench")
        count = MONTH_DAYS * 1440
        chained(ledger, count, other=count // 9)
        ledger.close(stamp(count * MINUTE))
        head = write_bundle(folder / "state", folder / "b.zip")
        (folder / "heads.txt").write_text(str(head), encoding="utf-8")
        return {"entries": head.seq, "verify_chain_of_a_month_s": round(verified(folder), 2)}


def chained(ledger: Ledger, minutes: int, *, other: int) -> None:
    """That many minutes of one reading each, and `other` entries between them."""
    every = max(1, minutes // other)
    for first in range(0, minutes, 1440):
        for n in range(first, min(first + 1440, minutes)):
            reading = Reading(check="c0/icmp", at=BEGIN + n * MINUTE, outcome="ok")
            note = Entry(kind="heartbeat", body={"channel": "vendor", "at": n, "why": ""}, actor="agent")
            ledger.commit(stamp(n * MINUTE), readings=[reading], entries=[note] if n % every == 0 else [])


def year_behind(folder: Path, checks: int, now_ms: int) -> None:
    """Twelve months of a ledger up to this minute: blocks, and an entry a minute."""
    begin = now_ms - 365 * DAY_MS
    ledger = Ledger.open(folder, site=SITE, software="bench")
    connection = ledger._database.conn
    at = Stamp(wall_ms=begin, boot_ms=0, boot_id="b")
    entries = [Entry.of(AgentEvent(at=begin, event="start"), actor="agent")]
    for n in range(checks):
        entries.append(Entry.of(Asset(id=f"c{n}", kind="camera", name=f"c{n}"), actor="agent"))
        check = Check(id=f"c{n}/tcp", asset=f"c{n}", interval_ms=MINUTE, extra={"probe": "tcp"})
        entries.append(Entry.of(check, actor="agent"))
    ledger.commit(at, entries=entries)
    body = {"count": checks, "bytes": 60 * checks, "sha256": "0" * 64}
    for month in range(12):
        with ledger._writing(at):
            for n in range(month * 43_800, (month + 1) * 43_800):
                at = Stamp(wall_ms=begin + n * MINUTE, boot_ms=n * MINUTE, boot_id="b")
                ledger._append(at, Entry(kind=READINGS, body={"batch": n, **body}, actor="agent"), None)
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO checks VALUES (?, ?)", [(n + 1, f"c{n}/tcp") for n in range(checks)])
    for slot in range(begin // SLOT_MS + 1, now_ms // SLOT_MS):
        down = slot % 97 == 0
        rows = [
            BlockRow(at, 0 if down and 5 < n < 9 else 1, (at - begin) // MINUTE, "", "")
            for n, at in enumerate(range(slot * SLOT_MS, (slot + 1) * SLOT_MS, MINUTE))
        ]
        told, data = summary_of(rows, slot), packed(rows)
        summary = (told.count, told.count_ok, told.first, told.last, told.gap, told.digest)
        connection.executemany(
            "INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(n + 1, slot, 0, *summary) for n in range(checks)],
        )
        connection.executemany(
            "INSERT INTO payloads VALUES (?, ?)", [(payload_id(n + 1, slot, 0), data) for n in range(checks)]
        )
    connection.execute("COMMIT")
    ledger.close(at)


def restart(checks: int) -> dict[str, object]:
    """From starting the program to its first look, with a year behind it; three times."""
    with tempfile.TemporaryDirectory() as place, socket.create_server(("127.0.0.1", 0)) as server:
        folder = Path(place)
        year_behind(folder / "state", checks, time.time_ns() // 1_000_000)  # noqa: TID251 - the bench's own watch
        assets = "".join(
            f'[[assets]]\nid = "c{n}"\nkind = "camera"\nname = "c{n}"\naddress = "127.0.0.1"\n'
            f'[[assets.checks]]\nprobe = "tcp"\nport = {server.getsockname()[1]}\n'
            for n in range(checks)
        )
        site = f'site = "{SITE}"\nname = "{SITE}"\ntimezone = "Asia/Shanghai"\n[defaults]\ninterval = "60s"\n{assets}'
        (folder / "site.toml").write_text(site, encoding="utf-8")
        mib = (folder / "state" / "ledger.db").stat().st_size >> 20
        found = [first_look(folder, server) for _ in range(3)]
    return {"checks": checks, "ledger_mib": mib, "restart_to_first_look_s": [round(each, 2) for each in found]}


def first_look(folder: Path, server: socket.socket) -> float:
    words = [
        sys.executable,
        "-m",
        "agent",
        "run",
        "--site",
        str(folder / "site.toml"),
        "--state",
        str(folder / "state"),
    ]
    begin = time.monotonic()
    process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    server.settimeout(300)
    server.accept()[0].close()
    took = time.monotonic() - begin
    time.sleep(1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    server.settimeout(0)
    while True:  # what the killed one left in the queue
        try:
            server.accept()[0].close()
        except BlockingIOError:
            return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checks", type=int, default=2_000)
    parser.add_argument("--days", type=int, default=1)
    parser.add_argument("--year-checks", type=int, default=500)
    parser.add_argument("--skip", default="", help="parts to leave out, with commas: sizes, site, chain, year")
    options = parser.parse_args()
    parts = {
        "sizes": lambda: sizes(options.checks, options.days),
        "site": site_day,
        "chain": month_chain,
        "year": lambda: restart(options.year_checks),
    }
    skipped = options.skip.split(",")
    found = {name: part() for name, part in parts.items() if name not in skipped}
    print(json.dumps({"cpus": os.cpu_count(), **found}, indent=1))


if __name__ == "__main__":
    main()
