"""A month of a large site: how big is its ledger, and how long does judging it take?

    python bench/ledger_month.py [--checks 2000] [--days 31] [--dir DIR]

Generates (once, kept in DIR) a ledger of checks × days × one reading a minute, about 24 outages a
check, about 0.1 % of the readings failing, through the store's own packing; then judges the month
with `sla-check` as a process of its own, and finds the same outages with one SQL window query over
plain rows of a sample of the checks, scaled up by their number.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import repeat
from pathlib import Path

import numpy as np

from sla.contract.calendars import month_span
from sla.evidence.records import Asset, Check
from sla.ledger import Entry, Ledger, Stamp
from sla.ledger.blocks import BlockRow, Summary, summary_of
from sla.ledger.payloads import packed
from sla.ledger.schema import SLOT_MS, payload_id

MONTH = "2026-10"
BEGIN, _ = month_span(MONTH, "Asia/Shanghai")
MINUTE = 60_000
SUMMARY = ("count", "count_ok", "first", "last", "gap", "digest")
CONTRACT = """
contract = "BENCH"
title = "基准"
timezone = "Asia/Shanghai"
customer = { name = "甲方" }
vendor = { name = "乙方" }
term = { from = 2026-01-01, to = 2026-12-31 }
fee = { total = "904100.00", deduction_cap = "20%" }
[calendars.office]
days = "workdays"
hours = ["08:00-18:00"]
holidays = "CN"
[[obligations]]
id = "A1"
clause = "4.1"
kind = "availability"
title = "在线率"
scope = { kind = "camera" }
measure = "fleet"
target = "98%"
deduct = { per = "0.1%", amount = "200", cap = "5000" }
[[obligations]]
id = "R1"
clause = "5.2"
kind = "repair"
title = "修复"
scope = { severity = "critical" }
stage = "restore"
limit = "4h"
clock = "detected"
calendar = "always"
deduct = { per_started = "1h", amount = "100", cap_each = "2000", cap = "10000" }
"""


def readings_of(number: int, days: int) -> tuple[np.ndarray, np.ndarray]:
    """Instants with a little jitter, and which are ok: 24 outages a month of 1 to 3 readings each."""
    rng = np.random.default_rng(number)
    count = days * 1440
    at = BEGIN + (number * 7919) % MINUTE + np.arange(count) * MINUTE + rng.integers(0, 40, count)
    ok = np.ones(count, dtype=bool)
    for start in rng.integers(10, count - 10, max(1, 24 * days // 31)):
        ok[start : start + rng.integers(1, 4)] = False
    return at, ok


def blocks_of(number: int, days: int) -> list[tuple[int, Summary, bytes]]:
    """(slot, summary, payload) of each block of a check."""
    at, ok = readings_of(number, days)
    found = []
    slots = at // SLOT_MS
    for slot in np.unique(slots).tolist():
        chosen = slots == slot
        rows = [
            BlockRow(when, int(good), (when - BEGIN) // MINUTE, "" if good else "timeout", "")
            for when, good in zip(at[chosen].tolist(), ok[chosen].tolist(), strict=True)
        ]
        found.append((slot, summary_of(rows, slot), packed(rows)))
    return found


def generate(folder: Path, checks: int, days: int) -> None:
    stamp = Stamp(wall_ms=BEGIN, boot_ms=0, boot_id="bench")
    ledger = Ledger.open(folder, site="bench", software="bench")
    entries = []
    for n in range(checks):
        entries.append(Entry.of(Asset(id=f"cam-{n:04}", kind="camera"), actor="bench"))
        check = Check(id=f"cam-{n:04}/icmp", asset=f"cam-{n:04}", interval_ms=MINUTE, severity="critical", reach=True)
        entries.append(Entry.of(check, actor="bench"))
    ledger.commit(stamp, entries=entries)
    connection = ledger._database.conn
    connection.execute("BEGIN")
    payloads = []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for n, blocks in enumerate(pool.map(blocks_of, range(checks), repeat(days), chunksize=8), start=1):
            connection.execute("INSERT INTO checks VALUES (?, ?)", (n, f"cam-{n - 1:04}/icmp"))
            rows = [(n, slot, 0, *map(partial(getattr, summary), SUMMARY)) for slot, summary, _ in blocks]
            connection.executemany("INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            payloads += [(payload_id(n, slot, 0), data) for slot, _, data in blocks]
            if sys.stderr.isatty():
                print(f"\r{n}/{checks}", end="", file=sys.stderr)
    payloads.sort()  # as the agent writes them: by slot
    connection.executemany("INSERT INTO payloads VALUES (?, ?)", payloads)
    connection.execute("COMMIT")
    ledger.close(stamp)
    with sqlite3.connect(folder / "ledger.db") as done:
        done.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def timed(command: list[str]) -> tuple[float, float]:
    """(wall seconds, peak MB) of a process."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1, 3):
        msg = f"{command} failed"
        raise SystemExit(msg)
    return time.monotonic() - begin, usage.ru_maxrss / 1024


def sql_window(checks: int, days: int, sample: int) -> float:
    """Seconds for the outages of a sample of the checks by one window query over plain rows, scaled to all."""
    with tempfile.TemporaryDirectory() as folder, sqlite3.connect(Path(folder) / "rows.db") as rows:
        rows.execute("CREATE TABLE r (c INTEGER, at INTEGER, ok INTEGER, PRIMARY KEY (c, at)) WITHOUT ROWID")
        for n in range(sample):
            at, ok = readings_of(n, days)
            rows.executemany(
                "INSERT INTO r VALUES (?, ?, ?)", zip(repeat(n), at.tolist(), ok.astype(int).tolist(), strict=False)
            )
        rows.commit()
        begin = time.monotonic()
        query = """SELECT c, at, after FROM (SELECT c, at, ok, lag(ok, 1, 1) OVER w AS before,
            lead(at) OVER w AS after FROM r WINDOW w AS (PARTITION BY c ORDER BY at)) WHERE ok = 0 AND before = 1"""
        found = rows.execute(query).fetchall()
        assert found
        return (time.monotonic() - begin) * checks / sample


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checks", type=int, default=2000)
    parser.add_argument("--days", type=int, default=31)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dir", type=Path, default=Path(tempfile.gettempdir()) / "sla-bench-month")
    options = parser.parse_args()
    folder = options.dir / f"{options.checks}x{options.days}"
    if not (folder / "done").exists():
        begin = time.monotonic()
        generate(folder, options.checks, options.days)
        (folder / "done").touch()
        print(f"generated in {time.monotonic() - begin:.0f} s")
    (folder / "contract.toml").write_text(CONTRACT, encoding="utf-8")
    readings = options.checks * options.days * 1440
    size = (folder / "ledger.db").stat().st_size
    as_of = "2026-11-01T00:00:00+08:00"
    command = [
        str(Path(sys.executable).with_name("sla-check")),
        "--month",
        MONTH,
        "--contract",
        str(folder / "contract.toml"),
        "--ledger",
        str(folder / "ledger.db"),
        "--as-of",
        as_of,
        "--format",
        "json",
    ]
    runs = [timed(command) for _ in range(options.rounds)]
    windows = [sql_window(options.checks, options.days, min(40, options.checks)) for _ in range(3)]
    judged = statistics.median(wall for wall, _ in runs)
    window = statistics.median(windows)
    result = {
        "readings": readings,
        "bytes_a_reading": round(size / readings, 2),
        "judge_s": round(judged, 2),
        "judge_peak_mb": round(max(peak for _, peak in runs)),
        "sql_window_s_scaled": round(window, 1),
        "times_faster": round(window / judged, 1),
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
