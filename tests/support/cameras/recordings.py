"""Recordings of a street, and what the `recording` kind says of a recorder that has them."""

# ruff: noqa: S106 - the tokens of recordings are no secrets

from __future__ import annotations

from probes.kinds.recording import Options, probe
from tests.support.cameras.onvif_recorder import Kept
from tests.support.patience import PATIENCE_S
from tests.support.servers.stranger import stranger

HOUR, DAY = 3_600, 86_400
END_OF_TIME_S = 253_402_300_799  # 9999-12-31T23:59:59Z
FORTY_DAYS = 40 * DAY
STREET, YARD = Kept(), Kept(token="REC-2", name="cam-2", location="Yard", address="rtsp://192.0.2.12:554/main")


async def seen_by(handle, *, timeout_s: float = PATIENCE_S, **options: object):
    async with stranger(handle) as port:
        return await probe(f"127.0.0.1:{port}", Options(**options), timeout_s=timeout_s)


async def said_by(handle, **options: object):
    seen = await seen_by(handle, **options)
    return seen.outcome, seen.reason
