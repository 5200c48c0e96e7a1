"""The table of notes of SPEC section 9, second edition, read from the text alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.slow.definitions import begins
from tests.support.slow.evidence import recorded
from tests.support.slow.instants import UNITS_MS, duration, listed

if TYPE_CHECKING:
    from tests.support.slow.definitions import Lines
    from tests.support.slow.world import World

BY_CHECK = ("reading", "notified", "acknowledged", "arrived")


def notes(world: World, month: str, contract_hash: str | None, later: int) -> list[dict]:
    """Those that apply, by name, each with its ids in order."""
    start, end = world.days.month_bounds(month)
    found = [{"note": name, "ids": ids} for name, ids in months(world, month, contract_hash).items()]
    found += [{"note": name, "ids": ids} for name, ids in definitions(world, start, end).items()]
    found.append({"note": "backdated", "ids": backdated(world, start, end)})
    imported = [(check, record) for check, record in readings(world, start, end) if is_imported(world, record)]
    found.append({"note": "imported", "ids": {check for check, _ in imported}, "count": len(imported)})
    found.append({"note": "corrected", "ids": {named_id(world, named) for _, named in world.known.corrections}})
    found.append({"note": "too_late", "ids": world.known.too_late})
    found.append({"note": "unknown_id", "ids": unknown_ids(world)})
    shown = [note | {"ids": sorted(note["ids"])} for note in found if note["ids"]]
    return sorted(shown + ([{"note": "later", "ids": [], "count": later}] if later else []), key=lambda n: n["note"])


def months(world: World, month: str, contract_hash: str | None) -> dict[str, set[str]]:
    """Of the term: before this one, unsigned or disputed; any that is settled under a contract file of another hash."""
    settlements = world.known.settlements
    found = {"unsigned": set(), "disputed": set(), "contract_changed": set()}
    first, last = (f"{world.contract['term'][key]:%Y-%m}" for key in ("from", "to"))
    year, number = int(first[:4]), int(first[5:])
    while (earlier := f"{year:04d}-{number:02d}") < month and earlier <= last:
        if state := settlements.state(earlier):
            found[state].add(earlier)
        year, number = (year, number + 1) if number < 12 else (year + 1, 1)
    for settled in settlements.agreed:
        standing = settlements.settlement(settled)
        hashes = {record.get("contract") for record in standing[2]} - {None} if standing else set()
        if contract_hash is not None and hashes - {contract_hash}:
            found["contract_changed"].add(settled)
    return found


def definitions(world: World, start: int, end: int) -> dict[str, set[str]]:
    """Definitions that begin to hold, that hold before they were recorded, services that end, in the month."""
    found = {"changed": set(), "redefined": set(), "removed": set()}
    services = {**world.are.asset_lines.service, **world.are.service}
    for lines in (world.are.asset_lines, world.are.check_lines):
        for name, signal in lines.definition.items():
            first = first_of(lines, name)
            for a, b, record in signal.runs():
                if record is None or record is first:
                    continue
                if start <= a < end:
                    found["changed"].add(name)
                if max(a, start) < min(b, end, recorded(record)):
                    found["redefined"].add(name)
    for name, service in services.items():
        runs = service.runs()
        if any(on and start <= b < end and b <= world.as_of for _, b, on in runs):
            found["removed"].add(name)
    return found


def first_of(lines: Lines, name: str) -> dict:
    return min(lines.lines[name], key=lambda record: (begins(record), recorded(record)))


def backdated(world: World, start: int, end: int) -> set[str]:
    """Answers by their checks, and rounds, with `at` in the month that count there although recorded later."""
    found = set()
    for kind in ("acknowledged", "arrived", "inspection"):
        for record in world.known.of(kind):
            if start <= record["at"] < end and recorded(record) > record["at"] == world.counted(record):
                name = record["id"] if kind == "inspection" else world.are.check_lines.called(record["check"])
                found |= {name} - {None}
    return found


def readings(world: World, start: int, end: int):
    """(check, record) of the month, in the check's service."""
    for record in world.known.of("reading"):
        check = world.are.check_lines.called(record["check"])
        if check is not None and start <= record["at"] < end and world.are.service[check].at(record["at"]):
            yield check, record


def is_imported(world: World, record: dict) -> bool:
    late = recorded(record) - record["at"]
    return "source" in record or late > duration(world.rules["backdate"]) + UNITS_MS["m"]


def named_id(world: World, record: dict) -> str:
    """The id or check of a record that was corrected."""
    if "check" in record:
        return world.are.check_lines.called(record["check"]) or record["check"]
    return record.get("id") or record.get("claim") or record.get("maintenance")


def unknown_ids(world: World) -> set[str]:
    assets, checks = world.are.asset_lines, world.are.check_lines
    said: set[tuple[bool, str]] = set()
    for record in world.known.records:
        kind = record["type"]
        if kind in BY_CHECK:
            said.add((False, record["check"]))
        elif kind in ("claim", "check"):
            said.add((True, record["asset"]))
        elif kind == "inspection":
            said |= {(True, name) for name in record["covers"]}
        elif kind == "asset":
            said |= {(True, name) for key in ("behind", "behind_any") for name in listed(record.get(key))}
        if kind in ("asset", "check") and "replaces" in record:
            said.add((kind == "asset", record["replaces"]))
    return {name for is_asset, name in said if (assets if is_asset else checks).called(name) is None}
