"""What a repair clause may say in a contract file (SPEC §7)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from sla.contract.clauses.repair import RepairClause
from sla.contract.losses import OvertimeLoss
from sla.evidence.records import Scope
from tests.support.timelines import HOUR, MINUTE

LEAST = 'stage = "restore"\nlimit = "4h"'


def test_what_may_be_left_out_is_neutral(read):
    assert read("repair", LEAST) == RepairClause(
        id="X1", clause="4.1", title="某项", scope=Scope(), line=10, stage="restore", limit=4 * HOUR
    )


def test_a_clause_that_says_everything(read):
    found = read(
        "repair",
        """stage = "respond"
limit = "15m"
clock = "notified"
calendar = "office"
share = "95%"
scope = { severity = ["critical", "major"] }
points = "20"
deduct = { per_started = "1h", amount = "100.00", cap_each = "500", cap = "2000" }
lose = { per_breach = "0.5" }""",
    )
    assert (found.stage, found.limit, found.clock) == ("respond", 15 * MINUTE, "notified")
    assert (found.calendar, found.share) == ("office", Fraction(95, 100))
    assert found.scope == Scope(severity=("critical", "major"))
    assert found.deduct == OvertimeLoss(
        per_started=HOUR, amount=Decimal("100.00"), cap_each=Decimal(500), cap=Decimal(2000)
    )
    assert found.lose == OvertimeLoss(per_breach=Decimal("0.5"))


@pytest.mark.parametrize(
    "rule", ['amount = "5"', 'per_started = "1h"', 'cap = "5"', 'per_breach = "5", per_started = "1h", amount = "5"']
)
def test_a_deduction_says_a_unit_with_its_amount_or_an_amount_for_each_breach(refused, rule):
    (line,) = refused("repair", f"{LEAST}\ndeduct = {{ {rule} }}")
    assert line.endswith("wanted per_started and amount together, or per_breach")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ('limit = "4h"', "stage: got nothing, wanted "),
        ('stage = "restore"', "limit: got nothing, wanted "),
        ('stage = "mend"\nlimit = "4h"', 'stage: got "mend", wanted '),
        ('stage = "restore"\nlimit = 4', "limit: got 4, wanted "),
        (f'{LEAST}\nclock = "noticed"', 'clock: got "noticed", wanted '),
        (f'{LEAST}\nscope = {{ severity = "grave" }}', "scope: got "),
        (
            f'{LEAST}\ndeduct = {{ per_started = "0s", amount = "5" }}',
            'deduct.per_started: got "0s", wanted more than nothing',
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_key(refused, keys, said):
    assert refused("repair", keys)[0].startswith(said)


def test_the_severities_are_named_where_one_is_not_known(refused):
    (line,) = refused("repair", f'{LEAST}\nscope = {{ severity = ["major", "grave"] }}')
    assert line.endswith("wanted severity: one of critical, major, minor")
