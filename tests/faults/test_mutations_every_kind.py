"""Mutations of the example contract with every obligation kind, and of evidence with every type of record.

There is no second model of the further kinds. So: what a mutation makes is refused with file and line or judged, never
a traceback; and what changes nothing that SPEC section 1 lets matter changes no byte of the result.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from random import Random

import pytest

from tests.support.sla_check import sla_check
from tests.support.worlds.mutations import CONTRACT, EVIDENCE, blank_line, windows_line_ends, with_byte_order_mark

EXAMPLE = Path(__file__).parents[2] / "config" / "examples" / "contract-full.toml"
HASH = "ab" * 32
BAD_USE = 2
ASSETS = [
    {"type": "asset", "id": "link", "kind": "link", "name": "干线", "tags": ["core"]},
    {"type": "asset", "id": "cam", "kind": "camera", "name": "门口", "behind": "link"},
    {"type": "asset", "id": "app", "kind": "service", "name": "平台", "behind_any": ["link"]},
]
CHECKS = [
    {"type": "check", "id": "link/reach", "asset": "link", "interval_s": 900, "severity": "critical", "reach": True},
    {"type": "check", "id": "link/optical", "asset": "link", "interval_s": 900, "severity": "major", "counts": False},
    {"type": "check", "id": "cam/rtsp", "asset": "cam", "interval_s": 900, "severity": "major", "reach": True},
]
SAID = [
    {"type": "notified", "check": "link/reach", "at": "2026-10-09T02:20:00+08:00", "channel": "mail"},
    {"type": "acknowledged", "check": "link/reach", "at": "2026-10-09T02:30:00+08:00", "by": "王"},
    {"type": "arrived", "check": "link/reach", "at": "2026-10-09T03:30:00+08:00", "by": "王"},
    {"type": "diagnosed", "id": "x1", "asset": "cam", "at": "2026-10-09T09:00:00+08:00", "by": "王", "part": "电源"},
    {"type": "replaced", "diagnosis": "x1", "at": "2026-10-10T09:00:00+08:00", "by": "王", "temporary": True},
    {"type": "replaced", "diagnosis": "x1", "at": "2026-10-12T09:00:00+08:00", "by": "王", "serial": "SN-7"},
    {"type": "delivered", "id": "d1", "plan": "D1", "month": "2026-09", "at": "2026-10-05T09:00:00+08:00", "by": "乙", "sha256": HASH},
    {"type": "scored", "plan": "M1", "month": "2026-10", "score": "92.5", "of": "100", "reason": "问卷", "sha256": HASH, "at": "2026-11-02T09:00:00+08:00", "by": "甲"},
    {"type": "inspection", "id": "i1", "plan": "I1", "at": "2026-10-09T10:00:00+08:00", "by": "王", "covers": ["app", "link"], "result": "ok"},
    {"type": "settled", "month": "2026-09", "payable": "1000.00", "adjustment": "0.00", "at": "2026-10-06T09:00:00+08:00", "by": "甲", "party": "customer"},
    {"type": "settled", "month": "2026-09", "payable": "1000.00", "adjustment": "0.00", "at": "2026-10-07T09:00:00+08:00", "by": "乙", "party": "vendor"},
    {"type": "agent", "at": "2026-10-09T00:00:00+08:00", "event": "start"},
]  # fmt: skip


def readings() -> list[dict]:
    """A day and a half, a reading a quarter of an hour, with every metric that the example asks for."""
    random, found = Random(9), []
    for turn in range(144):
        at = f"2026-10-{9 + turn // 96:02}T{turn % 96 // 4:02}:{turn % 4 * 15:02}:00+08:00"
        metrics = {"loss_ratio": random.choice((0, 0.1)), "rtt_ms": 12.5, "jitter_ms": 3, "offset_ms": -40}
        optical = {"margin_db": random.choice((2.5, 3.5, 6))}
        video = {"first_frame_ms": random.choice((800, 2500))}
        for check, said in (("link/reach", metrics), ("link/optical", optical), ("cam/rtsp", metrics | video)):
            outcome = (
                "fail" if 8 <= turn < 20 and check != "link/optical" else random.choice(("ok",) * 30 + ("none",))
            )
            found.append({"type": "reading", "check": check, "at": at, "outcome": outcome, "metrics": said})
    return found


@cache
def evidence_lines() -> tuple[str, ...]:
    return tuple(json.dumps(each, ensure_ascii=False) + "\n" for each in [*ASSETS, *CHECKS, *SAID, *readings()])


@cache
def contract_text() -> str:
    return EXAMPLE.read_text(encoding="utf-8")


def asked(contract_said: str, evidence_said: str, folder):
    contract, evidence = folder / "contract.toml", folder / "evidence.jsonl"
    contract.write_bytes(contract_said.encode(errors="surrogatepass"))
    evidence.write_bytes(evidence_said.encode(errors="surrogatepass"))
    files = ["--contract", str(contract), "--evidence", str(evidence)]
    answered = sla_check(
        [*files, "--month", "2026-10", "--as-of", "2026-11-10T00:00:00+08:00", "--format", "json", "--lang", "en"]
    )
    return answered, [str(contract), str(evidence)]


def wrong_with(seed: int, folder) -> list[str]:
    random = Random(seed)
    contract, evidence = contract_text(), "".join(evidence_lines())
    mutation = random.choice(CONTRACT if seed % 2 else EVIDENCE)
    if seed % 2:
        contract = mutation(random, contract)
    else:
        evidence = mutation(random, evidence)
    answered, files = asked(contract, evidence, folder)
    if answered.code != BAD_USE:
        payment = answered.result["payment"]
        return [] if re.fullmatch(r"\d+\.\d\d", payment["payable"]) else [f"{mutation.__name__}: {payment}"]
    place = re.compile(f"({'|'.join(map(re.escape, files))})" + r":[1-9]\d*: .+")
    lines = answered.err.splitlines() or ["no reason given"]
    return [f"{mutation.__name__}: {line}" for line in lines if not place.fullmatch(line)]


def test_the_example_is_judged_in_every_kind(tmp_path):
    answered, _ = asked(contract_text(), "".join(evidence_lines()), tmp_path)
    verdicts = {each["kind"]: each["verdict"] for each in answered.result["obligations"]}
    assert answered.code in (0, 1, 3)
    assert len(verdicts) == 9
    assert len([each for each in answered.result["obligations"] if each["items"]]) >= 9


@pytest.mark.parametrize("first", [0, 75])
def test_a_mutation_is_refused_with_its_place_or_judged(first, tmp_path):
    assert {seed: found for seed in range(first, first + 75) if (found := wrong_with(seed, tmp_path))} == {}


@pytest.mark.faults
@pytest.mark.parametrize("first", range(1_000, 6_000, 500))
def test_thousands_of_mutations_are_refused_with_their_place_or_judged(first, tmp_path):
    assert {seed: found for seed in range(first, first + 500) if (found := wrong_with(seed, tmp_path))} == {}


def shuffled(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    random.shuffle(lines)
    return "".join(lines)


def every_line_twice(_random: Random, text: str) -> str:
    return text * 2


def a_further_key_each(_random: Random, text: str) -> str:
    return "".join(json.dumps(json.loads(line) | {"note": [1]}) + "\n" for line in text.splitlines())


def other_spaces(_random: Random, text: str) -> str:
    return "".join(json.dumps(json.loads(line), separators=(",  ", " : ")) + "\n" for line in text.splitlines())


NEUTRAL = (
    shuffled,
    every_line_twice,
    a_further_key_each,
    other_spaces,
    blank_line,
    windows_line_ends,
    with_byte_order_mark,
)


@pytest.mark.parametrize("mutation", NEUTRAL, ids=lambda mutation: mutation.__name__)
def test_what_says_the_same_is_judged_to_the_same_bytes(mutation, tmp_path):
    text = "".join(evidence_lines())
    plain, _ = asked(contract_text(), text, tmp_path)
    other, _ = asked(contract_text(), mutation(Random(1), text), tmp_path)
    assert (other.code, other.out) == (plain.code, plain.out)


@pytest.mark.parametrize("mutation", NEUTRAL[-3:], ids=lambda mutation: mutation.__name__)
def test_a_contract_that_says_the_same_judges_to_the_same_bytes(mutation, tmp_path):
    text = "".join(evidence_lines())
    plain, _ = asked(contract_text(), text, tmp_path)
    other, _ = asked(mutation(Random(1), contract_text()), text, tmp_path)
    assert (other.code, other.out) == (plain.code, plain.out)
