"""The slow model of SPEC's second edition and its random worlds: they reach its rules, and a misreading is noticed.

The worlds (`tests/support/worlds/worlds.py`) come from seeds; a failure names the seed. That the worlds reach the rules
that they are meant to reach is shown by misreading SPEC on purpose (`tests/support/slow/misreadings.py`).
"""

from __future__ import annotations

import dataclasses
import itertools
from functools import cache
from random import Random

import pytest

from tests.support.slow.compare import modelled
from tests.support.slow.instants import Refused
from tests.support.slow.misreadings import MISREADINGS
from tests.support.worlds.worlds import World, random_world

REFUSED = "refused"
NOTES = (
    *("unsigned", "disputed", "contract_changed", "changed", "redefined", "removed", "backdated", "imported"),
    *("corrected", "too_late", "unknown_id", "later"),
)


def said(world: World):
    """The model's result, or that it refuses the world."""
    try:
        return modelled(world)
    except Refused:
        return REFUSED


@cache
def honest(seed: int):
    return said(random_world(seed))


def kinds_of_result(result) -> set:
    """Which verdicts, items, notes and amounts a result has."""
    if result == REFUSED:
        return {REFUSED}
    payment = result["payment"]
    seen = {note["note"] for note in result["notes"]} | ({"adjustments"} if result["adjustments"] else set())
    seen |= {"adjusted"} if payment["adjustment"] != "0.00" else set()
    seen |= {"a range"} if payment["low"] != payment["high"] else set()
    seen |= {"withdrawn"} if any(incident["withdrawn"] for incident in result["incidents"]) else set()
    for obligation in result["obligations"]:
        kind = obligation["kind"]
        seen |= {(kind, obligation["verdict"])}
        seen |= {(kind, item["verdict"], item.get("carried")) for item in obligation["items"]}
    return seen


def test_the_worlds_have_every_verdict_every_item_and_every_note():
    verdicts = ("met", "breached", "not_assessable", "not_applicable")
    missing = {*NOTES, REFUSED, "adjustments", "adjusted", "a range", "withdrawn", ("repair", "breached", True)}
    missing |= set(itertools.product(("availability", "repair"), verdicts))
    missing |= {("inspection", verdict) for verdict in ("met", "breached", "not_applicable")}
    missing |= {("inspection", verdict, None) for verdict in ("done", "late", "missed", "pending")}
    missing |= {("repair", verdict, False) for verdict in (*verdicts, "pending")}
    for seed in range(500):
        missing -= kinds_of_result(honest(seed))
        if not missing:
            return
    pytest.fail(f"no world has {missing}")


def test_most_worlds_are_valid():
    assert 0 < sum(honest(seed) == REFUSED for seed in range(150)) < 25


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_world_comes_from_its_seed_alone(seed):
    assert random_world(seed) == random_world(seed) != random_world(seed + 1)


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_the_order_of_lines_does_not_matter(first):
    for seed in range(first, first + 20):
        world = random_world(seed)
        records = list(world.records)
        Random(seed).shuffle(records)
        assert said(dataclasses.replace(world, records=records)) == honest(seed), seed


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_payable_lies_in_its_range(first):
    for seed in range(first, first + 20):
        if (result := honest(seed)) != REFUSED:
            low, payable, high = (float(result["payment"][key]) for key in ("low", "payable", "high"))
            assert low <= payable <= high, seed


@pytest.mark.parametrize("misreading", MISREADINGS, ids=lambda misreading: misreading.__name__)
def test_misreading_the_text_is_noticed(misreading, monkeypatch):
    for seed in range(600):
        wanted = honest(seed)
        with monkeypatch.context() as patch:
            misreading(patch)
            if said(random_world(seed)) != wanted:
                return
    pytest.fail("no world reaches that rule")
