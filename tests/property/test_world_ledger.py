"""A ledger and the evidence file that says the same are judged alike, to the byte, on random small worlds."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import pytest

from sla.evidence.instants import format_instant
from sla.evidence.lines import read_lines
from sla.evidence.record_json import record_from_json
from sla.evidence.records import Reading
from sla.evidence.records.registry import type_of
from sla.ledger import Entry, Ledger, LedgerView, Stamp
from tests.support.sla_check import sla_check, sla_check_world
from tests.support.worlds.worlds import World, random_world

LONG_AGO = 946_684_800_000
"""When a ledger of these worlds begins: what bears no stamp was known before anything happened."""
LATER = 4_102_444_800_000


def stamp(at: int) -> Stamp:
    return Stamp(wall_ms=at, boot_ms=at, boot_id="b")


def kept(records, folder, random: Random) -> None:
    """The records in a ledger that took each of them in at its R; readings of the agent in some commits, some sealed."""
    ledger = Ledger.open(folder, site="s", software="t")
    own = [each for each in records if isinstance(each, Reading) and not each.source and each.recorded_at is None]
    told = [each for each in records if each not in own]
    told.sort(key=lambda each: (max(LONG_AGO, type_of(each).recorded(each)), type_of(each).is_definition is False))
    for each in told:
        taken_at, plain = stamp(max(LONG_AGO, type_of(each).recorded(each))), replace(each, recorded_at=None)
        if isinstance(each, Reading):
            ledger.hand_in(taken_at, actor="import", readings=[plain])
        else:
            ledger.commit(taken_at, entries=[Entry.of(plain, actor="import")])
    while own:
        count = random.randrange(1, len(own) + 1)
        ledger.commit(stamp(LATER), readings=own[:count])
        own = own[count:]
        if random.random() < 0.5:
            ledger.seal_due(stamp(LATER))
    ledger.close(stamp(LATER))


def plain(output: str) -> dict:
    """The result, without what names the file or the ledger that it was read from."""
    return json.loads(output)


@pytest.mark.parametrize("seed", range(30_000, 30_040))
def test_a_ledger_its_export_and_the_evidence_that_says_the_same_are_judged_alike(seed, tmp_path):
    world = random_world(seed)
    whole = read_lines([line.encode() for line in world.evidence_text.splitlines()], "world")
    as_of = world.as_of or format_instant(whole.latest_at())
    world = World(contract_text=world.contract_text, records=world.records, month=world.month, as_of=as_of)
    kept([record_from_json(each) for each in world.records], tmp_path / "state", Random(seed))
    by_evidence = sla_check_world(world, tmp_path)
    view = LedgerView.open(tmp_path / "state")
    (tmp_path / "export.jsonl").write_text("".join(view.export()), encoding="utf-8")
    view.close()
    asked = [
        "--contract",
        str(tmp_path / "contract.toml"),
        "--month",
        world.month,
        "--as-of",
        as_of,
        "--format",
        "json",
    ]
    for source in (["--ledger", str(tmp_path / "state")], ["--evidence", str(tmp_path / "export.jsonl")]):
        found = sla_check([*asked, *source])
        assert found.code == by_evidence.code, found.err
        assert by_evidence.code == 2 or plain(found.out) == plain(by_evidence.out)
