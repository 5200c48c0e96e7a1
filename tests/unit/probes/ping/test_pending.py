"""What the answers to a look's requests, or the want of them, say about a host."""

from __future__ import annotations

import asyncio
import socket
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.batch import ProbeRequest
from probes.kinds.icmp import Options
from probes.outcome import ok
from probes.ping.pending import EchoBatch, PendingEcho, Terms, answered, jitter_ns
from tests.support.patience import PATIENCE_S

SOCKET = SimpleNamespace(family=socket.AF_INET)
MS = 1_000_000


async def pending(timeout_s: float = 1.0, **options: object) -> PendingEcho:
    batch = EchoBatch(lambda _index, _outcome: None, 1)
    look = ProbeRequest(address="192.0.2.1", options=Options(**options), timeout_s=timeout_s)
    return PendingEcho(Terms(batch, look, SOCKET), 0, ("192.0.2.1", 0), b"", 1)  # type: ignore[arg-type]


async def test_no_answer_to_one_request_says_nothing_of_loss():
    seen = (await pending()).outcome()
    assert (seen.outcome, seen.reason, seen.metrics) == ("fail", "no answer", {})


async def test_no_answer_to_several_is_all_lost_and_a_complaint_names_the_reason():
    echo = await pending(count=3)
    echo.complaint = "host unreachable, says 192.0.2.254"
    seen = echo.outcome()
    assert seen.reason == "no answer: host unreachable, says 192.0.2.254"
    assert seen.metrics == {"loss_ratio": 1.0}


async def test_one_of_four_answers_is_ok_with_three_quarters_lost():
    echo = await pending(count=4)
    echo.round_trips = (2 * MS,)
    assert echo.outcome() == ok(rtt_ms=2.0, loss_ratio=0.75)


async def test_jitter_is_the_mean_step_from_one_round_trip_to_the_next():
    echo = await pending(count=3)
    echo.round_trips = (2 * MS, 5 * MS, 4 * MS)
    assert echo.outcome() == ok(rtt_ms=3.667, loss_ratio=0.0, jitter_ms=2.0)  # (3 + 1) / 2


@given(st.lists(st.integers(0, 10**10), min_size=2, max_size=20))
def test_jitter_is_between_nothing_and_the_widest_step(trips):
    steps = [abs(b - a) for a, b in pairwise(trips)]
    assert min(steps) <= jitter_ns(trips) <= max(steps)


@given(st.integers(0, 10**11))
def test_a_round_trip_is_told_to_the_microsecond(nanoseconds):
    assert abs(answered(nanoseconds).metrics["rtt_ms"] * MS - nanoseconds) <= 501


@pytest.mark.parametrize(
    ("count", "pause", "timeout_s", "gap_ms"),
    [
        (5, 20, 1.0, 20),
        (5, 1_000, 1.0, 100),  # all five leave in the first half of the second
        (1, 20, 0.01, 5),
        (100, 20, 1.0, 5),
    ],
)
async def test_requests_leave_in_the_first_half_of_the_time(count, pause, timeout_s, gap_ms):
    echo = await pending(timeout_s, count=count, pause=f"{pause}ms")
    assert echo.terms.gap_ns == gap_ms * MS
    assert count * echo.terms.gap_ns <= echo.terms.timeout_ns


async def test_looks_share_their_terms_where_all_is_alike():
    terms = (await pending()).terms
    same = ProbeRequest(address="192.0.2.2", options=Options(), timeout_s=1.0)
    assert terms.are_of(same, socket.AF_INET)
    assert not terms.are_of(same, socket.AF_INET6)
    assert not terms.are_of(same._replace(timeout_s=2.0), socket.AF_INET)
    assert not terms.are_of(same._replace(options=Options(size=100)), socket.AF_INET)


async def test_a_batch_is_over_when_the_last_outcome_is_handed_on():
    taken: list[int] = []
    batch = EchoBatch(lambda index, _outcome: taken.append(index), 2)
    batch.report(1, ok())
    assert not batch.done.done()
    batch.report(0, ok())
    assert batch.done.done()
    batch.report(0, ok())
    assert taken == [1, 0]


async def test_a_batch_of_none_is_over_when_it_begins():
    assert EchoBatch(lambda _index, _outcome: None, 0).done.done()


async def test_a_batch_that_ended_hands_nothing_on():
    batch = EchoBatch(lambda *_: pytest.fail("it is over"), 1)
    batch.end()
    batch.report(0, ok())
    await asyncio.wait_for(batch.done, PATIENCE_S)
