"""What the two programs say when they refuse, in both languages, word for word."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import config
from agent.__main__ import main as sla_agent
from agent.by_hand import probing
from probes.registry import PROBES
from sla.cli.program import main as sla_check

EXAMPLES = Path(config.__file__).with_name("examples")
GOLDEN = Path(__file__).parent / "refusals"
MEANT = "if the change is meant: make golden, then read the diff of tests/golden/refusals"
KINDS = (
    *("dns", "frame", "host", "http", "icmp", "mysql", "ntp", "onvif", "optical", "postgres", "recording", "rtsp"),
    *("sip", "smart", "smtp", "snapshot", "snmp_device", "snmp_link", "ssh", "tcp", "tls"),
)
"""The probe kinds that there are for these refusals: a new kind changes none of them."""
CAMERA = '{"type": "asset", "id": "cam", "kind": "camera", "name": "Cam"}'
CHECK = '{"type": "check", "id": "cam/tcp", "asset": "cam", "interval_s": 60, "reach": true, "severity": "major"}'
READING = '{"type": "reading", "check": "cam/tcp", "at": "2026-10-01T00:00:00Z", "outcome": "ok"}'
CLAIM = (
    '{"type": "claim", "id": "k", "asset": "cam", "from": "2026-10-01T00:00:00Z", "to": "2026-10-02T00:00:00Z",'
    ' "cause": "power", "by": "x", "at": "2026-10-03T00:00:00Z"}'
)
SCORED = (
    '{"type": "scored", "plan": "p", "month": "2026-10", "score": "101", "of": "100", "reason": "r",'
    f' "sha256": "{"0" * 64}", "at": "2026-11-01T00:00:00Z", "by": "x"}}'
)
BAD_LINES = [
    "nonsense",
    "[]",
    '"nothing"',
    '{"type": "tale"}',
    '{"type": "asset"}',
    '{"type": "asset", "id": "", "kind": "camera", "name": ""}',
    '{"type": "asset", "id": "cam2", "kind": "camera", "name": "", "tags": "one"}',
    '{"type": "asset", "id": "cam3", "id": "cam3", "kind": "camera"}',
    '{"type": "check", "id": "c", "asset": "cam", "interval_s": 0}',
    '{"type": "check", "id": "c", "asset": "cam", "interval_s": 0.0001}',
    '{"type": "check", "id": "c", "asset": "cam", "interval_s": 60, "severity": "nothing"}',
    '{"type": "check", "id": "c", "asset": "cam", "interval_s": 60, "severity": "major", "reach": "yes"}',
    '{"type": "check", "id": "c", "asset": "cam", "interval_s": 123456789012345678901234567890}',
    '{"type": "reading", "check": "cam/tcp", "at": "2026-10-01", "outcome": "ok"}',
    '{"type": "reading", "check": "cam/tcp", "at": "2026-10-01T00:00:00.0001Z", "outcome": "ok"}',
    '{"type": "reading", "check": "cam/tcp", "at": "2026-13-01T00:00:00Z", "outcome": "ok"}',
    '{"type": "reading", "check": "cam/tcp", "at": "2026-10-01T00:00:61Z", "outcome": "ok"}',
    '{"type": "reading", "check": "cam/tcp", "at": "2026-10-01T00:00:00+25:00", "outcome": "ok"}',
    '{"type": "reading", "check": "cam/tcp", "at": "0001-10-01T00:00:00Z", "outcome": "ok"}',
    '{"type": "reading", "check": "cam/tcp", "at": 7, "outcome": "ok"}',
    '{"type": "reading", "check": "cam/tcp", "at": "2026-10-01T00:00:00Z", "outcome": "up"}',
    '{"type": "reading", "check": "cam/tcp", "at": "2026-10-01T00:00:00Z", "outcome": "ok", "metrics": 3}',
    '{"type": "reading", "check": "cam/tcp", "at": "2026-10-01T00:00:00Z", "outcome": "ok", "metrics": {"a": "b"}}',
    '{"type": "reading", "check": "cam/tcp", "at": "2026-10-01T00:00:00Z", "outcome": "ok", "metrics": {"a": NaN}}',
    '{"type": "reading", "check": "gone", "at": "2026-10-01T00:00:00Z", "outcome": "ok"}',
    CAMERA.replace("camera", "nothing"),
    CHECK.replace("cam/tcp", "cam/icmp"),
    CLAIM.replace('"cam"', '"gone"'),
    CLAIM.replace("power", "magic"),
    CLAIM.replace("2026-10-02", "2026-09-02"),
    '{"type": "ruling", "claim": "none", "accepted": true, "by": "x", "at": "2026-10-03T00:00:00Z"}',
    '{"type": "settled", "month": "2026-13", "payable": "1.00", "adjustment": "0.00"}',
    '{"type": "settled", "month": "2026-10", "payable": "1", "adjustment": "0.00"}',
    SCORED,
    SCORED.replace("0" * 64, "abc"),
    '{"type": "maintenance", "id": "m", "scope": {"colour": "red"}, "from": "2026-10-01T00:00:00Z"}',
    '{"type": "maintenance", "id": "m", "scope": 3, "from": "2026-10-01T00:00:00Z"}',
    '{"type": "inspection", "id": "i", "plan": "p", "at": "2026-10-01T00:00:00Z", "by": "x", "result": "ok"}',
    "[" * 100_000,
]
TOPOLOGY = [
    '{"type": "asset", "id": "a", "kind": "camera", "name": "", "behind": ["b"]}',
    '{"type": "asset", "id": "b", "kind": "camera", "name": "", "behind": ["a"]}',
    '{"type": "asset", "id": "c", "kind": "camera", "name": "", "behind": ["lost"], "behind_any": ["gone"]}',
    CAMERA,
    CHECK,
    CHECK.replace("cam/tcp", "cam/icmp"),
    CLAIM,
    CLAIM.replace("power", "network"),
    '{"type": "reading", "check": "nobody", "at": "2026-10-01T00:00:00Z", "outcome": "ok"}',
]
CONTRADICTING = [
    *TOPOLOGY[:2],
    *TOPOLOGY[3:7],
    CAMERA.replace("camera", "nothing"),
    '{"type": "ruling", "claim": "k", "accepted": true, "by": "x", "at": "2026-10-03T00:00:00Z"}',
    '{"type": "ruling", "claim": "k", "accepted": false, "by": "x", "at": "2026-10-03T00:00:00Z"}',
    '{"type": "corrected", "of": {"type": "claim", "id": "c9"}, "by": "x", "at": "2026-10-03T00:00:00Z"}',
    (
        '{"type": "settled", "month": "2026-10", "payable": "1.00", "adjustment": "0.00", "party": "vendor", '
        '"at": "2026-10-03T00:00:00Z"}'
    ),
    '{"type": "agent", "at": "2026-10-04T00:00:00Z", "event": "start"}',
]
"""Each line is well formed; together they say what cannot be."""
JUDGED = ["--month", "2026-10", "--contract", "contract.toml", "--evidence", "e.jsonl"]
YEAR = ["--contract", "contract.toml", "--evidence", "e.jsonl"]
SLA_CHECK = [
    [],
    ["--month", "2026-10"],
    ["--explain", "A1"],
    [*JUDGED, "--month", "2026-13"],
    [*JUDGED, "--month", "October"],
    [*JUDGED, "--as-of", "yesterday"],
    [*JUDGED, "--as-of", "2026-10-01T00:00:00"],
    [*JUDGED, "--as-of", "2026-10-01T00:00:00.1234Z"],
    [*JUDGED, "--as-of", "2026-02-30T00:00:00Z"],
    [*JUDGED, "--as-of", "2026-02-20T00:00:00+30:00"],
    [*JUDGED, "--evidence", "nowhere.jsonl"],
    [*JUDGED, "--evidence", "bad.jsonl"],
    [*JUDGED, "--evidence", "topology.jsonl"],
    [*JUDGED, "--evidence", "contradicting.jsonl"],
    [*JUDGED, "--evidence", "latin.jsonl"],
    [*JUDGED, "--evidence", "empty.jsonl"],
    [*JUDGED, "--contract", "nowhere.toml"],
    [*JUDGED, "--contract", "bad.toml"],
    [*JUDGED, "--contract", "cut.toml"],
    [*JUDGED, "--contract", "latin.toml"],
    [*JUDGED[:4], "--ledger", "none.db"],
    [*JUDGED[:4], "--ledger", "bad.toml"],
    [*JUDGED, "--explain", "Z9"],
    [*JUDGED, "--explain", "R9", "--format", "json"],
    [*JUDGED, "--what-if", "bad.toml"],
    [*JUDGED, "--sign", "c.p12"],
    [*JUDGED, "--format", "pdf", "--sign", "c.p12"],
    [*JUDGED, "--format", "pdf", "--sign", "bad.toml"],
    ["--quarter", "2026-Q5", *YEAR],
    ["--quarter", "2026", *YEAR],
    ["--quarter", "2020-Q1", *YEAR],
    ["--year", "2026-Q1", *YEAR],
    ["--year", "MMXXVI", *YEAR],
    ["--year", "2020", *YEAR],
    ["--year", "2025", "--self-evaluation", "figures.toml"],
    ["--year", "2026", "--self-evaluation", "bad.toml"],
    ["--year", "2026", "--self-evaluation", "other.toml", *YEAR],
    ["--lint", "cut.toml"],
    ["--lint", "bad.toml"],
    ["--lint", "contract.toml", "--site", "bad.toml"],
    ["--standard", "--contract", "nowhere.toml"],
]
PROBE = ["probe", "tcp", "127.0.0.1"]
STATE = ["--state", "state"]
SLA_AGENT = [
    ["validate", "--site", "bad.toml"],
    ["validate", "--site", "nowhere.toml"],
    ["validate", "--site", "site.toml", "--contract", "bad.toml"],
    ["probe", "sonar", "127.0.0.1"],
    ["probe", "rtps", "127.0.0.1"],
    ["probe", "icmp", "127.0.0.1", "--timeout", "0s"],
    ["probe", "icmp", "127.0.0.1", "--timeout", "long"],
    ["probe", "icmp", "127.0.0.1", "--timeout", "0.0001ms"],
    ["probe", "icmp", "127.0.0.1", "--set", "conut=1", "--set", "count=many", "--set", "count"],
    ["probe", "icmp", "127.0.0.1", "--set", "conut=1"],
    ["probe", "icmp", "http://127.0.0.1/"],
    ["probe", "snmp_link", "127.0.0.1"],
    ["probe", "snmp_link", "127.0.0.1", "--set", "port_name=x", "--set", "version=3"],
    [*PROBE],
    [*PROBE, "--set", "port=high"],
    [*PROBE, "--set", "port=99999999"],
    ["probe", "tcp", "", "--set", "port=1"],
    ["probe", "tcp", "a b", "--set", "port=1"],
    ["probe", "tcp", "http://127.0.0.1/"],
    ["probe", "http", "ftp://127.0.0.1/"],
    ["probe", "http", "127.0.0.1", "--set", "method=HEAD", "--set", "text=x"],
    ["probe", "http", "127.0.0.1", "--set", "url=http://["],
    ["probe", "rtsp", "http://127.0.0.1/"],
    ["probe", "snapshot", "127.0.0.1"],
    ["probe", "onvif", "ftp://127.0.0.1/"],
    ["probe", "dns", "127.0.0.1", "--set", "query_name=.."],
    ["probe", "optical", "127.0.0.1", "--set", "max_drift=3", "--set", "index=1", "--set", "vendor=huawei"],
    ["probe", "recording", "http://127.0.0.1/", "--set", 'min_complete="90%"'],
    ["discover", "10.0.0.0/8"],
    ["discover", "house"],
    ["discover", "127.0.0.1", "--out", "site.toml"],
    ["baseline", "tcp", "127.0.0.1", "p.json", "day"],
    ["export", "--from", "yesterday", *STATE],
    ["export", "--to", "2026-10-01T00:00:00.00001Z", *STATE],
    ["export", *STATE],
    ["export", "--bundle", "b.zip", "--after", "x", *STATE],
    ["status", *STATE],
    ["import", "nowhere.jsonl", *STATE],
    ["import", "latin.jsonl", *STATE],
    ["import", "bad.jsonl", *STATE],
    ["backup", "copy.db", *STATE],
    ["restore", "bad.toml", *STATE],
    ["ledger", "name", *STATE],
    ["ledger", "stats", *STATE],
    ["ledger", "check", *STATE],
    ["countersign", "bad.toml", "--key", "bad.toml", "--name", "n"],
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where the programs are called: good files of the examples, and bad ones."""
    monkeypatch.chdir(tmp_path)
    contract = (EXAMPLES / "contract.toml").read_text(encoding="utf-8")
    Path("contract.toml").write_text(contract, encoding="utf-8")
    Path("site.toml").write_text('site = "s"\ntimezone = "Asia/Shanghai"\n', encoding="utf-8")
    for name in ("figures.toml", "cases.csv", "survey.csv"):
        Path(name).write_bytes((EXAMPLES / name).read_bytes())
    figures = Path("figures.toml").read_text(encoding="utf-8")
    Path("other.toml").write_text(figures.replace('"A1"', '"AA1"'), encoding="utf-8")
    Path("bad.toml").write_text('site = 3\nyear = "x"\ncontract = ""\n[fee]\ntotal = 1.5\n', encoding="utf-8")
    Path("cut.toml").write_text('contract = "ZH\n', encoding="utf-8")
    Path("latin.toml").write_bytes(b'contract = "\xe9"\n')
    for name, lines in {
        "e": [CAMERA, CHECK, READING],
        "bad": [CAMERA, CHECK, *BAD_LINES],
        "topology": TOPOLOGY,
        "contradicting": CONTRADICTING,
    }.items():
        Path(f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    Path("empty.jsonl").write_text(CAMERA + "\n", encoding="utf-8")
    Path("latin.jsonl").write_bytes(CAMERA.encode() + b'\n{"by": "\xe9"}\n')
    return tmp_path


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    """A table of fixed kinds for `sla-agent probe`, which lists all of them where it knows none of that name."""
    monkeypatch.setattr(probing, "PROBES", {name: PROBES[name] for name in KINDS})


def refused(main, words, capsys):
    """The exit code and what stands on the standard error; argparse's usage lines are left out."""
    try:
        code = main(words)
    except SystemExit as ended:
        code = ended.code
    said = capsys.readouterr().err
    return f"$ {json.dumps(words[:-2], ensure_ascii=False)}\n{said}-> {code}\n\n"


PROGRAMS = {"sla-check": (sla_check, SLA_CHECK), "sla-agent": (sla_agent, SLA_AGENT)}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_refusal_is_said_in_these_words(name, language, folder, capsys):
    main, calls = PROGRAMS[name]
    found = "".join(refused(main, [*words, "--lang", language], capsys) for words in calls)
    found = found.replace(f"{folder}{os.sep}", "").replace(str(folder), ".")
    golden = GOLDEN / f"{name}.{language}.txt"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(found, encoding="utf-8")
    assert found == golden.read_text(encoding="utf-8"), MEANT


def test_all_kinds_that_there_are_stand_in_the_refusal_of_one_that_is_not(monkeypatch, capsys):
    monkeypatch.setattr(probing, "PROBES", {**PROBES, "semaphore": PROBES["tcp"]})
    answer = refused(sla_agent, ["probe", "no kind", "127.0.0.1", "--lang", "en"], capsys)
    listed = answer.partition("there are ")[2].splitlines()[0].split(", ")
    assert listed == sorted([*PROBES, "semaphore"])
