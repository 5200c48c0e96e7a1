"""A clause over several months is its own formula over the items of all of them, with the arithmetic beside it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from sla.contract.clauses.manual import ManualClause
from sla.contract.clauses.online import OnlineClause
from sla.contract.clauses.quality import QualityClause
from sla.contract.clauses.repeat import RepeatClause
from sla.contract.clauses.replace import ReplaceClause
from sla.contract.clauses.report import ReportClause
from sla.evidence.records import Scope
from sla.judge.pooling import pooled
from sla.obligations.manual import ManualItem
from sla.obligations.online import OnlineItem
from sla.obligations.pooled import Pooled
from sla.obligations.quality import QualityItem
from sla.obligations.repeat import RepeatItem
from sla.obligations.replace import ReplaceItem
from sla.obligations.report import ReportItem
from sla.obligations.result import ObligationResult, Stake
from tests.support.timelines import contract

ALL = {"id": "X1", "clause": "1", "title": "某项", "scope": Scope()}
DAY = 86_400_000
FREE = Stake(Decimal("0.00"), Decimal(0))


def result(clause, *items):
    return ObligationResult(
        obligation=clause,
        verdict="met",
        certain=True,
        value=None,
        deduction=Decimal("0.00"),
        lost=Decimal(0),
        least=FREE,
        most=FREE,
        items=items,
    )


def over(clause, *months, **rules):
    return pooled(tuple(result(clause, *items) for items in months), contract(clause, **rules))


def quality(asset, within, readings, available=DAY, covered=DAY):
    return QualityItem(
        asset=asset, verdict="met", certain=True, value=None, low=None, high=None, coverage=None, measured=None, worst=None,
        readings=readings, within=within, available=available, covered=covered,
    )  # fmt: skip


FAST = QualityClause(**ALL, metric="rtt_ms", limit=Decimal(20), side="at_most", share=Fraction(95, 100))


def test_quality_is_readings_within_the_limit_over_all_months():
    found = over(
        FAST, [quality("a", 90, 100), quality("b", 100, 100)], [quality("a", 99, 100, covered=DAY * 98 // 100)]
    )
    coverage = Fraction(298, 300)
    assert found.value == Fraction(289, 300)
    assert found.coverage == coverage
    assert (found.low, found.high) == (found.value * coverage, 1 - (1 - found.value) * coverage)
    assert (found.verdict, found.target) == ("met", Fraction(95, 100))


def test_each_asset_on_its_own_is_as_good_as_the_worst():
    each = replace(FAST, measure="each")
    found = over(each, [quality("a", 90, 100), quality("b", 100, 100)], [quality("a", 99, 100)])
    assert (found.value, found.verdict) == (Fraction(189, 200), "breached")


@pytest.mark.parametrize(
    ("item", "verdict"),
    [
        (quality("a", 0, 0, available=0, covered=0), "not_applicable"),
        (quality("a", 0, 0, covered=0), "not_assessable"),
        (quality("a", 5, 5, covered=DAY // 2), "not_assessable"),
    ],
)
def test_quality_that_nobody_saw_is_not_met(item, verdict):
    assert over(FAST, [item]).verdict == verdict


def day(number, value, calls, up, unknown=0):
    return OnlineItem(
        day=date(2026, 7, number), verdict="met", certain=True, value=value, low=value, high=value, coverage=None,
        calls=calls, up=up, down=0, changing=0, unknown=unknown,
    )  # fmt: skip


ROLL = OnlineClause(**ALL, at=(480,), target=Fraction(98, 100))


def test_a_roll_call_is_the_mean_over_all_calls():
    found = over(ROLL, [day(1, Fraction(1), 3, 30)], [day(2, Fraction(9, 10), 1, 10)])
    assert found.value == (3 * Fraction(1) + Fraction(9, 10)) / 4
    assert (found.low, found.high) == (found.value, found.value)
    assert found.verdict == "breached"


def test_calls_at_which_nobody_looked_are_no_presence():
    assert over(ROLL, [day(1, Fraction(1), 3, 30), day(2, None, 3, 0, unknown=30)]).verdict == "not_assessable"
    assert over(ROLL, [day(2, None, 3, 0, unknown=30)]).verdict == "not_assessable"
    assert over(ROLL, [day(1, None, 0, 0)]).verdict == "not_applicable"
    assert over(ROLL, [day(1, Fraction(1), 3, 30), day(2, None, 3, 0, unknown=30)], unknown="down").value == 1


def test_repeats_are_checks_that_kept_within_their_number():
    clause = RepeatClause(**ALL, within=DAY, repeats=2)
    items = [
        RepeatItem(check=name, verdict=verdict, certain=True, coverage=Fraction(1), incidents=(), too_many=0)
        for name, verdict in (("a", "met"), ("b", "breached"), ("c", "not_assessable"))
    ]
    assert over(clause, items, items[:1]).value == Fraction(2, 3)


def test_documents_are_those_in_time():
    clause = ReportClause(**ALL, due=5)
    items = [
        ReportItem(month="2026-07", begin=0, deadline=1, delivered=None, by="", sha256="", verdict=verdict)
        for verdict in ("done", "late", "missed", "pending")
    ]
    assert over(clause, items).value == Fraction(1, 3)
    assert over(clause, items[3:]) == Pooled(verdict="not_applicable", target=Fraction(1))


def test_devices_are_those_replaced_in_time_each_once():
    clause = ReplaceClause(**ALL, limit=DAY, share=Fraction(1, 2))

    def item(verdict, *, carried=False):
        return ReplaceItem(
            diagnosis="d", asset="a", part="", diagnosed=0, start=0, deadline=None, done=None, elapsed=0,
            verdict=verdict, carried=carried, deduction=Decimal(0), decided=None,
        )  # fmt: skip

    found = over(clause, [item("met"), item("breached")], [item("breached", carried=True), item("pending")])
    assert (found.value, found.verdict) == (Fraction(1, 2), "met")


def test_a_persons_scores_have_no_formula_over_months():
    clause = ManualClause(**ALL, target=Fraction(9, 10))
    item = ManualItem(
        month="2026-07",
        verdict="met",
        value=Fraction(1),
        score=Decimal(9),
        of=Decimal(9),
        at=1,
        by="",
        reason="",
        sha256="",
        replaced=0,
    )
    assert over(clause, [item]) == Pooled()
