"""Random small worlds of SPEC's second edition: a contract, evidence, and the month and the instant at which it is judged.

A world comes from a seed and is the same on every machine. Most are valid; about one in twelve is one that SPEC refuses (two definitions of one instant, a name
that replaces too late, a correction of nothing).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from random import Random

import tomlkit

from tests.support.worlds.contracts import random_contract
from tests.support.worlds.definitions import Definitions
from tests.support.worlds.grid import DAY, HOUR, Grid
from tests.support.worlds.records import Records


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What `sla-check` is given, and the same as values."""

    contract_text: str
    records: list[dict]
    month: str
    as_of: str | None

    @property
    def evidence_text(self) -> str:
        """JSON Lines."""
        return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in self.records)

    def arguments(self, contract: object, evidence: object) -> list[str]:
        """What `sla-check` is called with."""
        files = ["--contract", str(contract), "--evidence", str(evidence)]
        words = [*files, "--month", self.month, "--format", "json", "--lang", "en"]
        return words if self.as_of is None else [*words, "--as-of", self.as_of]


def random_world(seed: int) -> World:
    """The world of a seed."""
    random = Random(seed)
    grid = Grid(random)
    contract = random_contract(random, grid.zone_name, grid.day, dense=grid.dense)
    text = tomlkit.dumps(contract)
    definitions = Definitions(grid)
    digest = hashlib.sha256(text.encode()).hexdigest()
    records = [*definitions.records, *Records(grid, definitions, contract, digest).all]
    random.shuffle(records)
    months = (*[grid.start] * 3, *[grid.end] * 4, grid.end + 20 * DAY, grid.start - 31 * DAY)
    month = grid.month(random.choice(months))
    return World(contract_text=text, records=records, month=month, as_of=random_as_of(grid))


def random_as_of(grid: Grid) -> str | None:
    chance = grid.random.random()
    if chance < 0.4:
        return None
    late = grid.end + grid.random.choice((1, 20, 24 * 3, 24 * 12, 24 * 45, 24 * 100)) * HOUR
    return grid.text(grid.near() if chance < 0.5 else late)
