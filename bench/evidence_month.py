"""A month judged from an evidence file of a million readings, beside merely reading its lines as JSON.

python bench/evidence_month.py [--checks 23] [--rounds 5]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ledger_month import BEGIN, CONTRACT, MONTH, readings_of, timed

from sla.evidence.instants import format_instant

DAYS = 31
READ_LINES = """
import json, sys
with open(sys.argv[1], encoding="utf-8") as file:
    print(sum(json.loads(line)["type"] == "reading" for line in file))
"""


def write_evidence(path: Path, checks: int) -> int:
    """Definitions and readings, by check and time; how many readings."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for n in range(checks):
            asset = {"type": "asset", "id": f"cam-{n:04}", "kind": "camera"}
            check = {"type": "check", "id": f"cam-{n:04}/icmp", "asset": f"cam-{n:04}", "interval_s": 60}
            for each in (asset, {**check, "severity": "critical", "reach": True}):
                file.write(json.dumps(each) + "\n")
            at, ok = readings_of(n, DAYS)
            for when, good in zip(at.tolist(), ok.tolist(), strict=True):
                said = {"type": "reading", "check": f"cam-{n:04}/icmp", "at": format_instant(when)}
                said |= (
                    {"outcome": "ok", "metrics": {"rtt_ms": 1.25}}
                    if good
                    else {"outcome": "fail", "reason": "timeout"}
                )
                file.write(json.dumps(said) + "\n")
                count += 1
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checks", type=int, default=23)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        evidence, contract = Path(folder) / "evidence.jsonl", Path(folder) / "contract.toml"
        contract.write_text(CONTRACT, encoding="utf-8")
        readings = write_evidence(evidence, options.checks)
        program = str(Path(sys.executable).with_name("sla-check"))
        named = ["--contract", str(contract), "--evidence", str(evidence)]
        judge = [program, "--month", MONTH, *named, "--format", "json"]
        judged, lines = [], []
        for _ in range(options.rounds):
            judged.append(timed(judge))
            begin = time.monotonic()
            subprocess.run([sys.executable, "-c", READ_LINES, str(evidence)], stdout=subprocess.DEVNULL, check=True)
            lines.append(time.monotonic() - begin)
    seconds = statistics.median(wall for wall, _ in judged)
    plain = statistics.median(lines)
    result = {
        "readings": readings,
        "from": format_instant(BEGIN),
        "judge_s": round(seconds, 2),
        "judge_peak_mb": round(max(peak for _, peak in judged)),
        "json_lines_s": round(plain, 2),
        "times_json_lines": round(seconds / plain, 2),
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
