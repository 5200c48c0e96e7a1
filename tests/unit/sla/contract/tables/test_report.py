"""What a report clause may say in a contract file (docs/obligations.md §4)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sla.contract.clauses.report import ReportClause, ReportLoss
from sla.evidence.records import Scope
from tests.support.timelines import DAY


def test_what_may_be_left_out_is_neutral(read):
    found = read("report", "due = 5")
    assert found == ReportClause(id="X1", clause="4.1", title="某项", scope=Scope(), line=10, due=5)
    assert (found.every, found.due_in, found.grace) == ("month", "next", 0)


def test_a_clause_that_says_everything(read):
    found = read(
        "report",
        """every = "quarter"
due = 31
due_in = "same"
calendar = "office"
grace = "3d"
points = "5"
deduct = { per_missed = "100", per_late = "10", per_day = "1", cap = "50" }
lose = { per_day = "0.5" }""",
    )
    assert (found.every, found.due, found.due_in, found.grace) == ("quarter", 31, "same", 3 * DAY)
    assert found.deduct == ReportLoss(
        per_missed=Decimal(100), per_late=Decimal(10), per_day=Decimal(1), cap=Decimal(50)
    )
    assert found.lose == ReportLoss(per_day=Decimal("0.5"))


@pytest.mark.parametrize("day", ["0", "32", "-1", "1.5", "true", '"5"'])
def test_the_day_is_a_number_that_a_month_can_have(refused, day):
    assert refused("report", f"due = {day}") == [f"due: got {day}, wanted a day's number from 1 to 31"]


def test_documents_have_no_scope(refused):
    assert refused("report", 'due = 5\nscope = { kind = "camera" }')[0].startswith("scope: ")


def test_a_cap_alone_deducts_nothing_and_is_refused(refused):
    (line,) = refused("report", 'due = 5\ndeduct = { cap = "5" }')
    assert line.endswith("wanted at least one of per_missed, per_late, per_day")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("", "due: got nothing, wanted "),
        ('due = 5\nevery = "week"', 'every: got "week", wanted '),
        ('due = 5\ndue_in = "last"', 'due_in: got "last", wanted '),
        ("due = 5\ngrace = 3", "grace: got 3, wanted "),
    ],
)
def test_what_is_wrong_is_named_with_its_key(refused, keys, said):
    assert refused("report", keys)[0].startswith(said)
