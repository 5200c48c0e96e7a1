"""Ten thousand mutations of valid contracts and valid evidence (SPEC sections 0, 1 and 5).

Each is either refused, every reason with the file and the line it stands on, or it made another valid input: then what
comes out is what the slow model makes of that input. Never a traceback, never a silently different amount.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from functools import cache
from random import Random

import pytest

from tests.support.sla_check import sla_check
from tests.support.slow.compare import differences
from tests.support.slow.model import judged
from tests.support.worlds.mutations import CONTRACT, EVIDENCE
from tests.support.worlds.worlds import World, random_world

BAD_USE = 2
SMALL = 160


@cache
def small_worlds() -> list[World]:
    """Worlds of few lines, each with something to judge."""
    worlds = [random_world(seed) for seed in range(120)]
    return [world for world in worlds if 10 < len(world.records) < SMALL]


def mutated(seed: int) -> tuple[World, str, str, str]:
    """The world, the mutation's name, and the two texts, one of them mutated."""
    random = Random(seed)
    world = random.choice(small_worlds())
    contract, evidence = world.contract_text, world.evidence_text
    if seed % 2:
        mutation = random.choice(CONTRACT)
        return world, mutation.__name__, mutation(random, contract), evidence
    mutation = random.choice(EVIDENCE)
    return world, mutation.__name__, contract, mutation(random, evidence)


def wrong_with(seed: int, folder) -> list[str]:
    """What sla-check does that it must not do with this mutation."""
    world, name, contract_text, evidence_text = mutated(seed)
    contract, evidence = folder / "contract.toml", folder / "evidence.jsonl"
    contract.write_bytes(contract_text.encode(errors="surrogatepass"))
    evidence.write_bytes(evidence_text.encode(errors="surrogatepass"))
    answered = sla_check(world.arguments(contract, evidence))
    if answered.code == BAD_USE:
        found = [] if answered.out == "" else ["refused, but said something"]
        return [f"{name}: {line}" for line in found + unplaced(answered.err, contract, evidence)]
    try:
        wanted = modelled(world, contract_text, evidence_text)
    except Exception as error:  # noqa: BLE001 - any input that the plain reading cannot take should have been refused
        return [f"{name}: accepted, though {error!r}"]
    return [f"{name}: {line}" for line in differences(wanted, answered.result)]


def unplaced(err: str, contract, evidence) -> list[str]:
    """The complaint's lines that name no file and line."""
    if err.strip().endswith("no record has an instant; say --as-of"):
        return []
    place = re.compile(rf"({re.escape(str(contract))}|{re.escape(str(evidence))}):[1-9]\d*: .+")
    return [line for line in err.splitlines() or ["no reason given"] if not place.fullmatch(line)]


def modelled(world: World, contract_text: str, evidence_text: str) -> dict:
    contract = tomllib.loads(contract_text.removeprefix("\ufeff"))
    lines = [line for line in evidence_text.removeprefix("\ufeff").split("\n") if line.strip()]
    digest = hashlib.sha256(contract_text.encode(errors="surrogatepass")).hexdigest()
    records = [json.loads(line) for line in lines]
    return json.loads(json.dumps(judged(contract, records, world.month, world.as_of, digest)))


def test_what_is_not_mutated_is_taken(tmp_path):
    for world in small_worlds()[:20]:
        contract, evidence = tmp_path / "contract.toml", tmp_path / "evidence.jsonl"
        contract.write_text(world.contract_text, encoding="utf-8")
        evidence.write_text(world.evidence_text, encoding="utf-8")
        assert sla_check(world.arguments(contract, evidence)).code != BAD_USE


@pytest.mark.parametrize("first", range(0, 400, 100))
def test_a_mutation_is_refused_with_its_place_or_judged_as_what_it_says(first, tmp_path):
    assert {seed: found for seed in range(first, first + 100) if (found := wrong_with(seed, tmp_path))} == {}


@pytest.mark.faults
@pytest.mark.parametrize("first", range(1_000, 11_000, 500))
def test_ten_thousand_mutations_are_refused_with_their_place_or_judged_as_what_they_say(first, tmp_path):
    assert {seed: found for seed in range(first, first + 500) if (found := wrong_with(seed, tmp_path))} == {}
