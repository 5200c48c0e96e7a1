"""What an inspection clause may say in a contract file (SPEC §8)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from sla.contract.clauses.inspection import InspectionClause, InspectionLoss
from sla.evidence.records import Scope
from tests.support.timelines import DAY


def test_what_may_be_left_out_is_neutral(read):
    assert read("inspection", 'every = "week"') == InspectionClause(
        id="X1", clause="4.1", title="某项", scope=Scope(), line=10, every="week"
    )


def test_a_clause_that_says_everything(read):
    found = read(
        "inspection",
        """every = "quarter"
calendar = "office"
coverage = "90%"
grace = "2d"
contradicted = "flag"
points = "10"
deduct = { per_missed = "100", per_late = "20", per_asset = "1.50", cap = "1000" }
lose = { per_missed = "2" }""",
    )
    assert (found.every, found.coverage, found.grace) == ("quarter", Fraction(9, 10), 2 * DAY)
    assert (found.calendar, found.contradicted) == ("office", "flag")
    assert found.deduct == InspectionLoss(
        per_missed=Decimal(100), per_late=Decimal(20), per_asset=Decimal("1.50"), cap=Decimal(1000)
    )
    assert found.lose == InspectionLoss(per_missed=Decimal(2))


@pytest.mark.parametrize("key", ["per_missed", "per_late", "per_asset"])
def test_one_reason_to_deduct_is_enough_and_the_others_cost_nothing(read, key):
    rule = read("inspection", f'every = "day"\ndeduct = {{ {key} = "5" }}').deduct
    amounts = {name: getattr(rule, name) for name in ("per_missed", "per_late", "per_asset")}
    assert amounts == {name: 5 if name == key else 0 for name in amounts}


def test_a_cap_alone_deducts_nothing_and_is_refused(refused):
    (line,) = refused("inspection", 'every = "day"\ndeduct = { cap = "5" }')
    assert line.endswith("wanted at least one of per_missed, per_late, per_asset")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("", "every: got nothing, wanted "),
        ('every = "year"', 'every: got "year", wanted '),
        ('every = "day"\ncoverage = 1', "coverage: got 1, wanted "),
        ('every = "day"\ncontradicted = "ignore"', 'contradicted: got "ignore", wanted '),
        ('every = "day"\ndeduct = { per_missed = "-5" }', 'deduct.per_missed: got "-5", wanted '),
    ],
)
def test_what_is_wrong_is_named_with_its_key(refused, keys, said):
    assert refused("inspection", keys)[0].startswith(said)
