"""Comparing two results of SPEC section 10, as the worked cases' README says."""

from __future__ import annotations

import datetime as dt

TOLERANCE = 1e-6
INSTANTS = {
    "as_of",
    "began_after",
    "deadline",
    "detected",
    "done",
    "last_fail",
    "measured_to",
    "period",
    "restored",
    "start",
    "withdrawn",
}
ORDER_OF = {
    "items": lambda item: str([item.get(key) for key in ("asset", "check", "detected", "period")]),
    "incidents": lambda item: (item["check"], dt.datetime.fromisoformat(item["detected"])),
}


def differences(wanted, got, where: str = "") -> list[str]:
    """Every place where a result is not the wanted one: keys that are wanted are compared, more keys may be there.

    Figures are compared to 1e-6 (seconds, shares), instants by value, everything else to the letter.
    """
    if isinstance(wanted, dict) and isinstance(got, dict):
        found = []
        for key, value in wanted.items():
            if key not in got:
                found.append(f"{where}.{key}: missing, wanted {value!r}")
            else:
                found += differences(value, got[key], f"{where}.{key}")
        return found
    if isinstance(wanted, list) and isinstance(got, list):
        return _lists(wanted, got, where)
    return [] if _same(wanted, got, where) else [f"{where}: wanted {wanted!r}, got {got!r}"]


def _lists(wanted: list, got: list, where: str) -> list[str]:
    if len(wanted) != len(got):
        return [f"{where}: wanted {len(wanted)} of them, got {len(got)}: {wanted!r} / {got!r}"]
    order = ORDER_OF.get(where.rsplit(".", 1)[-1])
    if order:
        wanted, got = _in_order(wanted, order), _in_order(got, order)
    return [
        line for i, pair in enumerate(zip(wanted, got, strict=True)) for line in differences(*pair, f"{where}[{i}]")
    ]


def _in_order(items: list, order) -> list:
    return sorted(items, key=lambda item: order(_by_value(item)))


def _by_value(item: dict) -> dict:
    """The item with its instants as plain UTC texts, so that both sides sort alike."""
    return {key: _instant(value) if key in INSTANTS else value for key, value in item.items()}


def _instant(value):
    if isinstance(value, list):
        return [_instant(one) for one in value]
    return value if value is None else dt.datetime.fromisoformat(value).astimezone(dt.UTC).isoformat()


def _same(wanted, got, where: str) -> bool:
    key = where.rsplit(".", 1)[-1].split("[", maxsplit=1)[0]
    if key in INSTANTS and isinstance(wanted, str) and isinstance(got, str):
        return dt.datetime.fromisoformat(wanted) == dt.datetime.fromisoformat(got)
    plain = (int, float)
    if isinstance(wanted, plain) and isinstance(got, plain) and bool not in (type(wanted), type(got)):
        return abs(wanted - got) <= TOLERANCE
    return type(wanted) is type(got) and wanted == got
