"""What every kind of probe holds to, whatever the server does (bounds B1, B2, B5; attacks X36 to X44).

Driven by the registry: a kind that is added needs a line in tests/support/servers/hostile.py, or it makes a test red.
"""

from __future__ import annotations

import asyncio
import re
import socket
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from probes.net.connection import Deadline
from probes.outcome import ok
from probes.reasons import (
    BROKEN_OFF,
    NO_ANSWER,
    NOT_UNDERSTOOD,
    OURS,
    READ_TIMEOUT,
    TEXT_MISSING,
    TLS_FAILED,
    TOO_MUCH,
)
from probes.registry import PROBES
from tests.support.patience import PATIENCE_S
from tests.support.servers import honest, hostile
from tests.support.servers.hostile import (
    ASKED,
    ELSEWHERE,
    TIMEOUT_S,
    held_to_its_bounds,
    nothing_left_behind,
    server,
    timeout_s_at,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from probes.outcome import Outcome

ROOT = Path(__file__).parents[2]
MOST_MEMORY = 64 << 20
SAYS = {
    "tarpit": {READ_TIMEOUT, TLS_FAILED},
    "silence": {READ_TIMEOUT, TLS_FAILED},
    "reset": {BROKEN_OFF, TLS_FAILED},
    "hung_up": {BROKEN_OFF, TLS_FAILED},
    "endless_body": {TOO_MUCH, NOT_UNDERSTOOD, TEXT_MISSING, TLS_FAILED},
    "endless_line": {TOO_MUCH, NOT_UNDERSTOOD, TLS_FAILED},
    "endless_headers": {TOO_MUCH, NOT_UNDERSTOOD, TLS_FAILED},
    "garbage": {TOO_MUCH, NOT_UNDERSTOOD, TLS_FAILED},
    "nothing": {NO_ANSWER},
    "noise": {NOT_UNDERSTOOD, NO_ANSWER},
    "largest": {NOT_UNDERSTOOD, TOO_MUCH, NO_ANSWER},
    "echo": {NOT_UNDERSTOOD, NO_ANSWER},
    "flood": {NOT_UNDERSTOOD, TOO_MUCH, NO_ANSWER},
}
"""What a server did → how a look may tell it. Distinct: silence is no breach of a bound, and that is no silence."""
NAMES = pytest.mark.parametrize("name", ASKED)
WITH_LINES = [name for name, asked in ASKED.items() if asked.header]


def test_every_kind_that_opens_a_connection_is_in_the_table():
    assert {asked.kind for asked in ASKED.values()} | set(ELSEWHERE) == set(PROBES)


def without_an_honest_server(kinds: Iterable[str]) -> set[str]:
    """Those of these kinds that nobody answers as a good server would, in `honest` or in a test that it names."""
    return set(kinds) - {ASKED[name].kind for name in (*honest.BY_TCP, *honest.BY_UDP)} - set(honest.ELSEWHERE)


def test_every_kind_that_asks_a_server_has_an_honest_one():
    kinds = [name for name, kind in PROBES.items() if kind.service and kind.service[0] in ("tcp", "udp")]
    mend = "add an honest server to tests/support/servers/honest.py, or the test that has one to its ELSEWHERE"
    assert without_an_honest_server(kinds) == set(), mend
    assert without_an_honest_server([*kinds, "semaphore"]) == {"semaphore"}


@pytest.mark.parametrize("kind", honest.ELSEWHERE)
def test_a_kind_with_its_honest_server_elsewhere_has_it_there_and_only_there(kind):
    file, _, name = honest.ELSEWHERE[kind].partition("::")
    text = (ROOT / file).read_text(encoding="utf-8")
    assert re.search(rf"^(async )?def {name}\(", text, re.MULTILINE)
    assert re.search(rf"^from probes\.kinds(\.{kind} import| import .*\b{kind}\b)", text, re.MULTILINE)
    assert kind in PROBES
    assert kind not in {ASKED[name].kind for name in (*honest.BY_TCP, *honest.BY_UDP)}


def test_every_behaviour_has_its_words():
    assert set(SAYS) == {*hostile.BY_TCP, *hostile.BY_UDP}


async def seen_of(name: str, behaviour: str) -> Outcome:
    async with server(ASKED[name], behaviour) as port:
        return await held_to_its_bounds(ASKED[name].run(port, timeout_s_at(behaviour)), timeout_s_at(behaviour))


@NAMES
async def test_whatever_a_server_does_the_look_ends_fails_and_leaves_nothing(name):
    asked = ASKED[name]
    behaviours = sorted(asked.behaviours, key=timeout_s_at)  # those that say much keep the loop busy
    async with nothing_left_behind():
        seen = await asyncio.gather(*(seen_of(name, each) for each in behaviours if timeout_s_at(each) == TIMEOUT_S))
        seen += await asyncio.gather(*(seen_of(name, each) for each in behaviours if timeout_s_at(each) > TIMEOUT_S))
    if asked.is_ok_once_accepted:
        assert {each.outcome for each in seen} == {"ok"}
        return
    told = {each: (outcome.outcome, outcome.why) for each, outcome in zip(behaviours, seen, strict=True)}
    wrong = {
        each: (verdict, str(why))
        for each, (verdict, why) in told.items()
        if verdict != "fail" or why.phrase not in SAYS[each]
    }
    assert not wrong, str(wrong)
    phrases = {why.phrase for _, why in told.values()}
    assert phrases <= {*PROBES[asked.kind].reasons, *OURS}


@NAMES
async def test_b2_a_server_without_end_costs_little_memory(name):
    behaviours = [each for each in ("endless_body", "endless_headers", "largest") if each in ASKED[name].behaviours]
    for behaviour in behaviours:
        tracemalloc.start()
        try:
            await seen_of(name, behaviour)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < MOST_MEMORY, behaviour


@pytest.mark.parametrize("name", WITH_LINES)
async def test_b5_a_million_lines_are_too_much(name):
    seen = await seen_of(name, "endless_headers")
    assert seen.why.phrase == TOO_MUCH


@pytest.mark.parametrize("name", honest.BY_UDP)
async def test_x38_a_right_answer_from_elsewhere_is_no_answer(name):
    async with hostile.from_elsewhere(honest.BY_UDP[name]) as port:
        seen = await held_to_its_bounds(ASKED[name].run(port))
    assert (seen.outcome, seen.reason) == ("fail", NO_ANSWER)


@pytest.mark.parametrize("name", [*honest.BY_TCP, *honest.BY_UDP])
async def test_an_honest_server_is_ok(name):
    async with hostile.honest_server(name) as port:
        seen = await held_to_its_bounds(ASKED[name].run(port, timeout_s=PATIENCE_S), timeout_s=PATIENCE_S)
    assert (seen.outcome, seen.reason) == ("ok", "")


# Negative controls: probes that are broken on purpose


async def test_a_probe_that_ignores_its_deadline_is_caught(monkeypatch):
    monkeypatch.setattr(hostile, "SLACK_S", 0.1)
    monkeypatch.setattr(Deadline, "left_s", lambda _self: 1e9)
    with pytest.raises(AssertionError, match="did not end by itself"):
        await seen_of("http", "silence")


async def test_a_probe_that_believes_a_broken_answer_is_caught(monkeypatch):
    monkeypatch.setattr(hostile.Asked, "run", lambda *_arguments: asyncio.sleep(0, ok()))
    with pytest.raises(AssertionError, match="silence.*ok"):
        await test_whatever_a_server_does_the_look_ends_fails_and_leaves_nothing("http")


async def test_a_probe_that_leaves_a_socket_behind_is_caught(monkeypatch):
    monkeypatch.setattr(hostile, "LEAVING_S", 0.05)
    with pytest.raises(AssertionError, match="left behind"):
        async with nothing_left_behind():
            held = socket.socket()
    held.close()


async def test_a_probe_that_leaves_a_task_behind_is_caught(monkeypatch):
    monkeypatch.setattr(hostile, "LEAVING_S", 0.05)
    with pytest.raises(AssertionError, match="left behind"):
        async with nothing_left_behind():
            task = asyncio.ensure_future(asyncio.sleep(60))
    task.cancel()
