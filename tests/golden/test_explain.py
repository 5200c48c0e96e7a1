"""What `--explain`, `--what-if` and `--lint` print, as texts that were read word by word (`make golden` writes them anew).

The world is a week of two cameras behind one link: `explain/world.txt`, in the notation of `timelines`;
`explain/evidence.jsonl` is the same with names and reasons. docs/explain.md shows some of the texts.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from itertools import groupby
from pathlib import Path

import pytest

from sla.evidence.file import read_evidence
from sla.evidence.record_json import record_from_json
from sla.evidence.records import (
    Acknowledged,
    Arrived,
    Asset,
    Check,
    Claim,
    Inspection,
    Maintenance,
    Notified,
    Reading,
    Ruling,
)
from sla.evidence.records.registry import type_of
from sla.ledger import Entry, Ledger, Stamp
from tests.support.sla_check import sla_check
from tests.support.timelines import evidence

ROOT = Path(__file__).parents[2]
HERE = Path("tests/golden/explain")
INCIDENT = "cam-7/icmp@2026-10-09T16:00:00+08:00"
JUDGED = [
    "--month",
    "2026-10",
    "--contract",
    str(HERE / "contract.toml"),
    "--evidence",
    str(HERE / "evidence.jsonl"),
]
CALLS = {
    "incident": [*JUDGED, "--explain", INCIDENT],
    "availability": [*JUDGED, "--explain", "A1"],
    "inspection": [*JUDGED, "--explain", "I1"],
    "deduction": [*JUDGED, "--explain", "R1:deduction"],
    "payment": [*JUDGED, "--explain", "payment"],
    "explained-fail": [*JUDGED, "--explain", "cam-8/icmp@2026-10-08T02:15:00+08:00"],
    "what-if": [*JUDGED, "--what-if", str(HERE / "contract-2027.toml")],
    "lint": ["--lint", str(HERE / "contract-lint.toml"), "--evidence", str(HERE / "evidence.jsonl")],
}


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch):
    """Messages name files as they were given."""
    monkeypatch.chdir(ROOT)


def held(name: str, text: str) -> None:
    golden = HERE / name
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", CALLS)
def test_it_is_told_in_these_words(name, language):
    answered = sla_check([*CALLS[name], "--lang", language])
    assert (answered.code, answered.err) == (1 if name == "lint" else 0, "")
    held(f"{name}.{language}.txt", answered.out)


@pytest.mark.parametrize("name", ["incident", "what-if", "lint"])
def test_as_json_it_is_this_object(name):
    held(f"{name}.json", sla_check([*CALLS[name], "--format", "json"]).out)


@pytest.mark.parametrize("name", CALLS)
def test_as_a_page_it_has_the_same_words(name):
    page = sla_check([*CALLS[name], "--format", "html"]).out
    assert page.startswith("<!doctype html>")
    assert "<script" not in page


def test_the_english_text_has_no_chinese_but_names():
    """What is left when the names of the contract, of people and of units are taken out."""
    chinese = re.compile(r"[\u4e00-\u9fff]+")
    contract = (HERE / "contract.toml").read_text(encoding="utf-8") + (HERE / "contract-2027.toml").read_text("utf-8")
    names = set(chinese.findall(contract + (HERE / "evidence.jsonl").read_text(encoding="utf-8")))
    for name in CALLS:
        text = (HERE / f"{name}.en.txt").read_text(encoding="utf-8")
        assert [word for word in chinese.findall(text) if not any(word in known for known in names)] == []


def test_the_evidence_is_the_world_in_the_notation():
    told = read_evidence(HERE / "evidence.jsonl")
    meant = evidence((HERE / "world.txt").read_text(encoding="utf-8"))
    assert (sorted(told.of(Asset), key=str), sorted(told.of(Check), key=str)) == (
        sorted(meant.of(Asset), key=str),
        sorted(meant.of(Check), key=str),
    )
    for check in told.of(Check):
        assert seen(told, check.id) == seen(meant, check.id)
    for record in (Notified, Acknowledged, Arrived, Claim, Ruling, Maintenance, Inspection):
        assert sorted(each.at if hasattr(each, "at") else each.begin for each in told.of(record)) == sorted(
            each.at if hasattr(each, "at") else each.begin for each in meant.of(record)
        )


def seen(what, check: str) -> list:
    return [(each.at, each.outcome) for each in what.readings.samples(check, 0, 1 << 52, 1 << 52)]


@pytest.mark.parametrize(
    "spelled", [INCIDENT, "cam-7/icmp@2026-10-09T08:00:00Z", "cam-7/icmp@2026-10-10T10:00:00+08:00"]
)
def test_an_incident_is_found_by_any_fail_of_it_in_any_offset(spelled):
    found = json.loads(sla_check([*JUDGED, "--format", "json", "--explain", spelled]).out)
    assert found["explained"] == {"kind": "incident", "id": INCIDENT}


def known_at(record, first: int) -> int:
    """When a ledger takes a record in that is told as it happens; definitions come first."""
    return max(type_of(record).recorded(record), first)


@pytest.mark.parametrize("name", ["incident", "availability", "inspection", "payment"])
def test_a_ledger_is_explained_like_the_evidence_that_was_put_into_it(name, tmp_path):
    lines = (HERE / "evidence.jsonl").read_text(encoding="utf-8").splitlines()
    records = [record_from_json(json.loads(line)) for line in lines]
    ledger = Ledger.open(tmp_path, site="s", software="t")
    first = min(type_of(each).recorded(each) for each in records if not isinstance(each, Asset | Check)) - 1
    by_stamp = groupby(
        sorted(records, key=lambda each: known_at(each, first)), key=lambda each: known_at(each, first)
    )
    for at, together in by_stamp:
        stamp = Stamp(wall_ms=at, boot_ms=1 + at - first, boot_id="b", synced=True, error_ms=0)
        said = list(together)
        ledger.commit(
            stamp,
            entries=[Entry.of(each, actor="a") for each in said if not isinstance(each, Reading)],
            readings=[each for each in said if isinstance(each, Reading)],
        )
    ledger.close(stamp)
    as_of = ["--as-of", "2026-10-13T00:00:00+08:00", "--format", "json"]
    contract, (_, known) = JUDGED[:4], CALLS[name][-2:]
    told = [
        sla_check([*contract, source, str(place), "--explain", known, *as_of])
        for source, place in (("--evidence", HERE / "evidence.jsonl"), ("--ledger", tmp_path))
    ]
    assert told[0].code == 0
    assert told[0] == told[1]


@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_as_a_file_for_an_office_it_is_written_too(form, tmp_path):
    path = tmp_path / f"explained.{form}"
    assert sla_check([*CALLS["availability"], "--format", form, "--output", str(path)]).code == 0
    assert path.read_bytes()[:2] == b"PK"


def test_what_does_not_exist_is_refused_with_the_nearest_that_does():
    answered = sla_check([*JUDGED, "--explain", "A1:cam-9", "--lang", "en"])
    assert (answered.code, answered.out) == (2, "")
    first, *nearest = answered.err.splitlines()
    assert "A1:cam-9" in first
    assert {"  A1:cam-7", "  A1:cam-8"} <= set(nearest)


def test_a_bad_second_contract_is_refused_with_its_lines(tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text('contract = "X"\n', encoding="utf-8")
    answered = sla_check([*JUDGED, "--what-if", str(bad)])
    assert answered.code == 2
    assert f"{bad}:1: title" in answered.err


def test_a_file_that_is_no_contract_cannot_be_linted(tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text("= 3\n", encoding="utf-8")
    assert sla_check(["--lint", str(bad)]).code == 2


def test_a_contract_without_a_finding_is_told_so():
    example = ["--lint", "config/examples/contract.toml", "--site", "config/examples/site.toml", "--lang", "en"]
    answered = sla_check(example)
    assert (answered.code, answered.out) == (0, "Every clause can be tested.\n")


BLOCK = re.compile(r"^```console\n\$ \.venv/bin/(sla-check [^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_guide_shows_what_is_printed():
    """Every console block of docs/explain.md is run; a line of dots alone stands for lines that are left out."""
    guide = ROOT / "docs" / "explain.md"
    blocks = BLOCK.findall(guide.read_text(encoding="utf-8"))
    assert len(blocks) >= 6
    for command, shown in blocks:
        _, *words = shlex.split(command)
        answered = sla_check(words)
        parts = [re.escape(part) for part in re.split(r"^……\n", shown, flags=re.MULTILINE)]
        assert re.fullmatch("(?:.*\n)*?".join(parts), answered.out + answered.err), command
