"""The loop that jumps over waiting: hours take no time, order is that of the clock, and what is not a timer is waited for."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tests.support.simulated_time import SimulatedTimeLoop, loops

pytestmark = pytest.mark.simulated_time


def now_s() -> float:
    return asyncio.get_running_loop().time()


async def test_a_year_takes_no_time_and_moves_the_clock_by_a_year():
    await asyncio.sleep(365 * 86_400)
    assert now_s() == 365 * 86_400


async def test_what_is_due_first_comes_first_and_at_its_time():
    seen = []

    async def after(delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        seen.append((delay_s, now_s()))

    await asyncio.gather(*(after(each) for each in (3_600, 0.001, 60)))
    assert seen == [(0.001, 0.001), (60, 60), (3_600, 3_600)]


async def test_work_alone_moves_no_clock():
    for _ in range(1_000):
        await asyncio.sleep(0)
    assert now_s() == 0


async def test_a_time_out_comes_at_its_time():
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(90):
            await asyncio.Event().wait()
    assert now_s() == 90


async def test_what_is_ready_comes_before_the_clock_moves():
    here, there = asyncio.Queue(), asyncio.get_running_loop()
    there.call_later(10, here.put_nowait, "late")
    there.call_soon(here.put_nowait, "soon")
    assert (await here.get(), now_s()) == ("soon", 0)
    assert (await here.get(), now_s()) == ("late", 10)


async def test_a_thread_is_waited_for_where_no_timer_is_due():
    begun = threading.Event()
    assert await asyncio.to_thread(begun.wait, 0.01) is False
    assert now_s() == 0


@pytest.mark.parametrize("is_marked", [True, False])
def test_only_a_test_that_is_marked_has_this_loop(is_marked):
    assert (SimulatedTimeLoop in loops(is_simulated=is_marked).values()) is is_marked
