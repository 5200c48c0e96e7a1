"""Places: bounded in all and for a host, and no quick look waits for slow ones."""

from __future__ import annotations

import asyncio

import pytest

from probes import limiter as rooms
from probes.limiter import Limiter


class Watched:
    """Looks that last as long as they are told, and what was under way at once."""

    def __init__(self, places: int) -> None:
        self.room = Limiter(places)
        self.under_way: list[str] = []
        self.most = 0
        self.most_of_one = 0

    async def run(self, host: str, lasts_s: float = 0.0, what: str = "") -> None:
        async with self.room.place(host, (host, what)):
            self.under_way.append(host)
            self.most = max(self.most, len(self.under_way))
            self.most_of_one = max(self.most_of_one, self.under_way.count(host))
            await asyncio.sleep(lasts_s)
            self.under_way.remove(host)

    async def known(self, *hosts: str) -> None:
        for each in hosts:
            await self.run(each)


async def test_no_more_are_under_way_than_there_are_places():
    watched = Watched(8)
    hosts = [f"host-{n}" for n in range(40)]
    await watched.known(*hosts)
    await asyncio.gather(*(watched.run(each, 0.01) for each in hosts))
    assert watched.most == 8


async def test_looks_of_which_nothing_is_known_leave_places_too():
    watched = Watched(8)
    await asyncio.gather(*(watched.run(f"host-{n}", 0.01) for n in range(40)))
    assert watched.most == 6


async def test_a_host_has_two_looks_at_a_time():
    watched = Watched(8)
    await asyncio.gather(*(watched.run("one", 0.005) for _ in range(12)))
    assert watched.most_of_one == 2


async def test_politeness_ends_after_a_while_so_that_a_dead_host_is_looked_at_by_all(monkeypatch):
    monkeypatch.setattr(rooms, "POLITE_S", 0.05)
    watched = Watched(64)
    async with asyncio.timeout(0.9):  # one after the other in pairs it would take 16 x 0.2 s
        await asyncio.gather(*(watched.run("dead", 0.2) for _ in range(32)))
    assert 2 < watched.most_of_one <= rooms.MOST_OF_A_HOST


async def test_a_host_with_very_many_looks_does_not_fill_the_room(monkeypatch):
    monkeypatch.setattr(rooms, "POLITE_S", 0.01)
    monkeypatch.setattr(rooms, "MOST_OF_A_HOST", 4)
    watched = Watched(64)
    await asyncio.gather(*(watched.run("dead", 0.05) for _ in range(12)))
    assert watched.most_of_one == 4


async def test_a_quick_look_stays_quick_beside_a_slow_one_of_its_host(monkeypatch):
    monkeypatch.setattr(rooms, "SLOW_S", 0.01)
    watched = Watched(8)
    for _ in range(2):
        await asyncio.gather(watched.run("host", 0.02, "hangs"), watched.run("host", 0.0, "quick"))
    assert watched.room._quick == {("host", "quick")}


async def test_looks_that_were_slow_leave_places_to_the_others(monkeypatch):
    monkeypatch.setattr(rooms, "SLOW_S", 0.01)
    watched = Watched(4)
    slow, quick = ([f"{name}-{n}" for n in range(8)] for name in ("slow", "quick"))
    await watched.known(*quick)
    await asyncio.gather(*(watched.run(each, 0.02) for each in slow))
    hanging = [asyncio.ensure_future(watched.run(each, 60)) for each in slow]
    await asyncio.sleep(0)
    async with asyncio.timeout(1):
        await asyncio.gather(*(watched.run(each) for each in quick))
    assert len(watched.under_way) == 3
    for each in hanging:
        each.cancel()
    await asyncio.gather(*hanging, return_exceptions=True)


async def test_without_a_reserve_the_others_wait(monkeypatch):
    """The negative control."""
    monkeypatch.setattr(rooms, "SLOW_S", 1e9)  # nobody is slow
    watched = Watched(4)
    await watched.known(*(f"slow-{n}" for n in range(8)))
    hanging = [asyncio.ensure_future(watched.run(f"slow-{n}", 60)) for n in range(8)]
    await asyncio.sleep(0.01)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await watched.run("quick")
    for each in hanging:
        each.cancel()
    await asyncio.gather(*hanging, return_exceptions=True)


async def test_a_look_that_is_quick_again_is_slow_no_more(monkeypatch):
    monkeypatch.setattr(rooms, "SLOW_S", 0.01)
    room = Limiter()
    for lasts_s, is_slow in ((0.02, True), (0.0, False)):
        async with room.place("host", "look"):
            await asyncio.sleep(lasts_s)
        assert ("look" not in room._quick) is is_slow


async def test_nothing_is_kept_of_hosts_that_are_not_being_looked_at():
    watched = Watched(8)
    await asyncio.gather(*(watched.run(f"host-{n % 7}") for n in range(50)))
    assert watched.room._hosts == {}


async def test_who_is_broken_off_while_waiting_takes_no_place():
    watched = Watched(1)
    first = asyncio.ensure_future(watched.run("a", 60))
    await asyncio.sleep(0)
    waiting = asyncio.ensure_future(watched.run("b"))
    await asyncio.sleep(0.01)
    waiting.cancel()
    first.cancel()
    await asyncio.gather(first, waiting, return_exceptions=True)
    async with asyncio.timeout(1):
        await watched.run("c")
