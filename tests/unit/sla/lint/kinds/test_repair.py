"""What only a repair clause is asked: whether its clock starts, its limit can be decided, and limits fit together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sla.contract.file import read_contract
from sla.lint.files import around_evidence
from sla.lint.lint import linted
from sla.lint.subject import Subject
from tests.support.lint_contracts import HEAD, NOTICE, R1, SEEN, told
from tests.support.timelines import evidence

NOTIFIED = R1.replace("limit", f"{NOTICE}limit")


def codes(tmp_path, text, *, tells_vendor):
    path = tmp_path / "c.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    around = replace(around_evidence(evidence(SEEN)), tells_vendor=tells_vendor)
    return told(linted(Subject(read_contract(path), lambda _keys: 1, around)))


@pytest.mark.parametrize(
    ("text", "tells_vendor", "found"),
    [
        (NOTIFIED, False, [("R1", "no_source")]),
        (NOTIFIED, True, []),
        (NOTIFIED, None, []),  # evidence does not say whom the site alerts
        (R1, False, []),
    ],
)
def test_a_clock_that_runs_from_a_notice_needs_somebody_who_sends_one(tmp_path, text, tells_vendor, found):
    assert codes(tmp_path, text, tells_vendor=tells_vendor) == found


def test_a_clock_that_waits_for_the_notice_for_ever_is_told(lint):
    waiting = R1.replace("limit", 'clock = "notified"\nlimit')
    assert told(lint(HEAD + waiting)) == [("R1", "late_clock")]
    assert lint(HEAD + NOTIFIED) == ()
    assert lint(HEAD + R1) == ()


def test_a_limit_that_is_longer_than_all_working_time_of_the_term_is_always_met(lint):
    # Monday 5 to Friday 9 January: five days of 10 h
    head = HEAD.replace("2026-01-01, to = 2026-12-31", "2026-01-05, to = 2026-01-09")
    office = R1.replace("limit", 'calendar = "office"\nlimit')
    assert lint(head + office.replace("4h", "50h")) == ()
    assert told(lint(head + office.replace("4h", "51h"))) == [("R1", "always_met")]


def test_only_restoring_is_read_and_so_can_be_too_slow(lint):
    short = R1.replace("4h", "30s")
    assert told(lint(HEAD + short, SEEN)) == [("R1", "too_slow")]
    for stage in ("respond", "arrive"):
        assert lint(HEAD + short.replace("restore", stage), SEEN) == ()


def second(**changes):
    text = R1.replace('"R1"', '"R2"')
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (R1, second(restore="arrive"), []),  # four hours to arrive, four to restore
        (R1, second(**{"restore": "arrive", "4h": "5h"}), [("R2", "conflict")]),
        (R1, second(**{"critical": "minor", "4h": "3h"}), [("R1", "conflict")]),
        (R1, second(**{"critical": "minor", "4h": "5h"}), []),
        (R1, second(**{"critical": "minor", "4h": "3h", "restore": "respond"}), []),
        (R1, second(**{'"critical"': '["critical", "minor"]', "4h": "3h"}), []),  # both hold the gravest
        (R1, second(**{'severity = "critical"': 'severity = "minor", kind = "nvr"', "4h": "3h"}), []),
    ],
)
def test_limits_of_stages_and_severities_come_in_order(lint, one, other, found):
    assert told(lint(HEAD + one + other)) == found
