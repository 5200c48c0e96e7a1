"""A ledger and the evidence file that says the same are judged alike, to the byte, on random small worlds."""

from __future__ import annotations

from random import Random

import pytest

from sla.evidence.record_json import record_from_json
from sla.evidence.records import Reading
from sla.ledger import Entry, Ledger, Stamp
from tests.support.sla_check import sla_check, sla_check_world
from tests.support.slow.instants import shown
from tests.support.slow.world import said_at
from tests.support.worlds.worlds import World, random_world

LATER = 10 * 86_400_000


def stamp(at: int) -> Stamp:
    return Stamp(wall_ms=at, boot_ms=at, boot_id="b")


def kept(world: World, folder, random: Random) -> None:
    """The world's records in a ledger: definitions first, the rest in some order and in several commits."""
    records = [record_from_json(record) for record in world.records]
    readings = [record for record in records if isinstance(record, Reading)]
    order = {"Asset": 0, "Check": 1, "Claim": 2}
    others = sorted((r for r in records if not isinstance(r, Reading)), key=lambda r: order.get(type(r).__name__, 3))
    others = [record for record in others if type(record).__name__ != "AgentEvent"]
    late = max([said_at(record) or 0 for record in world.records]) + LATER
    ledger = Ledger.open(folder, site="s", software="t")
    ledger.commit(stamp(late), entries=[Entry.of(record, actor="import") for record in _by_need(others)])
    while readings:
        count = random.randrange(1, len(readings) + 1)
        ledger.commit(stamp(late), readings=readings[:count])
        readings = readings[count:]
        if random.random() < 0.5:
            ledger.seal_due(stamp(late))
    ledger.close(stamp(late))


def _by_need(records: list) -> list:
    """Assets after those that they are behind: their names are a0, a1, … in that order."""
    assets = sorted((r for r in records if type(r).__name__ == "Asset"), key=lambda asset: asset.id)
    return assets + [r for r in records if type(r).__name__ != "Asset"]


@pytest.mark.parametrize("seed", range(30_000, 30_030))
def test_a_ledger_is_judged_as_the_evidence_that_says_the_same(seed, tmp_path):
    world = random_world(seed)
    plain = [record for record in world.records if record["type"] != "agent"]
    latest = max(at for record in plain if (at := said_at(record)) is not None)
    world = World(
        contract_text=world.contract_text, records=plain, month=world.month, as_of=world.as_of or shown(latest)
    )
    kept(world, tmp_path / "state", Random(seed))
    by_evidence = sla_check_world(world, tmp_path)
    asked = ["--contract", str(tmp_path / "contract.toml"), "--ledger", str(tmp_path / "state")]
    by_ledger = sla_check([*asked, "--month", world.month, "--as-of", world.as_of, "--format", "json"])
    assert by_ledger.err == ""
    assert (by_ledger.code, by_ledger.out) == (by_evidence.code, by_evidence.out)
