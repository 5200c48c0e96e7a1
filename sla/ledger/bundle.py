"""Bundles: a ledger, or its end, as one zip file that the other party can verify with `verifier.py` alone."""

from __future__ import annotations

import json
import zipfile
from itertools import repeat
from typing import IO, TYPE_CHECKING, Any

from config.text.sentence import Sentence
from sla.evidence.record_json import record_to_json
from sla.evidence.records import RECORDS, AgentEvent, Reading
from sla.ledger.batches import batch_text
from sla.ledger.blocks import BlockRow
from sla.ledger.chain import GENESIS, READINGS, Head, restored
from sla.ledger.errors import LedgerError, as_ledger_errors
from sla.ledger.imports import IMPORTED
from sla.ledger.place import sync
from sla.ledger.recorded import Stamps, recorded
from sla.ledger.schema import SLOT_MS, check_of, ledger_path, open_reader, payload_id

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FORMAT = "sla-bundle/1"
_ENTRIES = "SELECT seq, kind, data, hash FROM entries WHERE seq > ? ORDER BY seq"
_SLOTS = "SELECT DISTINCT slot FROM blocks UNION SELECT DISTINCT at / ? FROM readings ORDER BY 1"
_PLAIN = "SELECT check_no, at, outcome, batch, reason, metrics FROM readings WHERE at >= ? AND at < ?"
_README = """\
A bundle of the ledger of {site}, to be verified by anybody, offline:

    sla-check verify BUNDLE --heads FILE          or, without our program,
    python3 verifier.py BUNDLE --heads FILE

FILE: any text in which you kept heads of this ledger (your messages, mails, papers), never from this bundle.
"""


def write_bundle(place: Path, target: Path, *, after: Head | None = None) -> Head:
    """Write everything after a head that both know (None: from the beginning) to a zip file; the head it ends at.

    `place` is the ledger's file or state directory; an agent may be writing. Readings that no entry
    holds the hash of yet are left out. LedgerError if `after` is no head of this ledger, or where
    the file is there already. Whether what is stored fits its hashes, the verifier finds out.
    """
    if target.exists():
        raise LedgerError("{path}: there is a file already; name another", path=str(target))
    path = ledger_path(place)
    connection = open_reader(path)
    part = target.with_name(target.name + ".part")
    try:
        with as_ledger_errors(path), zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            connection.execute("BEGIN")
            head = _write(connection, archive, after or Head(0, GENESIS.hex()))
        sync(part)
        part.rename(target)
        sync(target.parent)
    finally:
        connection.close()
        part.unlink(missing_ok=True)
    return head


def _write(connection: sqlite3.Connection, archive: zipfile.ZipFile, base: Head) -> Head:
    (site,) = connection.execute("SELECT value FROM meta WHERE key = 'site'").fetchone()
    _refuse_strange_base(connection, base)
    head, counts = base, {}
    with archive.open(_member("entries.jsonl"), "w", force_zip64=True) as file:
        for seq, kind, data, digest in connection.execute(_ENTRIES, (base.seq,)):
            file.write(data + b"\n")
            head = Head(seq, digest.hex())
            if kind == READINGS:
                body = json.loads(data)["body"]
                counts[body.get("batch")] = body.get("count")
    with archive.open(_member("readings.jsonl"), "w", force_zip64=True) as file:
        batches = _write_batches(connection, file, counts)
    about = {
        "format": FORMAT,
        "site": site,
        "base": {"seq": base.seq, "hash": base.hash},
        "head": {"seq": head.seq, "hash": head.hash},
        "batches": batches,
    }
    archive.writestr(_member("bundle.json"), json.dumps(about, ensure_ascii=False, indent=1))
    archive.writestr(_member("README.txt"), _README.format(site=site))
    return head


def _member(name: str) -> zipfile.ZipInfo:
    """A member without the time of day, so that the same ledger gives the same bundle."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _refuse_strange_base(connection: sqlite3.Connection, base: Head) -> None:
    row = connection.execute("SELECT hash FROM entries WHERE seq = ?", (base.seq,)).fetchone()
    found = GENESIS.hex() if base.seq == 0 else None if row is None else row[0].hex()
    if found != base.hash:
        has = found or Sentence("never been written")
        raise LedgerError(
            "no head of this ledger: {head}; entry {seq} has {has}", head=str(base), seq=base.seq, has=has
        )


def _write_batches(connection: sqlite3.Connection, file: IO[bytes], counts: dict[int, int]) -> list[list[int]]:
    """Write each batch's text as soon as all of its readings were met; [first, last] of each stretch written."""
    stretches: list[list[int]] = []
    for batch, text in batch_texts(connection, counts):
        file.write(text)
        if stretches and stretches[-1][1] == batch - 1:
            stretches[-1][1] = batch
        else:
            stretches.append([batch, batch])
    return stretches


def batch_texts(connection: sqlite3.Connection, counts: dict[int, int]) -> Iterator[tuple[int, bytes]]:
    """(batch, text) of each batch of which that many readings are stored; what is incomplete is left out."""
    open_batches: dict[int, list[tuple[str, BlockRow]]] = {}
    for slot in slots(connection):
        for check, row in readings_of_slot(connection, slot):
            if row.batch in counts:
                open_batches.setdefault(row.batch, []).append((check, row))
        complete = sorted(batch for batch, readings in open_batches.items() if len(readings) == counts[batch])
        for batch in complete:
            yield batch, batch_text(open_batches.pop(batch))


def slots(connection: sqlite3.Connection) -> list[int]:
    """Every slot that has readings, sealed or not."""
    return [slot for (slot,) in connection.execute(_SLOTS, (SLOT_MS,)).fetchall()]


def readings_of_slot(connection: sqlite3.Connection, slot: int) -> Iterator[tuple[str, BlockRow]]:
    """(check, reading) of every reading of one slot, sealed or not."""
    from sla.ledger.payloads import unpacked  # noqa: PLC0415 - numpy only when a payload must be unpacked

    names = dict(connection.execute("SELECT no, id FROM checks").fetchall())
    query = "SELECT id, data FROM payloads WHERE id >= ? AND id < ? ORDER BY id"
    for place, data in connection.execute(query, (payload_id(0, slot, 0), payload_id(0, slot + 1, 0))):
        check = names[check_of(place)]
        for row in unpacked(data):
            yield check, row
    for number, *values in connection.execute(_PLAIN, (slot * SLOT_MS, (slot + 1) * SLOT_MS)):
        yield names[number], BlockRow(*values)


def evidence_of_bundle(bundle: Path) -> Iterator[str]:
    """The evidence in a bundle as JSON Lines (SPEC §1), each with the ledger's stamp. Verify the bundle first."""
    imports: dict[int, int] = {}
    with zipfile.ZipFile(bundle) as archive:
        counts: dict[int, int] = {}
        with archive.open("entries.jsonl") as file:
            own = [each for line in file if (each := json.loads(line))["kind"] == AgentEvent.record_type]
        stamped = Stamps((each["seq"], each["actor"], each["wall_ms"], each["body"]) for each in own)
        with archive.open("entries.jsonl") as file:
            for line in file:
                entry = json.loads(line)
                recorded_at = stamped.of(entry["seq"], entry["wall_ms"])
                if entry["kind"] in RECORDS:
                    yield from map(_line, recorded(entry["kind"], restored(entry["body"]), recorded_at))
                elif entry["kind"] == IMPORTED:
                    imports[entry["body"]["batch"]] = recorded_at
                elif entry["kind"] == READINGS:
                    counts[entry["body"]["batch"]] = entry["body"]["count"]
        written = json.loads(archive.read("bundle.json"))["batches"]
        stamps = _stamps(counts, written, imports)
        with archive.open("readings.jsonl") as file:
            yield from (_line(_reading(json.loads(line), next(stamps))) for line in file)


def _stamps(counts: Mapping[int, int], written: list[list[int]], imports: Mapping[int, int]) -> Iterator[int | None]:
    """Of each reading in the order of the file: when it was handed in, None of what the agent saw itself."""
    for first, last in written:
        for batch in range(first, last + 1):
            yield from repeat(imports.get(batch), counts[batch])


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"


def _reading(values: list[Any], stamp: int | None) -> dict[str, Any]:
    check, at, outcome, reason, details = values
    metrics, extra = details if isinstance(details, list) else (details, {})
    stamps = {} if stamp is None else {"recorded_at": stamp}
    source = extra.pop("source", "")
    reading = Reading(
        check=check, at=at, outcome=outcome, reason=reason, source=source, metrics=metrics, extra=extra, **stamps
    )
    return record_to_json(reading)
