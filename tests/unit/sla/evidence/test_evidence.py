"""Evidence as a whole (SPEC section 1): what contradicts is refused, all of it at once, each with its line."""

from __future__ import annotations

import pytest

from sla.evidence.file import read_evidence
from sla.evidence.lines import MOST_PROBLEMS, parse_line, read_lines
from sla.evidence.records import Claim, Settled
from sla.evidence.refusals import EvidenceError
from sla.history.known import known

ASSET = '{"type": "asset", "id": "cam", "kind": "camera"}'
CHECK = '{"type": "check", "id": "cam/icmp", "asset": "cam", "interval_s": 60, "severity": "major", "reach": true}'
READING = '{"type": "reading", "check": "cam/icmp", "at": "2026-10-01T08:00:00Z", "outcome": "ok"}'
CLAIM = '{"type": "claim", "id": "c1", "asset": "cam", "from": "2026-10-01T08:00:00Z", "to": "2026-10-01T09:00:00Z", "cause": "power", "at": "2026-10-01T10:00:00Z"}'
RULING = '{"type": "ruling", "claim": "c1", "accepted": true, "at": "2026-10-01T11:00:00Z"}'
SETTLED = '{"type": "settled", "month": "2026-09", "payable": "1.00", "adjustment": "0.00", "party": "vendor", "at": "2026-10-05T00:00:00Z"}'


def read(*lines: str | bytes):
    return read_lines([line if isinstance(line, bytes) else line.encode() + b"\n" for line in lines], "e.jsonl")


def refusals(*lines: str | bytes) -> list[str]:
    with pytest.raises(EvidenceError) as refused:
        read(*lines)
    return str(refused.value).splitlines()


def contradictions(*lines: str) -> list[str]:
    """What is refused of records that are right one by one, once all of them are known."""
    with pytest.raises(EvidenceError) as refused:
        known_of(*lines)
    return str(refused.value).splitlines()


def known_of(*lines: str):
    return known(read(*lines), None, 10**13)


def test_what_fits_together_is_taken():
    found = known_of(ASSET, CHECK, READING, CLAIM, RULING, SETTLED)
    assert (list(found.assets), list(found.checks), len(found.of(Claim)), len(found.of(Settled))) == (
        ["cam"],
        ["cam/icmp"],
        1,
        1,
    )


def test_the_same_words_twice_count_once():
    assert len(read(ASSET, CLAIM, CLAIM, ASSET).of(Claim)) == 1


@pytest.mark.parametrize(
    ("line", "other", "reason"),
    [
        (ASSET, ASSET.replace("camera", "link"), "asset cam contradicts the one on line 1; both are refused"),
        (CHECK, CHECK.replace("60", "61"), "check cam/icmp contradicts the one on line 1; both are refused"),
        (
            RULING,
            RULING.replace("true", "false"),
            "ruling at one instant on claim c1 contradicts the one on line 1; both are refused",
        ),
        (
            SETTLED,
            SETTLED.replace("1.00", "2.00"),
            "settled record of vendor at one instant of month 2026-09 contradicts the one on line 1; both are refused",
        ),
    ],
)
def test_what_is_said_twice_in_other_words_is_refused(line, other, reason):
    assert (
        contradictions(line, other, *(each for each in (ASSET, CHECK, CLAIM) if each != line))[0]
        == f"e.jsonl:2: {reason}"
    )


def test_two_that_differ_stand_side_by_side_until_both_are_known():
    late = CLAIM.replace('"cause"', '"recorded_at": "2026-11-01T00:00:00Z", "cause"')
    found = read(ASSET, CLAIM, late)
    assert len(known(found, None, 1_793_000_000_000).of(Claim)) == 1
    with pytest.raises(EvidenceError, match="claim c1 contradicts the one on line 2"):
        known(found, None, 10**13)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (CHECK, "cam"),
        (READING, "cam/icmp"),
        (READING.replace("Z", "z"), "cam/icmp"),
        (CLAIM, "cam"),
        ('{"type": "notified", "check": "x", "at": "2026-10-01T08:00:00Z", "channel": "mail"}', "x"),
        (
            '{"type": "inspection", "id": "i", "plan": "I1", "at": "2026-10-01T08:00:00Z", "covers": ["x"], "result": "ok"}',
            "x",
        ),
    ],
)
def test_an_id_that_nobody_defined_is_taken_and_told_of(line, name):
    assert known_of(line).unknown == {name}


def test_an_asset_has_at_most_one_reach_check():
    other = CHECK.replace("cam/icmp", "cam/tcp")
    assert contradictions(ASSET, CHECK, other) == [
        "e.jsonl:3: reach: asset 'cam' has the reach checks 'cam/icmp' and 'cam/tcp'; at most one"
    ]


def test_a_circle_is_refused():
    one, other = (
        f'{{"type": "asset", "id": "{a}", "kind": "k", "behind": "{b}"}}' for a, b in (("a", "b"), ("b", "a"))
    )
    (line,) = contradictions(one, other)
    assert "behind: a circle, " in line


def test_all_that_is_wrong_is_told_in_the_order_of_lines():
    found = refusals("{", CHECK, '{"type": "asst"}')
    assert [line.split(":")[1] for line in found] == ["1", "3"]


def test_a_file_that_is_wrong_all_over_is_not_read_to_its_end():
    assert len(refusals(*["{"] * (MOST_PROBLEMS + 20))) == MOST_PROBLEMS + 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"\xff\n", "no UTF-8: byte 0xff at byte 1"),
        (b'{"type": "reading", "check": "\xff"}\n', "no UTF-8: byte 0xff at byte 31"),
        (READING.replace("ok", "\udcff").encode(errors="surrogateescape"), "no UTF-8: byte 0xff"),
        ("{", "no JSON: Expecting property name"),
        ("[" * 100_000, "no record: nested too deeply"),
        ("[]", "got [], wanted a JSON object"),
        ('{"type": "asset", "id": "a", "id": "b", "kind": "k"}', "id: this key is there twice"),
        ('{"type": "asset", "id": NaN, "kind": "k"}', "no JSON: NaN is no number"),
        (ASSET.replace('"cam"', "1" * 21), "got a number of 21 digits, wanted at most 20"),
        (ASSET.replace("cam", r"\ud800", 1), "no text: half a surrogate pair"),
        (READING.replace('"ok"', '"ok", "metrics": {"a": 1, "a": 2}'), "a: this key is there twice"),
        (READING.replace("08:00:00Z", "25:00:00Z"), "is no instant: hour must be in 0..23"),
    ],
)
def test_a_malformed_line_is_refused_with_its_reason(line, reason):
    (said,) = refusals(line)
    assert said.startswith("e.jsonl:1: ")
    assert reason in said


def test_a_whole_surrogate_pair_is_a_text():
    assert parse_line(r'"\ud83d\ude00"') == "😀"


@pytest.mark.parametrize("blank", ["", "  ", "\t"])
def test_blank_lines_and_a_byte_order_mark_are_nothing(blank):
    assert list(known_of("\ufeff" + ASSET, blank, CHECK).assets) == ["cam"]


def test_a_file_is_read_from_its_path(tmp_path):
    path = tmp_path / "e.jsonl"
    path.write_text(f"{ASSET}\r\n{CHECK}\r\n{READING}\r\n", encoding="utf-8")
    assert read_evidence(path).latest_at() == 1790841600000
    path.write_text("{\n", encoding="utf-8")
    with pytest.raises(EvidenceError, match=r"e\.jsonl:1: "):
        read_evidence(path)


def test_a_reading_keeps_what_it_said_whichever_way_it_was_read():
    quick = READING.replace('"ok"', '"fail", "reason": "超时", "metrics": {"rtt_ms": 2.5}')
    strict = quick.replace('"type"', ' "type"').replace("08:00", "08:01")
    plain = READING.replace("08:00", "08:02")
    readings = list(read(ASSET, CHECK, quick, strict, plain).readings.samples("cam/icmp", 0, 10**15, 10**15))
    assert [(each.reason, dict(each.metrics)) for each in readings] == [
        ("超时", {"rtt_ms": 2.5}),
        ("超时", {"rtt_ms": 2.5}),
        ("", {}),
    ]
