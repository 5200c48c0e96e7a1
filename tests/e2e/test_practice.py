"""`make demo`: the whole product on a practice site, as a newcomer sees it."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys

import pytest

from agent.__main__ import main


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    """One practice, run to its end: (its folder, what it printed). Its agent and its world are processes of their own."""
    folder, printed = tmp_path_factory.mktemp("practice"), io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = main(["practice", "--fast", "--dir", str(folder), "--lang", "en"])
    assert code == 0, printed.getvalue() + (folder / "agent.log").read_text()
    return folder, printed.getvalue()


def test_the_practice_shows_outage_alert_answer_restoration_and_judgement(practice):
    folder, printed = practice
    for shown in (
        "PRACTICE",
        "3 cut off",
        "connection refused",
        "On record",
        "explains 3",
        "Monthly acceptance report",
    ):
        assert shown in printed
    assert printed.count("The alert that the vendor's robot received") == 2
    assert "made-up data" in (folder / "report.html").read_text(encoding="utf-8")


def test_the_practice_s_export_says_that_it_is_practice_and_whom_it_told(practice):
    folder, _ = practice
    export = [sys.executable, "-m", "agent", "export", "--state", str(folder / "state")]
    lines = subprocess.run(export, capture_output=True, text=True, check=True).stdout.splitlines()
    records = [json.loads(line) for line in lines]
    starts = [record for record in records if record["type"] == "agent" and record["event"] == "start"]
    assert [start["practice"] for start in starts] == [True]
    assert {record["check"] for record in records if record["type"] == "notified"} == {"link-1/reach"}
