"""The words that probes and the agent use for what was wrong: each has its Chinese, also behind the colon."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from agent.trust.readings import _DOUBTS, _STALLED, _UNTRUSTED_CLOCK
from config.text.i18n import in_language
from config.text.reasons import DOMAIN, reason_in
from probes import reasons
from probes.kinds import onvif, snmp_link
from probes.machine import smart_report
from probes.picture import decoder
from probes.ping import packet
from probes.reasons import because

ROOT = Path(__file__).parents[3]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PHRASES = sorted(value for name, value in vars(reasons).items() if name.isupper() and isinstance(value, str))
MADE = {"AssetFaultError", "OwnFaultError", "because", "Reason"}
"""What takes a phrase, and behind it a detail."""
NOT_OURS = {
    "NotAuthorized",  # a code of ONVIF's
    "{0} Mbit/s",
    "{0} dB",  # units are the same in both languages
    "{0}: {1} ({2})",  # systemd's own words
    "{0} recordings; {1}",  # held below, with both ways to mend it
}


def texts_of(node):
    """The texts that an argument may be, a value that is filled in as `{0}`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts_of(node.body)
        yield from texts_of(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for each in node.values:
            yield from texts_of(each)
    elif isinstance(node, ast.JoinedStr):
        filled = iter(range(99))
        yield "".join(each.value if isinstance(each, ast.Constant) else f"{{{next(filled)}}}" for each in node.values)


def details_in(source):
    """What stands behind the phrase where a reason is made; all of it where a refused login is explained."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        wanted = {"refused": 1, "_refused": 0}.get(name, 1 if name in MADE else 99)
        for each in node.args[wanted:]:
            yield from texts_of(each)


DETAILS = sorted(
    {
        text
        for package in ("agent", "probes")
        for path in (ROOT / package).rglob("*.py")
        for text in details_in(path.read_text(encoding="utf-8"))
        if text and text not in NOT_OURS and text != "{0}"
    }
)
IN_TABLES = (
    *snmp_link._STATES.values(),
    "speed",
    "duplex",
    "errors",
    "last change",
    *onvif._FIELDS,
    "unknown",
    *smart_report._NVME_WARNINGS,
    "bit 6",
    "below the drive's own threshold",
    *(detail for _, _, detail in decoder._FAULTS.values()),
    "the picture",
    *packet._COMPLAINTS.values(),
    "says 10.0.0.1",
    "says somebody",
    "200 or more recordings; set token or source",
    "200 or more recordings; set token",
    "2 recordings; set token or source",
    "2 recordings; set token",
    "0.0.0.0 is not the address of one machine",
    "overload",
    "missed",
    "deadline",
)
"""Words of details that are looked up or put together before a reason is made of them, and the agent's phrases."""


@pytest.mark.parametrize("phrase", PHRASES)
def test_every_phrase_has_a_chinese_text(phrase):
    assert CHINESE.search(in_language(phrase, "zh", DOMAIN))


def test_details_are_found_in_the_code():
    found = list(
        details_in('AssetFaultError(A, "b" if c else f"d {e}"); refused(o, "f"); because(A, g or "h"); ok("i")')
    )
    assert found == ["b", "d {0}", "f", "h"]
    assert len(DETAILS) > 80


@pytest.mark.parametrize("detail", [*DETAILS, *IN_TABLES])
def test_every_detail_with_words_of_ours_is_chinese_behind_the_colon(detail):
    text = re.sub(r"\{\d\}", "7", detail)
    shown = reason_in(f"no answer: {text}", "zh").partition(": ")[2]
    assert CHINESE.search(shown), f"{detail!r} is not in reasons.po"
    left = re.sub(
        r"[^a-z ]|smartctl|gzip|token|source|window|redirect_hosts|https?|net.ipv|ping_group_range", "", shown
    )
    assert not re.search(r"[a-z]{4,}", left), f"words of {detail!r} are not Chinese: {shown}"


@pytest.mark.parametrize("doubt", [*_DOUBTS.values(), _STALLED, _UNTRUSTED_CLOCK])
def test_why_the_agent_did_not_believe_a_look_is_chinese(doubt):
    shown = reason_in(str(doubt), "zh")
    assert not re.search(r"[a-z]", shown)


def test_reasons_are_told_apart_by_their_phrase_and_kept_as_text():
    found = because("unexpected status", 503)
    assert (found.phrase, found.detail, str(found)) == ("unexpected status", "503", "unexpected status: 503")
    assert str(because("no answer", "", "")) == "no answer"


def test_what_a_stranger_says_becomes_one_harmless_line():
    found = because("answer not understood", "a\r\nb\x1b[31m\u202ec\ud800\0d")
    assert str(found) == "answer not understood: a b [31m c d"


def test_what_a_stranger_says_is_cut_together_with_our_words():
    assert len(because("answer not understood", "begins with", "x" * 10_000).detail) == reasons.DETAIL_CHARACTERS
    assert because("not ready", "x" * 200).detail == "x" * 200


TAKING_APART = {"partition", "rpartition", "split", "startswith", "endswith", "removeprefix", "find", "index"}


def readers_in(source):
    """Lines in which the text of a reason, or of what a probe raised, decides something."""

    def is_text(node):
        return isinstance(node, ast.Attribute) and node.attr == "reason"

    for node in ast.walk(ast.parse(source)):
        if (isinstance(node, ast.Compare) and any(map(is_text, (node.left, *node.comparators)))) or (
            isinstance(node, ast.Attribute) and node.attr in TAKING_APART and is_text(node.value)
        ):
            yield node.lineno


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('if seen.outcome.reason == "no answer": pass', [1]),
        ('fault.reason.partition(":")[0] in SILENT', [1]),
        ('x = fault.reason\nfault.reason.startswith("a")', [2]),
        ("if fault.why.phrase in SILENT: pass", []),
        ("Reading(reason=outcome.reason)", []),
    ],
)
def test_who_reads_the_text_of_a_reason_is_found(source, lines):
    assert list(readers_in(source)) == lines


@pytest.mark.parametrize("package", ["agent/trust", "agent/probing", "probes"])
def test_nobody_takes_a_reason_apart_to_decide(package):
    """Phrases are compared (`why.phrase`): a text is for people, and may be cut."""
    found = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / package).rglob("*.py")
        if (lines := list(readers_in(path.read_text(encoding="utf-8"))))
    }
    assert found == {}
