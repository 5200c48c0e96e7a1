"""`sla-check` against a slow model of SPEC that shares no line with it, on random small worlds.

The worlds (`tests/support/worlds/worlds.py`) come from seeds; a failure names the seed. That the worlds reach the rules that
they are meant to reach is shown by misreading SPEC on purpose: each misreading must be noticed.
"""

from __future__ import annotations

import itertools
import json
import tomllib
from fractions import Fraction

import pytest

from tests.support import results
from tests.support.sla_check import sla_check_world
from tests.support.slow import obligations, world
from tests.support.slow.model import Judgement, judged
from tests.support.slow.obligations import Obligations
from tests.support.slow.world import World
from tests.support.worlds.worlds import random_world

BAD_USE = 2
EXIT_CODES = {"met": 0, "breached": 1, "not_assessable": 3}
NOTHING_DATED = "no record has an instant"


@pytest.fixture
def to_the_letter(monkeypatch):
    """Figures have to be equal, not close: both sides round an exact fraction once."""
    monkeypatch.setattr(results, "TOLERANCE", 0)


def modelled(world) -> dict:
    return json.loads(json.dumps(judged(tomllib.loads(world.contract_text), world.records, world.month, world.as_of)))


def found_differences(seed: int, folder) -> list[str]:
    world = random_world(seed)
    answered = sla_check_world(world, folder)
    if answered.code == BAD_USE and NOTHING_DATED in answered.err:
        return []  # a world without readings or anything else that could say until when things were known
    if answered.code == BAD_USE:
        return [f"refused: {answered.err}"]
    wanted = modelled(world)
    said = [] if answered.code == EXIT_CODES[wanted["verdict"]] else [f"exit code {answered.code}"]
    return said + results.differences(wanted, answered.result)


def disagreeing(seeds, folder) -> dict[int, list[str]]:
    return {seed: found for seed in seeds if (found := found_differences(seed, folder))}


@pytest.mark.parametrize("first", range(0, 500, 50))
def test_sla_check_agrees_with_the_slow_model(first, tmp_path, to_the_letter):
    assert disagreeing(range(first, first + 50), tmp_path) == {}


@pytest.mark.long
@pytest.mark.parametrize("first", range(1_000, 11_000, 500))
def test_sla_check_agrees_with_the_slow_model_ten_thousand_times(first, tmp_path, to_the_letter):
    assert disagreeing(range(first, first + 500), tmp_path) == {}


def kinds_of_result(result: dict) -> set:
    """Which verdicts, items and amounts a result has, as words."""
    seen = {"adjusted"} if result["payment"]["adjustment"] != "0.00" else set()
    seen |= {"capped at nothing"} if result["payment"]["payable"] == "0.00" else set()
    for obligation in result["obligations"]:
        kind = obligation["kind"]
        seen |= {(kind, obligation["verdict"])}
        seen |= {(kind, item["verdict"], item.get("carried")) for item in obligation["items"]}
    return seen


def test_the_worlds_have_every_verdict_and_every_kind_of_item():
    verdicts = ("met", "breached", "not_assessable", "not_applicable")
    missing = {"adjusted", "capped at nothing", ("repair", "breached", True)}
    missing |= set(itertools.product(("availability", "repair"), verdicts))
    missing |= {("inspection", verdict) for verdict in ("met", "breached", "not_applicable")}
    missing |= {("inspection", verdict, None) for verdict in ("done", "late", "missed", "pending")}
    missing |= {("repair", verdict, False) for verdict in ("met", "breached", "not_assessable", "pending")}
    for seed in range(500):
        if any("at" in record or "announced_at" in record for record in random_world(seed).records):
            missing -= kinds_of_result(modelled(random_world(seed)))
        if not missing:
            return
    pytest.fail(f"no world has {missing}")


# Negative controls: the model misread on purpose


def settle_forgotten(monkeypatch):
    """An asset is out while its reach check is down or changing, and not a moment longer."""
    monkeypatch.setattr(world, "DEFAULTS", world.DEFAULTS | {"settle": "0s"})


def last_fail_leaves_no_trace(monkeypatch):
    monkeypatch.setattr(World, "gap", lambda self, check: int(self.checks[check]["interval_s"] * 1000 * 2))


def nothing_is_explained(monkeypatch):
    monkeypatch.setattr(World, "explained", lambda *_: False)


def a_reach_check_is_explained_by_itself(monkeypatch):
    monkeypatch.setattr(World, "explained", lambda self, check, at: self.out(self.checks[check]["asset"]).at(at))


def redundant_paths_are_all_needed(monkeypatch):
    def cut_off(self, asset, moment, out):
        return any(out(u).at(moment) for u in itertools.chain(*self.upstream(asset)))

    monkeypatch.setattr(World, "cut_off", cut_off)


def excuses_do_not_reach_what_is_behind(monkeypatch):
    monkeypatch.setattr(World, "_unexcused_out", lambda self, asset: self.out(asset))


def any_ruling_that_accepts_is_enough(monkeypatch):
    monkeypatch.setattr(
        World,
        "accepted",
        lambda self, claim: any(r["accepted"] for r in self.kinds["ruling"] if r["claim"] == claim),
    )


def the_allowance_is_unlimited(monkeypatch):
    def allowed(self, planned, plan):
        yield from ((a, b) for a, b, on in planned.stretches(-(10**15), 10**15) if on)

    monkeypatch.setattr(World, "allowed", allowed)


def overtime_is_billed_where_it_was_decided(monkeypatch):
    honest = World.month_of_term

    def month_of_term(self, moment):
        return honest(self, moment - moment % (40 * 86_400_000))

    monkeypatch.setattr(World, "month_of_term", month_of_term)


def brief_outages_count(monkeypatch):
    monkeypatch.setattr(obligations, "duration", lambda text: 0 if text in ("10m", "31m") else real_duration(text))


real_duration = obligations.duration


def earlier_months_are_never_settled(monkeypatch):
    monkeypatch.setattr(Judgement, "adjustment", lambda *_: Fraction(0))


def rounds_count_whatever_contradicts_them(monkeypatch):
    honest = Obligations.inspection
    monkeypatch.setattr(
        Obligations,
        "inspection",
        lambda self, obligation, month: honest(self, obligation | {"contradicted": "flag"}, month),
    )


def a_notice_is_as_good_as_a_detection(monkeypatch):
    honest = Obligations.tested
    monkeypatch.setattr(
        Obligations,
        "tested",
        lambda self, obligation, *rest: honest(self, obligation | {"clock": "detected"}, *rest),
    )


MISREADINGS = (
    settle_forgotten,
    last_fail_leaves_no_trace,
    nothing_is_explained,
    a_reach_check_is_explained_by_itself,
    redundant_paths_are_all_needed,
    excuses_do_not_reach_what_is_behind,
    any_ruling_that_accepts_is_enough,
    the_allowance_is_unlimited,
    overtime_is_billed_where_it_was_decided,
    brief_outages_count,
    earlier_months_are_never_settled,
    rounds_count_whatever_contradicts_them,
    a_notice_is_as_good_as_a_detection,
)


@pytest.mark.parametrize("misreading", MISREADINGS, ids=lambda misreading: misreading.__name__)
def test_misreading_the_text_is_noticed(misreading, tmp_path, monkeypatch):
    misreading(monkeypatch)
    assert any(found_differences(seed, tmp_path) for seed in range(500)), "no world reaches that rule"
