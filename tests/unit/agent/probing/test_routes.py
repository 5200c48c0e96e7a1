"""Where a path ended is kept with the incident, for few incidents at once, and stands in nobody's way."""

from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace

import pytest

from agent.probing.routes import AT_ONCE, Routes
from probes.net.path import Path, path_to
from sla.ledger import Entry
from tests.support.patience import PATIENCE_S, until

SITE = SimpleNamespace(checks=[SimpleNamespace(id=f"cam-{n}/ping", address=f"192.0.2.{n}") for n in range(1, 20)])
SEEN = Path("192.0.2.1", [(1, "10.0.0.1"), (2, "10.0.0.9")], is_whole=False)


def change(check: str, *, before: object = None, restored: int | None = None):
    return SimpleNamespace(check=check, before=before, after=SimpleNamespace(detected=5, restored=restored))


async def kept(changes, trace=lambda _address: SEEN, site=SITE) -> list:
    events: list = []
    routes = Routes(site, lambda: 7, events.append, trace)
    routes.after(changes)
    await asyncio.gather(*routes._under_way.values())
    await routes.close()
    return events


async def test_a_new_incident_keeps_where_the_path_ended():
    (event,) = await kept([change("cam-1/ping")])
    assert (event.at, event.event, event.details["check"]) == (7, "path", "cam-1/ping")
    assert (event.details["hops"], event.details["whole"]) == ([[1, "10.0.0.1"], [2, "10.0.0.9"]], False)
    assert Entry.of(event, actor="agent").kind == "agent"


@pytest.mark.parametrize(
    "seen", [change("cam-1/ping", before=object()), change("cam-1/ping", restored=9), change("no-such")]
)
async def test_what_is_not_new_is_not_traced(seen):
    assert await kept([seen]) == []


async def test_a_trace_that_was_not_allowed_keeps_nothing():
    assert await kept([change("cam-1/ping")], trace=lambda _address: None) == []


async def test_a_storm_is_traced_a_few_times_only():
    assert len(await kept([change(f"cam-{n}/ping") for n in range(1, 20)])) == AT_ONCE


async def test_closing_waits_for_no_trace():
    begun, held = threading.Event(), threading.Event()

    def trace(_address):
        begun.set()
        held.wait()

    routes = Routes(SITE, lambda: 7, lambda _event: None, trace)
    routes.after([change("cam-1/ping")])
    await until(begun.is_set)
    try:
        await asyncio.wait_for(routes.close(), PATIENCE_S)
    finally:
        held.set()


@pytest.mark.needs("root")
def test_the_path_to_this_machine_is_whole():
    found = path_to("http://127.0.0.1/x")
    assert found == Path("127.0.0.1", [(1, "127.0.0.1")], is_whole=True)


def test_a_name_that_does_not_resolve_has_no_path():
    assert path_to("no-such-host.invalid") is None
