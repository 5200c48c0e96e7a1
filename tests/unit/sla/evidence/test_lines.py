"""JSON Lines of evidence: what is a line, what is refused of it, and that their order is of no matter."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.input.mistakes import MalformedError
from sla.evidence.file import read_evidence
from sla.evidence.lines import MOST_PROBLEMS, parse_line, read_lines, record_of
from sla.evidence.records import RECORDS, Asset, Reading
from sla.evidence.refusals import EvidenceError
from tests.support.records_said import EVERYTHING, EXAMPLES, example, said

LINES = [json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in EVERYTHING]
ASSET, CHECK = LINES[:2]


def refusal(*lines: bytes, language="en"):
    with pytest.raises(EvidenceError) as caught:
        read_lines(lines, "e")
    return caught.value.text(language).splitlines()


def not_read(text):
    with pytest.raises(MalformedError) as caught:
        record_of(text)
    return caught.value


@pytest.mark.parametrize("name", EXAMPLES)
def test_one_line_is_one_record(name):
    record = record_of(json.dumps(example(name)))
    assert type(record) is RECORDS[name].record
    assert record_of(f"  {json.dumps(example(name), indent=1)}\n") == record


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("", "no JSON: Expecting value at column 1", "不是 JSON：第 1 列：Expecting value"),
        ('{"type": ', "no JSON: Expecting value at column 10", "不是 JSON：第 10 列：Expecting value"),
        ("[1]", "got [1], wanted a JSON object", "实为 [1]，应为 JSON 对象"),
        ('{"type": "asset", "type": "asset"}', "type: this key is there twice", "type：该键出现两次"),
        ('{"a": {"b": 1, "b": 1}}', "b: this key is there twice", "b：该键出现两次"),
        ('{"a": NaN}', "no JSON: NaN is no number", "不是 JSON：NaN 不是数"),
        ('{"a": -Infinity}', "no JSON: -Infinity is no number", "不是 JSON：-Infinity 不是数"),
        (f'{{"a": {"9" * 21}}}', "got a number of 21 digits, wanted at most 20", "实为 21 位的数，应为 至多 20"),
        (r'{"a": "\ud83d"}', "no text: half a surrogate pair", "不是文本：半个代理对"),
        ("[" * 100_000, "no record: nested too deeply", "不是记录：嵌套过深"),
        (
            json.dumps(example("check", severity=None)),
            "severity: missing in this check",
            "severity：此 check 记录缺少该键",
        ),
    ],
    ids=lambda text: text[:20],
)
def test_a_line_that_says_no_record_is_refused_in_both_languages(text, english, chinese):
    assert (not_read(text).text(), not_read(text).text("zh")) == (english, chinese)


def test_numbers_keep_every_digit_until_they_are_read():
    found = parse_line('{"a": 0.1000000000000000000000000001, "b": 12345678901234567890, "c": -0}')
    assert found == {"a": Decimal("0.1000000000000000000000000001"), "b": 12345678901234567890, "c": 0}


def test_what_is_no_utf_8_is_refused_by_its_byte():
    bad = LINES[2].replace(b'"ok"', b'"\xe9"')
    place = bad.index(b"\xe9") + 1
    assert refusal(ASSET, CHECK, bad) == [f"e:3: no UTF-8: byte 0xe9 at byte {place}"]
    assert refusal(ASSET, CHECK, bad, language="zh") == [f"e:3: 不是 UTF-8：第 {place} 字节为 0xe9"]


def test_a_byte_order_mark_is_nothing_on_the_first_line_only():
    mark = b"\xef\xbb\xbf"
    assert [each.id for each in read_lines([mark + ASSET], "e").of(Asset)] == ["cam"]
    assert refusal(ASSET, mark + CHECK)[0].startswith("e:2: no JSON: Unexpected UTF-8 BOM")


@pytest.mark.parametrize("count", [MOST_PROBLEMS, MOST_PROBLEMS + 1, MOST_PROBLEMS + 2, 500])
def test_after_too_many_bad_lines_no_more_is_read(count):
    assert len(refusal(*[b"nonsense\n"] * count)) == min(count, MOST_PROBLEMS + 1)


def test_an_empty_file_is_evidence_of_nothing():
    for lines in ([], [b""], [b"\n", b"  \r\n"]):
        found = read_lines(lines, "e")
        assert (found.records, list(found.readings.checks()), found.latest_at()) == ({}, [], None)


def test_a_reading_is_taken_whichever_way_its_line_is_spelt():
    quick = json.dumps(example("reading")).encode()
    slow = json.dumps(dict(reversed(example("reading").items()))).encode()
    for reading in (quick, slow, quick.replace(b" ", b""), quick + b"\r\n"):
        found = read_lines([ASSET, CHECK, reading], "e")
        (one,) = found.readings.samples("cam/icmp", 0, 1 << 50, 1 << 50)
        assert one == record_of(quick.decode())


def test_a_reading_of_no_check_is_kept_beside_the_others():
    stray = json.dumps(example("reading", check="gone")).encode() + b"\n"
    found = read_lines([ASSET, CHECK, stray, stray, b" " + stray], "e")
    assert list(found.readings.checks()) == ["gone"]
    assert len(list(found.readings.samples("gone", 0, 1 << 50, 1 << 50))) == 3


def test_a_file_is_read_whole_or_not_at_all(tmp_path):
    path = tmp_path / "e.jsonl"
    path.write_bytes(b"".join(LINES))
    found = read_evidence(path)
    assert {type(one) for records in found.records.values() for _, one in records} == {
        row.record for row in RECORDS.values() if row.record is not Reading
    }
    path.write_bytes(b"".join([*LINES, b"{}\n"]))
    with pytest.raises(EvidenceError, match=rf"^{path}:{len(LINES) + 1}: type: got None, wanted one of asset, "):
        read_evidence(path)
    with pytest.raises(FileNotFoundError):
        read_evidence(tmp_path / "nowhere.jsonl")


@given(st.permutations(LINES))
@settings(max_examples=50, deadline=None)
def test_the_order_of_lines_is_of_no_matter(lines):
    found, wanted = read_lines(lines, "e"), read_lines(LINES, "e")
    assert {cls: found.of(cls) for cls in found.records} == {cls: wanted.of(cls) for cls in wanted.records}
    assert list(found.readings.samples("cam/icmp", 0, 1 << 50, 1 << 50)) == list(
        wanted.readings.samples("cam/icmp", 0, 1 << 50, 1 << 50)
    )


@given(st.lists(st.sampled_from(LINES), max_size=12))
@settings(max_examples=50, deadline=None)
def test_lines_said_again_refuse_nothing(again):
    found, wanted = read_lines([*LINES, *again], "e"), read_lines(LINES, "e")
    assert (found.records, found.latest_at()) == (wanted.records, wanted.latest_at())


@given(st.lists(said(), max_size=6))
@settings(max_examples=100, deadline=None)
def test_whatever_is_said_is_taken_whole_or_refused_with_lines_that_are_there(records):
    lines = [json.dumps(each).encode() + b"\n" for each in records]
    try:
        found = read_lines(lines, "e")
    except EvidenceError as error:
        places = [problem.line for problem in error.problems]
    else:
        places = [1]
        assert len(found.of(Asset)) <= sum(each["type"] == Asset.record_type for each in records)
    assert places == sorted(places)
    assert set(places) <= set(range(1, max(2, len(lines) + 1)))
