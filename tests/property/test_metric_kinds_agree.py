"""Quality, online and repeat against a slow model that was written without them (tests/support/slow/metric_kinds.py)."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from sla.evidence.records import Claim, Reading, Ruling
from sla.judge.judge import judge
from sla.obligations import online, quality
from tests.support.clauses import clause
from tests.support.slow.metric_kinds import HOUR, Slow
from tests.support.timelines import DAY, at, contract, evidence_of, records

BEGIN, DAYS = at("2026-10-01 00:00"), 6
END = BEGIN + DAYS * DAY
AFTER = at("2026-11-30 00:00")
CHECKS = {"a/x": ("a", True), "a/y": ("a", False), "b/x": ("b", True)}
TIMES = ["06:00", "18:00"]


def world(seed):
    """Readings of each check on whole hours, and excused spans on whole hours, of days around the term of six days."""
    random = Random(seed)
    said = []
    for check in CHECKS:
        hour = BEGIN // HOUR - random.randrange(30)
        while hour * HOUR < END + 20 * HOUR:
            outcome, value = random.choice(("ok", "ok", "fail", "none")), random.choice((None, 1, 5, 5.5, 9, 2))
            for _ in range(random.choice((1, 1, 2, 5, 30, 60))):
                said.append((check, hour * HOUR, outcome, value))
                if random.random() < 0.05:
                    said.append((check, hour * HOUR, random.choice(("ok", "fail")), random.choice((None, 7))))
                hour += random.choice((1, 1, 1, 1, 1, 1, 2, 3, 4)) if random.random() < 0.1 else 1
    excused = []
    for _ in range(random.randrange(3)):
        begin = BEGIN + random.randrange(-20, DAYS * 24) * HOUR
        excused.append((random.choice("ab"), begin, begin + random.randrange(1, 40) * HOUR))
    return said, excused


def compared(seed, doubt):
    said, excused = world(seed)
    found = [*records("asset a camera\nasset b camera\ncheck a/x 1h\ncheck a/y 1h counts=no\ncheck b/x 1h")]
    found += [
        Reading(check=check, at=when, outcome=outcome, metrics={} if value is None else {"m": value})
        for check, when, outcome, value in said
    ]
    for n, (asset, begin, end) in enumerate(excused):
        found.append(Claim(id=f"c{n}", asset=asset, begin=begin, end=end, cause="power", at=end))
        found.append(Ruling(claim=f"c{n}", accepted=True, at=end))
    clauses = (
        clause("quality", id="Q", metric="m", at_most=5, percentile=60, measure="each"),
        clause("online", id="O", at=TIMES, target="80%", worst_day="50%"),
        clause("repeat", id="F", within="2d", repeats=1),
    )
    what = contract(
        *clauses, term="2026-10-01 2026-10-06", max_gap="2", stable_for="2h", min_coverage="60%", doubt=doubt
    )
    slow = Slow(said, CHECKS, excused, gap=2 * HOUR, begin=BEGIN, end=END, doubt=doubt, min_coverage=Fraction(6, 10))
    return judge(what, evidence_of(found), "2026-10", AFTER).obligations, slow


@pytest.mark.parametrize("doubt", ["vendor", "customer", "split"])
@pytest.mark.parametrize("seed", range(40))
def test_the_slow_model_agrees(seed, doubt):
    (quality_found, online_found, repeat_found), slow = compared(seed, doubt)
    for item in quality_found.items:
        wanted = slow.quality(item.asset, 5, Fraction(6, 10))
        if wanted is None:
            assert item.verdict == "not_applicable"
            continue
        verdict, count, good, _, measured = wanted
        assert (item.readings, item.within, item.measured) == (count, good, measured)
        # a stretch of fails is closed: it takes one millisecond more of A than whole hours do
        assert abs(item.coverage - wanted[3]) < Fraction(1, 10_000)
        assert item.verdict == verdict
    calls = [(day, BEGIN + day * DAY + hour * HOUR) for day in range(DAYS) for hour in (6, 18)]
    wanted = slow.online(["a", "b"], calls, Fraction(8, 10), Fraction(1, 2))
    bad = sum(item.verdict == "breached" for item in online_found.items)
    figures = (online_found.value, online_found.low, online_found.high, online_found.coverage)
    assert (online_found.verdict, *figures, bad) == wanted
    for item in repeat_found.items:
        assert (item.verdict, [each.repeat for each in item.incidents]) == slow.repeat(
            item.check, 2 * DAY, 1, 2 * HOUR
        )


def test_every_verdict_of_each_kind_occurs():
    seen = set()
    for seed in range(40):
        for each in compared(seed, "vendor")[0]:
            seen |= {(each.obligation.id, item.verdict) for item in each.items}
    for kind in ("Q", "O", "F"):
        assert {(kind, "met"), (kind, "breached"), (kind, "not_assessable")} <= seen


@pytest.mark.parametrize(
    ("module", "name", "broken"),
    [
        (quality, "available_time", lambda _asset, service, _analysis: service),
        (
            online,
            "_held",
            lambda when, spans: iter([n for n, each in enumerate(when) for a, b in spans if a <= each <= b]),
        ),
    ],
)
def test_a_broken_product_does_not_agree(monkeypatch, module, name, broken):
    monkeypatch.setattr(module, name, broken)
    disagreed = 0
    for seed in range(40):
        try:
            test_the_slow_model_agrees(seed, "vendor")
        except (AssertionError, ValueError):
            disagreed += 1
    assert disagreed > 0
