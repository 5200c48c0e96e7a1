"""Entries and the chain that holds them (docs/ledger.md).

An entry's bytes are canonical JSON: keys sorted, no white space, UTF-8, no floats (a number that is
not whole, or needs more than 53 bits, stands as `{"decimal": "0.5"}`, and an object that could be
taken for that as `{"object": {…}}`). Its hash covers the hash before it:

    h(i) = SHA-256( 0x00 ‖ SHA-256(site)[:16] ‖ seq as 8 bytes, big endian ‖ h(i-1) ‖ bytes )

with h(0) = 32 zero bytes. Whoever holds one earlier head can tell whether anything before it was changed.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sla.evidence.record_json import record_to_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sla.evidence.records import Record

GENESIS = bytes(32)
_EXACT_BITS = 53
READINGS = "readings"
"""The kind of the entry that holds the hash of one batch of readings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """When, by every clock there is: wall clock in ms UTC, ms since boot (suspend counted), which boot.

    `synced`: whether the kernel takes the wall clock to be synchronised, None if unknown;
    `error_ms`: its own bound of the error.
    """

    wall_ms: int
    boot_ms: int
    boot_id: str
    synced: bool | None = None
    error_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: sequence number of the last entry and its hash, 64 hex digits."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq} {self.hash}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something to be kept: a kind, a JSON body, and who says so."""

    kind: str
    body: Mapping[str, Any]
    actor: str

    @classmethod
    def of(cls, record: Record, *, actor: str) -> Entry:
        """The entry of a record of SPEC §1 that is no reading."""
        body = record_to_json(record)
        del body["type"]
        return cls(kind=record.record_type, body=body, actor=actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """An entry as it stands in the ledger. `data` are the exact bytes that were hashed."""

    seq: int
    kind: str
    body: Mapping[str, Any]
    actor: str
    stamp: Stamp
    hash: str
    data: bytes


def canonical(value: Any) -> bytes:
    """The one byte form of a JSON value, as the module describes it; TypeError or ValueError for what is no JSON."""
    return json.dumps(
        _exact(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def _exact(value: Any) -> Any:
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) < 1 << _EXACT_BITS else {"decimal": str(value)}
    if isinstance(value, float | Decimal):
        if not math.isfinite(value):
            msg = f"no JSON value: {value}"
            raise ValueError(msg)
        return {"decimal": str(value)}
    if isinstance(value, dict):
        inside = {str(key): _exact(each) for key, each in value.items()}
        return {"object": inside} if inside.keys() in _MARKS else inside
    if isinstance(value, list | tuple):
        return [_exact(each) for each in value]
    msg = f"no JSON value: {type(value).__name__}"
    raise TypeError(msg)


_MARKS = ({"decimal"}, {"object"})


def restored(value: Any) -> Any:
    """The value that `canonical` was given: decimals are numbers again."""
    if isinstance(value, dict):
        if value.keys() == {"decimal"}:
            text = value["decimal"]
            return int(text) if text.lstrip("-").isdigit() else float(text)
        inside = value["object"] if value.keys() == {"object"} else value
        return {key: restored(each) for key, each in inside.items()}
    return [restored(each) for each in value] if isinstance(value, list) else value


def site_mark(site: str) -> bytes:
    """16 bytes that stand for the site in every hash, so that no entry fits another site's chain."""
    return hashlib.sha256(site.encode()).digest()[:16]


def entry_hash(mark: bytes, seq: int, before: bytes, data: bytes) -> bytes:
    """h(seq) of the module's formula, 32 bytes: `mark` is the site's, `before` is h(seq - 1), `data` the entry."""
    return hashlib.sha256(b"\0" + mark + seq.to_bytes(8, "big") + before + data).digest()


def record_mark(entry: Entry) -> bytes:
    """What makes the same record said twice recognisable: a hash of kind and body, without time and actor."""
    return hashlib.sha256(entry.kind.encode() + b"\0" + canonical(entry.body)).digest()[:16]
