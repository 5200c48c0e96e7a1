"""Kinds that live on what people record: report and manual ask nothing of a scope, replace only for its assets."""

from __future__ import annotations

import pytest

from tests.support.lint_contracts import HEAD, SEEN, told

COMMON = '[[obligations]]\nid = "X1"\nclause = "1"\ntitle = "t"\n'
REPORT = COMMON + 'kind = "report"\ndue = 5\ndeduct = { per_missed = "100" }\n'
MANUAL = COMMON + 'kind = "manual"\ntarget = "90%"\ndeduct = { per = "1%", amount = "100" }\n'
REPLACE = COMMON + 'kind = "replace"\nlimit = "15d"\nscope = { kind = "camera" }\ndeduct = { per_breach = "100" }\n'
ONLINE = (
    COMMON
    + 'kind = "online"\nat = "08:00"\ntarget = "98%"\nscope = { kind = "camera" }\ndeduct = { per = "1%", amount = "1" }\n'
)
NOBODY = "    agent 10-01 00:00 start\n"
UNSEEN = "    asset cam camera\n"


@pytest.mark.parametrize(
    ("text", "around", "codes"),
    [
        (REPORT, NOBODY, []),
        (MANUAL, NOBODY, []),
        (REPLACE, NOBODY, [("X1", "no_source")]),
        (REPLACE, UNSEEN, []),  # somebody diagnoses a camera that nothing reads
        (ONLINE, NOBODY, [("X1", "no_source")]),
        (ONLINE, UNSEEN, [("X1", "no_source")]),
        (ONLINE, SEEN, []),
    ],
)
def test_what_a_kind_s_figures_come_from_decides_what_has_to_be_there(lint, text, around, codes):
    assert told(lint(HEAD + text, around)) == codes


def test_a_roll_call_needs_coverage_and_a_document_does_not(lint):
    rules = '[measurement]\nmin_coverage = "100%"\n'
    assert told(lint(HEAD + rules + ONLINE)) == [("", "never_met")]
    for text in (REPORT, MANUAL, REPLACE):
        assert lint(HEAD + rules + text) == ()


@pytest.mark.parametrize("text", [REPORT, MANUAL])
def test_a_period_that_the_term_never_holds_is_never_tested(lint, text):
    head = HEAD.replace("2026-01-01, to = 2026-12-31", "2026-01-05, to = 2026-03-09")
    assert lint(head + text) == ()  # February is whole
    assert told(lint(head + text.replace("deduct", 'every = "quarter"\ndeduct'))) == [("X1", "no_period")]
