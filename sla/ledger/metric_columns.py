"""One metric out of a payload, without unpacking all that its readings say."""

from __future__ import annotations

import json
import re

import numpy as np

from sla.evidence.metrics import MetricReadings
from sla.ledger.blocks import NONE, OK
from sla.ledger.payloads import SCALE, Payload


def metric_of(data: bytes, name: str) -> MetricReadings:
    """One metric of the readings that `sla.ledger.payloads.packed` made bytes of, in that order, `none` left out.

    NaN where a reading does not carry it.
    """
    payload = Payload(data)
    values = np.full(len(payload.at), np.nan)
    for column, (called, is_float) in enumerate(payload.columns):
        if called == name:
            values[payload.has(column)] = payload.column(column) / (SCALE if is_float else 1)
    search = re.compile(r"(?<!\\)" + re.escape(json.dumps(name, ensure_ascii=False)) + r":([-+.eE\d]+)").search
    for row, text in payload.odd.items():
        if text.startswith("{"):  # metrics alone: numbers by name, as we write them
            match = search(text)
            values[row] = np.nan if match is None else float(match[1])
        else:
            values[row] = json.loads(text)[0].get(name, np.nan)
    return MetricReadings(payload.at, payload.outcome == OK, values).chosen(payload.outcome != NONE)
