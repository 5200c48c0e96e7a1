"""`sla-check --quarter`, `--year` and `--standard` as a program: options, forms, exit codes, languages."""

import json
from pathlib import Path

import pytest

from sla.cli.program import main
from tests.support.timelines import json_lines, records

CONTRACT = """
contract = "T-1"
title = "测试合同"
timezone = "Asia/Shanghai"
customer = { name = "甲" }
vendor = { name = "乙" }
term = { from = 2026-01-01, to = 2026-12-31 }
fee = { total = "120000.00" }

[[obligations]]
id = "A1"
clause = "4.1"
kind = "availability"
title = "在线率"
target = "99%"
deduct = { per = "0.1%", amount = "10" }
"""
WORLD = """
asset cam camera
check cam/icmp 1h
cam/icmp 2026-07-01 00:00 ok 07-10 08:00 fail 07-12 11:00 ok 10-01 00:00
"""


@pytest.fixture
def files(tmp_path):
    contract, evidence = tmp_path / "c.toml", tmp_path / "e.jsonl"
    contract.write_text(CONTRACT, encoding="utf-8")
    evidence.write_bytes(b"".join(json_lines(records(WORLD))))
    return ["--contract", str(contract), "--evidence", str(evidence)]


def run(capsys, *arguments):
    code = main([str(each) for each in arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_quarter_as_json_adds_up_the_months_that_the_program_prints(capsys, files):
    code, out, _ = run(capsys, "--quarter", "2026-Q3", "--format", "json", *files)
    quarter = json.loads(out)
    assert code == 1  # July is breached
    months = [json.loads(run(capsys, "--month", f"2026-{m:02d}", "--format", "json", *files)[1]) for m in (7, 8, 9)]
    for row, month in zip(quarter["payments"], months, strict=True):
        for name in ("fee", "earned", "deductions", "payable"):
            assert row[name] == month["payment"][name]
    told = [each["value"] for each in quarter["obligations"][0]["months"]]
    assert told == [month["obligations"][0]["value"] for month in months]


def test_a_year_is_told_in_both_languages(capsys, files):
    assert "年度运维服务验收汇总 2026" in run(capsys, "--year", "2026", *files)[1]
    assert "Yearly report on the service 2026" in run(capsys, "--year", "2026", "--lang", "en", *files)[1]


def test_a_clean_quarter_ends_with_0_and_one_without_evidence_with_3(capsys, files):
    assert run(capsys, "--quarter", "2026-Q2", "--as-of", "2026-07-01T00:00:00+08:00", *files)[0] == 3
    as_of = ["--as-of", "2026-09-30T23:00:00+08:00"]
    Path(files[1]).write_text(CONTRACT.replace('"99%"', '"50%"'), encoding="utf-8")
    assert run(capsys, "--quarter", "2026-Q3", *as_of, *files)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--quarter", "2026"], "--quarter: '2026' is no quarter; wanted 2026-Q3"),
        (["--year", "2026-Q3"], "--year: '2026-Q3' is no year; wanted 2026"),
        (["--year", "next"], "--year: 'next' is no quarter and no year"),
        (["--year", "2031"], "--year: 2031: the term has no month in it"),
    ],
)
def test_what_is_no_period_is_refused(capsys, files, arguments, said):
    code, out, error = run(capsys, *arguments, "--lang", "en", *files)
    assert (code, out) == (2, "")
    assert said in error
    assert "wanted" not in run(capsys, *arguments, *files)[2]


def test_the_standard_needs_a_contract_and_nothing_else(capsys, files):
    code, out, _ = run(capsys, "--standard", *files[:2])
    assert code == 0
    assert "运维服务验收标准" in out
    code, out, _ = run(capsys, "--standard", "--format", "json", *files[:2])
    assert json.loads(out)["indicators"][0]["limit"] == "≥ 99%"
    with pytest.raises(SystemExit) as stopped:
        main(["--standard"])
    assert stopped.value.code == 2


def test_a_page_is_written_to_a_file(capsys, files, tmp_path):
    page = tmp_path / "year.html"
    code, out, _ = run(capsys, "--year", "2026", "--format", "html", "--output", page, *files)
    assert (code, out) == (1, "")
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
