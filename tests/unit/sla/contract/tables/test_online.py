"""What an online clause may say in a contract file (docs/obligations.md §3)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.contract.clauses.online import OnlineClause, OnlineLoss
from sla.evidence.records import Scope
from tests.support.clauses import clause

LEAST = 'at = "08:00"\ntarget = "98%"'


def test_what_may_be_left_out_is_neutral(read):
    assert read("online", LEAST) == OnlineClause(
        id="X1", clause="4.1", title="某项", scope=Scope(), line=10, at=(8 * 60,), target=Fraction(98, 100)
    )


def test_a_clause_that_says_everything(read):
    found = read(
        "online",
        """at = ["20:00", "08:30"]
target = "98%"
worst_day = "90%"
calendar = "office"
points = "10"
deduct = { per = "1%", amount = "50", per_day = "20", cap = "500" }
lose = { per_day = "1" }""",
    )
    assert (found.at, found.worst_day, found.calendar) == ((510, 1200), Fraction(9, 10), "office")
    assert found.deduct == OnlineLoss(per=Fraction(1, 100), amount=Decimal(50), per_day=Decimal(20), cap=Decimal(500))
    assert found.lose == OnlineLoss(per_day=Decimal(1))


@pytest.mark.parametrize("rule", ['per = "1%"', 'amount = "5"', 'cap = "5"', 'per = "1%", per_day = "5"'])
def test_a_deduction_says_a_step_with_its_amount_or_an_amount_for_each_day(refused, rule):
    lines = refused("online", f'{LEAST}\nworst_day = "90%"\ndeduct = {{ {rule} }}')
    assert lines[0].endswith("wanted per and amount together, or per_day, or all three")


def test_a_day_costs_only_where_days_are_promised(refused):
    (line,) = refused("online", LEAST + '\ndeduct = { per_day = "5" }')
    assert line.endswith("wanted per_day only with worst_day")


@pytest.mark.parametrize("at", ["24:00", "8:00", "08:60", "", ["08:00", "08:00"], [], [8], 8])
def test_roll_calls_are_different_times_of_day(refused, at):
    spelled = str(at).replace("'", '"') if isinstance(at, list | int) else f'"{at}"'
    (line,) = refused("online", f'at = {spelled}\ntarget = "98%"')
    assert line == f'at: got {spelled}, wanted different times of day, like ["08:00", "20:00"]'


@given(st.sets(st.integers(min_value=0, max_value=24 * 60 - 1), min_size=1, max_size=24))
def test_times_in_any_order_are_the_same_minutes_ascending(minutes):
    words = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in minutes]
    assert clause("online", at=words, target="98%").at == tuple(sorted(minutes))
