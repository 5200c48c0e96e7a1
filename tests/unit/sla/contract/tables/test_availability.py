"""What an availability clause may say in a contract file (SPEC §6)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from sla.contract.clauses.availability import AvailabilityClause
from sla.contract.losses import ShortfallLoss
from sla.evidence.records import Scope

LEAST = 'target = "98%"'


def test_what_may_be_left_out_is_neutral(read):
    assert read("availability", LEAST) == AvailabilityClause(
        id="X1", clause="4.1", title="某项", scope=Scope(), line=10, measure="fleet", target=Fraction(98, 100)
    )


def test_a_clause_that_says_everything(read):
    found = read(
        "availability",
        """measure = "each"
target = "99.95%"
calendar = "office"
scope = { kind = ["camera", "nvr"], tags = "north", ids = "cam-1" }
points = "12.5"
deduct = { amount_each = "50.00", cap = "500" }
lose = { per = "0.1%", amount = "0.5", cap = "3" }""",
    )
    assert (found.measure, found.target, found.calendar, found.points) == (
        "each",
        Fraction(9995, 10000),
        "office",
        Decimal("12.5"),
    )
    assert found.scope == Scope(kind=("camera", "nvr"), tags=("north",), ids=("cam-1",))
    assert found.deduct == ShortfallLoss(amount_each=Decimal("50.00"), cap=Decimal(500))
    assert found.lose == ShortfallLoss(per=Fraction(1, 1000), amount=Decimal("0.5"), cap=Decimal(3))


@pytest.mark.parametrize("rule", ['per = "1%"', 'amount = "5"', 'cap = "5"', 'amount = "5", amount_each = "5"'])
def test_a_deduction_says_a_step_with_its_amount_or_an_amount_for_each(refused, rule):
    (line,) = refused("availability", f'{LEAST}\nmeasure = "each"\ndeduct = {{ {rule} }}')
    assert line.startswith("deduct: got ")
    assert line.endswith("wanted per and amount together, or amount_each")


def test_a_fleet_has_nothing_to_charge_for_each(refused):
    (line,) = refused("availability", f'{LEAST}\ndeduct = {{ amount_each = "5" }}')
    assert line.endswith('wanted amount_each only with measure = "each"')


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("", "target: got nothing, wanted "),
        ('target = "120%"', 'target: got "120%", wanted '),
        (f'{LEAST}\nmeasure = "all"', 'measure: got "all", wanted '),
        (f"{LEAST}\ncalendar = 'offise'", 'calendar: got "offise", wanted one of the calendars always, office'),
        (f'{LEAST}\ndeduct = {{ per = "0%", amount = "5" }}', 'deduct.per: got "0%", wanted more than nothing'),
        (f'{LEAST}\ndeduct = {{ per = "1%", amount = "5.001" }}', 'deduct.amount: got "5.001", wanted '),
        (f'{LEAST}\nlose = {{ per = "1%", amount = "1" }}', "obligations[0]: got "),
        (f'{LEAST}\nscope = {{ severity = "major" }}', "scope.severity: "),
    ],
)
def test_what_is_wrong_is_named_with_its_key(refused, keys, said):
    assert refused("availability", keys)[0].startswith(said)
