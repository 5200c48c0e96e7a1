"""`make demo`: the whole product on a practice site, as a newcomer sees it."""

from __future__ import annotations

import json
import subprocess
import sys


def test_the_practice_shows_outage_alert_answer_restoration_and_judgement(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "agent", "practice", "--fast", "--dir", str(tmp_path), "--lang", "en"],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr + (tmp_path / "agent.log").read_text()
    for shown in ("PRACTICE", "3 cut off", "connection refused", "On record", "explains 3", "Monthly acceptance report"):
        assert shown in done.stdout
    assert done.stdout.count("The alert that the vendor's robot received") == 2
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "made-up data" in page


def test_the_practice_s_export_says_that_it_is_practice(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "agent", "practice", "--fast", "--dir", str(tmp_path)],
        capture_output=True,
        timeout=180,
        check=True,
    )
    export = [sys.executable, "-m", "agent", "export", "--state", str(tmp_path / "state")]
    lines = subprocess.run(export, capture_output=True, text=True, check=True).stdout.splitlines()
    starts = [record for record in map(json.loads, lines) if record["type"] == "agent" and record["event"] == "start"]
    assert [start["practice"] for start in starts] == [True]
    told = [record for record in map(json.loads, lines) if record["type"] == "notified"]
    assert {record["check"] for record in told} == {"link-1/reach"}
