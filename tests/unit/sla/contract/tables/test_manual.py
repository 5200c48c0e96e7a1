"""What a manual clause may say in a contract file (docs/obligations.md §6)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from sla.contract.clauses.manual import ManualClause
from sla.contract.losses import ShortfallLoss
from sla.evidence.records import Scope
from tests.support.timelines import DAY


def test_what_may_be_left_out_is_neutral(read):
    found = read("manual", 'target = "90%"')
    assert found == ManualClause(id="X1", clause="4.1", title="某项", scope=Scope(), line=10, target=Fraction(9, 10))
    assert (found.every, found.grace, found.calendar) == ("month", 0, "always")


def test_a_clause_that_says_everything(read):
    found = read(
        "manual",
        """every = "quarter"
target = "85%"
grace = "5d"
points = "10"
deduct = { amount_each = "500" }
lose = { per = "5%", amount = "1", cap = "4" }""",
    )
    assert (found.every, found.target, found.grace) == ("quarter", Fraction(85, 100), 5 * DAY)
    assert found.deduct == ShortfallLoss(amount_each=Decimal(500))
    assert found.lose == ShortfallLoss(per=Fraction(5, 100), amount=Decimal(1), cap=Decimal(4))


@pytest.mark.parametrize("key", ['scope = { kind = "camera" }', 'calendar = "office"', 'measure = "each"'])
def test_a_score_is_of_no_asset_and_no_working_time(refused, key):
    (line,) = refused("manual", f'target = "90%"\n{key}')
    assert line.startswith(key.partition(" ")[0] + ": ")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("", "target: got nothing, wanted "),
        ("target = 0.9", "target: got 0.9, wanted "),
        ('target = "90%"\nevery = "year"', 'every: got "year", wanted '),
        ('target = "90%"\ndeduct = { per = "1%" }', "deduct: got "),
        ('target = "90%"\nlose = { amount_each = "1" }', "obligations[0]: got "),
    ],
)
def test_what_is_wrong_is_named_with_its_key(refused, keys, said):
    assert refused("manual", keys)[0].startswith(said)
