"""The fast path of reading evidence takes what the strict one takes, with the same meaning, and nothing else.

Lines are spelled in many ways, right and wrong; each file is read as it is, and once more with a
space before every line, which no line of the fast shape has: so the strict reader takes them all.
"""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sla.evidence.lines import _READING, read_lines
from sla.evidence.refusals import EvidenceError

ASSETS = [
    b'{"type": "asset", "id": "cam", "kind": "camera"}\n',
    *(
        json.dumps({"type": "check", "id": name, "asset": "cam", "interval_s": 60, "severity": "major"}).encode()
        + b"\n"
        for name in ("cam/icmp", "摄像机/探测", 'q"uo\\te', "tab\there", "�")
    ),
]
NAMES = ("cam/icmp", "摄像机/探测", 'q"uo\\te', "tab\there", "�")


def line_of(pairs: list[tuple[str, str]], comma: str, colon: str, end: str) -> bytes:
    return ("{" + comma.join(f'"{key}"{colon}{value}' for key, value in pairs) + "}" + end).encode()


@st.composite
def instants(draw) -> str:
    """Mostly right; now and then a day that is none, a leap second, a fraction too fine, no offset."""
    day = draw(st.sampled_from(["2026-10-01", "2026-10-01", "2024-02-29", "2026-02-29", "1969-12-31", "2026-13-01"]))
    clock = draw(st.sampled_from(["08:00:00", "23:59:59", "23:59:60", "24:00:00", "08:60:00", "8:00:00"]))
    fraction = draw(st.sampled_from(["", "", "", ".000", ".5", ".123", ".1230", ".1234", ".", ",5"]))
    offset = draw(st.sampled_from(["Z", "Z", "+08:00", "-03:30", "+24:00", "+08:60", "z", "", "+0800"]))
    return f"{day}{draw(st.sampled_from('TTTt '))}{clock}{fraction}{offset}"


numbers = st.one_of(
    st.integers(-(10**21), 10**21).map(str),
    st.floats(allow_nan=True, allow_infinity=True).map(json.dumps),
    st.sampled_from(
        ["1.50", "-0", "-0.0", "0.1000000000000000055511151231257827", "01", "1.", ".5", "+1", "1e5", "true"]
    ),
    st.sampled_from(["1E400", "-1e-400", "1_000", "１", "null", '"1"', "9" * 16, "9" * 17]),
)
texts = st.one_of(
    st.sampled_from(
        ['"timeout"', '""', '"断线"', r'"a\"b"', r'"\u65ad"', r'"\ud83d\ude00"', '"a\tb"', "null", "7", '"\x7f"']
    ),
    st.text(max_size=5).map(lambda text: json.dumps(text, ensure_ascii=False)),
)


@st.composite
def metrics(draw) -> str:
    found = draw(
        st.lists(st.tuples(st.sampled_from(['"rtt_ms"', '"loss"', r'"\u0061"', '"延时"', '""']), numbers), max_size=3)
    )
    comma, colon = draw(st.sampled_from([",", ", ", " ,"])), draw(st.sampled_from([":", ": ", " : "]))
    return (
        draw(st.sampled_from(["null", "[]", "{}", "{ }"]))
        if not found
        else "{" + comma.join(k + colon + v for k, v in found) + "}"
    )


@st.composite
def lines(draw) -> bytes:
    check = draw(st.sampled_from([*NAMES, "cam/none", ""]))
    pairs = [
        ("type", '"reading"'),
        ("check", json.dumps(check, ensure_ascii=draw(st.booleans()))),
        ("at", f'"{draw(instants())}"'),
        ("outcome", draw(st.sampled_from(['"ok"', '"ok"', '"fail"', '"none"', '"OK"', "null", "true"]))),
    ]
    if draw(st.booleans()):
        pairs.append(("reason", draw(texts)))
    if draw(st.booleans()):
        pairs.append(("metrics", draw(metrics())))
    if draw(st.integers(0, 9)) == 0:
        pairs.append(
            draw(st.sampled_from([("note", '"x"'), ("at", '"2026-10-01T00:00:00Z"'), ("reason", '"twice"')]))
        )
    if draw(st.integers(0, 4)) == 0:
        pairs = draw(st.permutations(pairs))
    spelled = line_of(
        pairs, draw(st.sampled_from([",", ", ", ", ", " , "])), draw(st.sampled_from([":", ": ", ": "])), ""
    )
    return spelled + draw(st.sampled_from([b"\n", b"\n", b"\r\n", b" \n", b"\t\n", b",\n"]))


@st.composite
def right_lines(draw) -> bytes:
    """Lines in the shape that we export, of which the fast path takes most."""
    words = {
        "type": "reading",
        "check": draw(st.sampled_from(NAMES)),
        "at": f"2026-10-01T{draw(st.integers(0, 23)):02d}:{draw(st.integers(0, 59)):02d}:00"
        + draw(st.sampled_from(["Z", ".250Z", "+08:00"])),
        "outcome": draw(st.sampled_from(["ok", "fail", "none"])),
        "reason": draw(st.sampled_from(["", "timeout", "断线", 'say "no"'])),
        "metrics": draw(
            st.dictionaries(st.sampled_from(["rtt_ms", "loss"]), st.floats(-1e6, 1e6) | st.integers(-9, 9))
        ),
    }
    compact = draw(st.sampled_from([None, (",", ":")]))
    return json.dumps(words, ensure_ascii=draw(st.booleans()), separators=compact).encode() + b"\n"


def read(found: list[bytes]):
    """(readings of each check with all they say, problems)."""
    try:
        evidence = read_lines([*ASSETS, *found], "f")
    except EvidenceError as error:
        return None, error.problems
    told = {name: list(evidence.readings.samples(name, -(10**15), 10**15)) for name in NAMES}
    return told, ()


def strictly(found: list[bytes]) -> list[bytes]:
    return [b" " + line for line in found]


def comparable(told):
    """Types too: 1 and 1.0 are not the same metric, nor are 0.0 and −0.0."""
    return repr(told)


@given(st.lists(lines(), min_size=1, max_size=4))
@settings(max_examples=350, deadline=None)
@example(
    [b'{"type": "reading", "check": "cam/icmp", "at": "2026-10-01T08:00:00Z", "outcome": "ok", "reason": "\xff"}\n']
)
@example(
    [
        b'{"type": "reading", "check": "cam/icmp", "at": "2026-10-01T08:00:00Z", "outcome": "ok", "metrics": {"\xff": 1}}\n'
    ]
)
@example([b'{"type": "reading", "check": "\xff", "at": "2026-10-01T08:00:00Z", "outcome": "ok"}\n'])
@example(
    [
        b'{"type": "reading", "check": "cam/icmp", "at": "2026-10-01T08:00:00Z", "outcome": "ok", "metrics": {"a": 1, "a": 2}}\n'
    ]
)
@example([b'{"type": "reading", "check": "cam/icmp", "at": "9999-12-31T23:59:59Z", "outcome": "ok"}\n'])
def test_both_paths_take_the_same_lines_with_the_same_meaning(found):
    (told, problems), (strict_told, strict_problems) = read(found), read(strictly(found))
    assert comparable(told) == comparable(strict_told)
    assert [each.line for each in problems] == [each.line for each in strict_problems]


@given(st.lists(right_lines(), min_size=1, max_size=6))
@settings(max_examples=100, deadline=None)
def test_what_we_export_is_taken_by_both_alike(found):
    told, problems = read(found)
    assert problems == ()
    assert comparable(told) == comparable(read(strictly(found))[0])


def test_the_fast_path_is_indeed_the_one_that_reads_our_export():
    line = '{"type": "reading", "check": "cam/icmp", "at": "2026-10-01T08:00:00Z", "outcome": "ok", "reason": "断线", "metrics": {"rtt_ms": 1.5}}\n'
    assert _READING.fullmatch(line.encode())
    assert not _READING.fullmatch(strictly([line.encode()])[0])


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_the_last_line_may_lack_its_end(end):
    line = b'{"type": "reading", "check": "cam/icmp", "at": "2026-10-01T08:00:00Z", "outcome": "fail"}'
    told, _ = read([line + end])
    assert [reading.outcome for reading in told["cam/icmp"]] == ["fail"]
