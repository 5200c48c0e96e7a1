"""Places: bounded in all and for a host, and no quick look waits for slow ones. Seconds are the event loop's."""

from __future__ import annotations

import asyncio

import pytest

from probes import limiter
from probes.limiter import A_HOST, MOST_OF_A_HOST, PLACES, POLITE_S, SLOW_S, Limiter

pytestmark = pytest.mark.simulated_time
AN_HOUR_S = 3_600.0
QUICK_S = 0.01


def now_s() -> float:
    return asyncio.get_running_loop().time()


class Watched:
    """Looks that last as long as they are told, and what was under way at once."""

    def __init__(self, places: int) -> None:
        self.limiter = Limiter(places)
        self.under_way: list[str] = []
        self.most = 0
        self.most_of_one = 0

    async def run(self, host: str, lasts_s: float = 0.0, what: str = "") -> float:
        """How long it waited for its place."""
        asked_s = now_s()
        async with self.limiter.place(host, (host, what)):
            waited_s = now_s() - asked_s
            self.under_way.append(host)
            self.most = max(self.most, len(self.under_way))
            self.most_of_one = max(self.most_of_one, self.under_way.count(host))
            await asyncio.sleep(lasts_s)
            self.under_way.remove(host)
        return waited_s

    async def known(self, *hosts: str) -> None:
        for each in hosts:
            await self.run(each)


async def ended(*tasks: asyncio.Future) -> None:
    for each in tasks:
        each.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_no_more_are_under_way_than_there_are_places():
    watched = Watched(8)
    hosts = [f"host-{n}" for n in range(40)]
    await watched.known(*hosts)
    await asyncio.gather(*(watched.run(each, QUICK_S) for each in hosts))
    assert watched.most == 8


async def test_looks_of_which_nothing_is_known_leave_places_too():
    watched = Watched(8)
    await asyncio.gather(*(watched.run(f"host-{n}", QUICK_S) for n in range(40)))
    assert watched.most == 6


async def test_a_limiter_of_one_place_lets_the_unknown_in_too():
    watched = Watched(1)
    await asyncio.gather(*(watched.run(f"host-{n}", QUICK_S) for n in range(5)))
    assert watched.most == 1


async def test_the_agents_limiter_has_the_places_of_its_bound():
    made = Limiter()
    hosts = [f"host-{n}" for n in range(2 * PLACES)]
    watched = Watched(PLACES)
    watched.limiter = made
    await watched.known(*hosts)
    await asyncio.gather(*(watched.run(each, QUICK_S) for each in hosts))
    assert watched.most == PLACES


async def test_a_host_has_two_looks_at_a_time():
    watched = Watched(8)
    await asyncio.gather(*(watched.run("one", QUICK_S) for _ in range(12)))
    assert watched.most_of_one == A_HOST


async def test_this_very_machine_needs_no_politeness():
    watched = Watched(64)
    waited = await asyncio.gather(*(watched.run("127.0.0.1", AN_HOUR_S) for _ in range(12)))
    assert (watched.most_of_one, set(waited)) == (12, {0.0})


async def test_politeness_ends_after_a_second_so_that_a_dead_host_is_looked_at_by_all():
    # 32 looks of 20 s: two at once, the others a second later; one after the other in pairs it would take 16 x 20 s
    watched = Watched(64)
    waited = await asyncio.gather(*(watched.run("dead", 20) for _ in range(32)))
    assert sorted(waited) == [0.0] * A_HOST + [POLITE_S] * 30
    assert now_s() == POLITE_S + 20
    assert watched.most_of_one == MOST_OF_A_HOST


async def test_a_host_with_very_many_looks_does_not_fill_the_limiter():
    watched = Watched(112)
    await asyncio.gather(*(watched.run("dead", 20) for _ in range(100)))
    assert watched.most_of_one == MOST_OF_A_HOST


async def test_a_turn_that_comes_free_within_the_second_is_taken():
    watched = Watched(8)
    waited = await asyncio.gather(*(watched.run("one", 0.4) for _ in range(4)))
    assert waited == [0.0, 0.0, 0.4, 0.4]
    assert watched.most_of_one == A_HOST


async def test_a_look_of_a_second_is_quick_and_one_of_more_is_slow():
    made = Limiter()
    for lasts_s, is_quick in ((SLOW_S, True), (SLOW_S + 0.001, False), (0.0, True)):
        async with made.place("host", "look"):
            await asyncio.sleep(lasts_s)
        assert ("look" in made._quick) is is_quick


async def test_what_a_look_waits_for_its_place_makes_it_no_slow_one():
    watched = Watched(1)
    await asyncio.gather(watched.run("a", AN_HOUR_S), watched.run("b", QUICK_S))
    assert watched.limiter._quick == {("b", "")}


async def test_a_quick_look_stays_quick_beside_a_slow_one_of_its_host():
    watched = Watched(8)
    for _ in range(2):
        await asyncio.gather(watched.run("host", 2 * SLOW_S, "hangs"), watched.run("host", 0.0, "quick"))
    assert watched.limiter._quick == {("host", "quick")}


async def test_looks_that_were_slow_leave_places_to_the_others():
    watched = Watched(4)
    slow, quick = ([f"{name}-{n}" for n in range(8)] for name in ("slow", "quick"))
    await watched.known(*quick)
    await asyncio.gather(*(watched.run(each, 2 * SLOW_S) for each in slow))
    hanging = [asyncio.ensure_future(watched.run(each, AN_HOUR_S)) for each in slow]
    await asyncio.sleep(0)
    assert await asyncio.gather(*(watched.run(each) for each in quick)) == [0.0] * 8
    assert len(watched.under_way) == 3
    await ended(*hanging)


async def test_without_a_reserve_the_others_wait(monkeypatch):
    """The negative control."""
    monkeypatch.setattr(limiter, "SLOW_S", 1e9)  # nobody is slow
    watched = Watched(4)
    await watched.known(*(f"slow-{n}" for n in range(8)))
    hanging = [asyncio.ensure_future(watched.run(f"slow-{n}", AN_HOUR_S)) for n in range(8)]
    await asyncio.sleep(QUICK_S)
    assert await watched.run("quick") >= AN_HOUR_S - QUICK_S
    await ended(*hanging)


async def test_nothing_is_kept_of_hosts_that_are_not_being_looked_at():
    watched = Watched(8)
    await asyncio.gather(*(watched.run(f"host-{n % 7}") for n in range(50)))
    assert watched.limiter._hosts == {}


async def test_a_look_that_fails_gives_its_place_back_and_is_timed_like_any_other():
    made = Limiter(1)

    async def fails_after(lasts_s: float) -> None:
        async with made.place("host", "look"):
            await asyncio.sleep(lasts_s)
            raise ConnectionError

    for lasts_s, is_quick in ((2 * SLOW_S, False), (0.0, True)):
        with pytest.raises(ConnectionError):
            await fails_after(lasts_s)
        assert ("look" in made._quick) is is_quick
    assert made._hosts == {}


async def test_who_is_broken_off_while_waiting_takes_no_place():
    watched = Watched(1)
    first = asyncio.ensure_future(watched.run("a", AN_HOUR_S))
    await asyncio.sleep(0)
    waiting = asyncio.ensure_future(watched.run("b"))
    await asyncio.sleep(QUICK_S)
    await ended(waiting, first)
    assert await watched.run("c") == 0.0
    assert watched.limiter._hosts == {}


async def test_who_is_broken_off_while_waiting_for_its_turn_leaves_the_turns_to_the_others():
    watched = Watched(8)
    two = [asyncio.ensure_future(watched.run("host", 0.5)) for _ in range(A_HOST)]
    await asyncio.sleep(0)
    third = asyncio.ensure_future(watched.run("host"))
    await asyncio.sleep(QUICK_S)
    await ended(third)
    await asyncio.gather(*two)
    assert await asyncio.gather(*(watched.run("host", 0.1) for _ in range(A_HOST))) == [0.0] * A_HOST
