"""What a repeat clause may say in a contract file (docs/obligations.md §2)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sla.contract.clauses.repeat import RepeatClause, RepeatLoss
from sla.evidence.records import Scope
from tests.support.timelines import DAY

LEAST = 'within = "30d"\nrepeats = 1'


def test_what_may_be_left_out_is_neutral(read):
    assert read("repeat", LEAST) == RepeatClause(
        id="X1", clause="4.1", title="某项", scope=Scope(), line=10, within=30 * DAY, repeats=1
    )


def test_a_clause_that_says_everything(read):
    found = read(
        "repeat",
        LEAST.replace("1", "0")
        + """
scope = { severity = "critical" }
points = "10"
deduct = { per_breach = "100", cap_each = "300", cap = "900" }
lose = { per_breach = "1" }""",
    )
    assert (found.repeats, found.scope) == (0, Scope(severity=("critical",)))
    assert found.deduct == RepeatLoss(per_breach=Decimal(100), cap_each=Decimal(300), cap=Decimal(900))
    assert found.lose == RepeatLoss(per_breach=Decimal(1))


def test_it_counts_plain_time_and_has_no_calendar(read, refused):
    assert read("repeat", LEAST).calendar == "always"
    assert refused("repeat", LEAST + '\ncalendar = "office"')[0].startswith("calendar: ")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("repeats = 1", "within: got nothing, wanted "),
        ('within = "30d"', "repeats: got nothing, wanted "),
        ('within = "0s"\nrepeats = 1', 'within: got "0s", wanted more than nothing'),
        ('within = "30d"\nrepeats = -1', "repeats: got -1, wanted a whole number, 0 or more"),
        ('within = "30d"\nrepeats = 1.5', "repeats: got 1.5, wanted a whole number, 0 or more"),
        ('within = "30d"\nrepeats = true', "repeats: got true, wanted a whole number, 0 or more"),
        ('within = "30d"\nrepeats = 1000001', "repeats: got 1000001, wanted a whole number, 0 or more"),
        (f'{LEAST}\ndeduct = {{ cap = "5" }}', "deduct.per_breach: got nothing, wanted "),
    ],
)
def test_what_is_wrong_is_named_with_its_key(refused, keys, said):
    assert refused("repeat", keys)[0].startswith(said)
