"""One metric out of a payload, without unpacking all that its readings say."""

from __future__ import annotations

import json
import re
import struct
from itertools import accumulate

import numpy as np
import zstandard

from sla.ledger.blocks import NONE, OK
from sla.ledger.payloads import _THOUSAND, _undeltas, _unplanes
from sla.metrics import MetricReadings


def metric_of(data: bytes, name: str) -> MetricReadings:
    """The metric of a payload's readings, in the order in which they were packed (see `sla.ledger.payloads`)."""
    raw = zstandard.ZstdDecompressor().decompress(data)
    (length,) = struct.unpack_from("<I", raw)
    header = json.loads(raw[4 : 4 + length])
    n, place = header["n"], 4 + length
    ats = np.array(_undeltas(raw[place : place + 8 * n], header["at"]), dtype=np.int64)
    outcomes = np.frombuffer(raw, dtype=np.uint8, count=n, offset=place + 16 * n)
    values = _column(raw[place + 19 * n :], header["metrics"], n, name)
    search = re.compile(r"(?<!\\)" + re.escape(json.dumps(name, ensure_ascii=False)) + r":([-+.eE\d]+)").search
    for row, text in header["texts"].items():
        if text.startswith("{"):  # metrics alone: numbers by name, as we write them
            match = search(text)
            values[int(row)] = np.nan if match is None else float(match[1])
        else:
            values[int(row)] = json.loads(text)[0].get(name, np.nan)
    return MetricReadings(ats, outcomes == OK, values).chosen(outcomes != NONE)


def _column(raw: bytes, metrics: list[list[str]], n: int, name: str) -> np.ndarray:
    values = np.full(n, np.nan)
    names, *shapes = metrics
    if name not in names:
        return values
    shape_of = np.frombuffer(raw, dtype="<u2", count=n)
    lengths = [int(np.isin(shape_of, [k for k, shape in enumerate(shapes) if each in shape]).sum()) for each in names]
    ends = [2 * n + 8 * total for total in accumulate(lengths)]
    column = names.index(name)
    scaled = np.cumsum(_unplanes(raw[ends[column] - 8 * lengths[column] : ends[column]]))
    values[np.isin(shape_of, [k for k, shape in enumerate(shapes) if name in shape])] = scaled / _THOUSAND
    return values
