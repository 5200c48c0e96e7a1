"""Roll calls that nobody saw, their range, and roll calls of assets that come and go (docs/obligations.md §3)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tests.support.clauses import clause, result
from tests.support.timelines import contract

OCTOBER = {"term": "2026-10-01 2026-10-31", "min_coverage": "95%"}
O1 = {
    "at": ["08:00", "14:00", "20:00"],
    "target": "98%",
    "worst_day": "90%",
    "deduct": {"per": "1%", "amount": "500", "per_day": "200", "cap": "8000"},
}


def found(said, as_of=None, **keys):
    return result(contract(clause("online", **(O1 | keys)), **OCTOBER), said, (), "2026-10", as_of)


def camera(name, word, *, dark=True):
    """Up or down all the month; seen but for the 20th."""
    hole = "10-19 24:00 gap 10-21 00:00" if dark else "10-19 24:00"
    return f"asset {name} camera\ncheck {name}/x 1h\n{name}/x 10-01 00:00 {word} {hole} {word} 10-31 24:00\n"


def fleet(*, dark=True):
    return "".join(camera(f"c{n}", "fail" if n < 3 else "ok", dark=dark) for n in range(100))


def test_a_day_that_nobody_saw_may_have_been_all_good_or_all_bad():
    judged = found(fleet())
    assert (judged.value, judged.coverage, judged.deduction) == (
        Fraction(97, 100),
        Fraction(90, 93),
        Decimal("500.00"),
    )
    # high = (90 × 97 % + 3 × 100 %) / 93 = 97.097 %: one step; low = 90 × 97 % / 93 = 93.871 %: five, and the day
    assert judged.least.deduction == Decimal("500.00")
    assert judged.most.deduction == Decimal("2700.00")


def test_where_everything_was_seen_there_is_no_range():
    judged = found(fleet(dark=False))
    assert judged.deduction == judged.least.deduction == judged.most.deduction == Decimal("500.00")


def test_a_month_that_cannot_be_assessed_may_cost_all_and_nothing():
    judged = found("asset c1 camera\ncheck c1/x 1h\nc1/x 10-01 00:00 ok 10-02 00:00\n", as_of="11-01 00:00")
    assert (judged.verdict, judged.deduction) == ("not_assessable", 0)
    # the 3 calls of the 1st were answered: low = 3/93 = 3.2 %, 95 steps; 30 days × 200: capped
    assert (judged.least.deduction, judged.most.deduction) == (0, Decimal("8000.00"))
    nothing = found("", as_of="11-01 00:00")
    assert (nothing.verdict, nothing.least, nothing.most) == ("not_applicable", (0, 0), (0, 0))


def test_an_asset_is_called_while_it_is_in_service_and_in_scope_only():
    gone = "asset c1 camera\nasset c1 camera from=2026-10-02T00:00 to=2026-10-03T00:00\n"
    moved = "asset c2 link\nasset c2 camera from=2026-10-30T00:00\n"
    judged = found(gone + moved + "check c1/x 1h\ncheck c2/x 1h\n", scope={"kind": "camera"})
    assert [(item.day.day, item.unknown) for item in judged.items] == [(1, 3), (2, 3), (30, 3), (31, 3)]
