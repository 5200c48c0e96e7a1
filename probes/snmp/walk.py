"""A walk through a table of a device, within bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from probes.faults import AssetFaultError
from probes.reasons import NOT_UNDERSTOOD, TOO_MUCH

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from gufo.snmp.aio import SnmpSession
    from gufo.snmp.typing import ValueType

MOST_ROWS = 1_000


async def walked(session: SnmpSession, base: str) -> dict[str, ValueType]:
    """What stands below `base`, by the rest of its OID.

    By GETBULK; by GETNEXT where that brings nothing, as some agents answer it with an error.
    """
    return await _rows_of(session.getbulk(base), base) or await _rows_of(session.getnext(base), base)


async def _rows_of(rows: AsyncIterator[tuple[str, ValueType]], base: str) -> dict[str, ValueType]:
    found: dict[str, ValueType] = {}
    last: tuple[int, ...] = ()
    async for oid, value in rows:
        here = tuple(int(each) for each in oid.split("."))
        if here <= last:
            raise AssetFaultError(NOT_UNDERSTOOD, "a walk that goes round")
        if len(found) >= MOST_ROWS:
            raise AssetFaultError(TOO_MUCH, "rows of a table")
        last = here
        found[oid.removeprefix(base + ".")] = value
    return found
