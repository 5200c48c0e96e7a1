"""What a replace clause may say in a contract file (docs/obligations.md §5)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from sla.contract.clauses.replace import ReplaceClause
from sla.contract.losses import OvertimeLoss
from sla.evidence.records import Scope
from tests.support.timelines import DAY, HOUR


def test_what_may_be_left_out_is_neutral(read):
    found = read("replace", 'limit = "15d"')
    assert found == ReplaceClause(id="X1", clause="4.1", title="某项", scope=Scope(), line=10, limit=15 * DAY)
    assert (found.stage, found.share) == ("replace", 1)


def test_a_clause_that_says_everything(read):
    found = read(
        "replace",
        """stage = "substitute"
limit = "8h"
calendar = "office"
share = "90%"
scope = { ids = ["cam-1"] }
points = "5"
deduct = { per_started = "1d", amount = "30", cap_each = "90" }
lose = { per_breach = "1" }""",
    )
    assert (found.stage, found.limit, found.share) == ("substitute", 8 * HOUR, Fraction(9, 10))
    assert found.deduct == OvertimeLoss(per_started=DAY, amount=Decimal(30), cap_each=Decimal(90))
    assert found.lose == OvertimeLoss(per_breach=Decimal(1))


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("", "limit: got nothing, wanted "),
        ('limit = "soon"', 'limit: got "soon", wanted '),
        ('limit = "1d"\nstage = "repair"', 'stage: got "repair", wanted '),
        ('limit = "1d"\nscope = { severity = "major" }', "scope.severity: "),
        ('limit = "1d"\ndeduct = { amount = "5" }', "deduct: got "),
    ],
)
def test_what_is_wrong_is_named_with_its_key(refused, keys, said):
    assert refused("replace", keys)[0].startswith(said)
