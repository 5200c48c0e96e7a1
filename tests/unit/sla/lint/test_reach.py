"""Whether what looks at an asset tells its faults apart and by their weight."""

from __future__ import annotations

import pytest

from tests.support.lint_contracts import A1, HEAD, R1, REPEAT, told

CHECKS = """
    asset cam camera
    check cam/icmp 60s {icmp}
    check cam/rtsp 60s {rtsp}
"""


def seen(icmp="critical reach", rtsp="critical"):
    return CHECKS.format(icmp=icmp, rtsp=rtsp)


@pytest.mark.parametrize(
    ("icmp", "rtsp", "found"),
    [
        ("critical", "critical", [("", "no_reach")]),
        ("critical reach", "critical", []),
        ("critical", "critical counts=no", []),  # one that counts: nothing to part it from
        ("critical reach counts=no", "critical", []),
    ],
)
def test_of_several_checks_that_count_one_reaches_the_asset(lint, icmp, rtsp, found):
    assert told(lint(HEAD + R1, seen(icmp, rtsp))) == found


@pytest.mark.parametrize(
    ("reach", "other", "found"),
    [
        ("minor reach", "critical", [("", "hidden")]),
        ("major reach", "critical", [("", "hidden")]),
        ("major reach", "critical counts=no", [("", "hidden")]),  # its incidents are hidden all the same
        ("critical reach", "minor", []),
        ("critical reach", "critical", []),
    ],
)
def test_the_reach_check_is_as_severe_as_the_gravest(lint, reach, other, found):
    assert told(lint(HEAD + R1, seen(reach, other))) == found


def test_both_are_told_where_the_clauses_about_incidents_look(lint):
    (found,) = lint(HEAD + REPEAT.format("7d"), seen("critical"))
    assert (found.code, found.statement.values["names"].text) == ("no_reach", "cam")
    assert found.line == HEAD.count("\n") + 1  # it says no scope: the line of the clause
    both = "    asset srv server\n    check srv/a 60s minor\n    check srv/b 60s minor\n"
    cameras = R1.replace("severity", 'kind = "camera", severity')
    assert lint(HEAD + cameras, seen() + both) == ()
    assert told(lint(HEAD + R1, seen() + both)) == [("", "no_reach")]


def test_where_no_clause_is_about_incidents_or_nothing_is_known_nothing_is_asked(lint):
    assert lint(HEAD + A1, seen("critical")) == ()
    assert lint(HEAD + R1) == ()
