"""The socket of the running agent: who is at the other end, whole requests only, and an answer whatever happens."""

from __future__ import annotations

import asyncio
import getpass
import json
import os
import socket
import stat
import threading

import pytest

from agent import control_socket
from agent.control_socket import ControlSocket, NoAgentError, ask
from agent.state_dir import SOCKET_FILE
from config.input.mistakes import RefusalError
from config.text.sentence import Sentence, sentence_from_json
from sla.evidence.refusals import EvidenceError, Problem
from tests.support.patience import PATIENCE_S


class Answerer:
    """Keeps what it was asked; answers, or raises."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict]] = []
        self.error: Exception | None = None
        self.answer: dict = {"answer": "好"}

    async def __call__(self, actor, request):
        self.asked.append((actor, dict(request)))
        if self.error is not None:
            raise self.error
        return self.answer


@pytest.fixture
async def served(tmp_path):
    answerer = Answerer()
    server = ControlSocket(tmp_path / SOCKET_FILE, answerer)
    await server.open()
    yield tmp_path, answerer
    await server.close()


async def asked(state, request, **more):
    return await asyncio.to_thread(ask, state, request, **more)


def raw(state, data: bytes, *, ends: bool = True) -> bytes:
    """What is answered to these bytes; `ends`: whether the caller says that it is done."""
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(PATIENCE_S)
        caller.connect(str(state / SOCKET_FILE))
        caller.sendall(data)
        if not ends:
            return b""
        caller.shutdown(socket.SHUT_WR)
        parts = []
        while part := caller.recv(1 << 16):
            parts.append(part)
        return b"".join(parts)


async def test_a_request_is_answered_with_who_asked_by_the_kernel_s_word(served):
    state, answerer = served
    assert await asked(state, {"ask": "status", "who": "somebody else"}) == {"answer": "好"}
    ((actor, request),) = answerer.asked
    assert actor == f"local:{getpass.getuser()}"
    assert request == {"ask": "status", "who": "somebody else"}


async def test_only_the_agent_s_user_may_ask(served):
    state, _ = served
    mode = (state / SOCKET_FILE).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert (state / SOCKET_FILE).stat().st_uid == os.getuid()


async def test_many_ask_at_once_and_each_gets_its_own_answer(served):
    state, answerer = served
    answerer.answer = {}
    await asyncio.gather(*(asked(state, {"ask": n}) for n in range(20)))
    assert sorted(request["ask"] for _, request in answerer.asked) == list(range(20))


async def test_a_large_request_and_a_large_answer_pass_whole(served):
    state, answerer = served
    answerer.answer = {"text": "答" * 300_000}
    lines = ["x" * 1_000] * 3_000
    assert await asked(state, {"lines": lines}) == answerer.answer
    assert answerer.asked[0][1]["lines"] == lines


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"{no json", "no request"),
        (b"", "no request"),
        (b"\xff\xfe", "no request"),
        (b'["take"]', "wanted a JSON object"),
        (b"7", "wanted a JSON object"),
    ],
)
async def test_what_is_no_request_is_refused_and_nobody_is_asked(served, data, why):
    state, answerer = served
    answer = json.loads(await asyncio.to_thread(raw, state, data))
    assert why in answer["error"]
    assert answerer.asked == []


async def test_a_refusal_comes_as_a_sentence_that_every_language_can_show(served):
    state, answerer = served
    answerer.error = RefusalError("{month} is not over yet; it can be sealed from {end} on", month="2027-01", end="x")
    answer = await asked(state, {"ask": "seal"})
    assert answer["error"] == "2027-01 is not over yet; it can be sealed from x on"
    assert sentence_from_json(answer["sentence"]).text("zh") == "2027-01 尚未结束；自 x 起方可封存"


async def test_bad_evidence_is_refused_with_every_line(served):
    state, answerer = served
    answerer.error = EvidenceError("rounds.jsonl", [Problem(2, Sentence("no record")), Problem(1, Sentence("bad"))])
    answer = await asked(state, {"ask": "take"})
    assert answer["problems"] == [[1, "bad"], [2, "no record"]]
    assert answer["error"] == "rounds.jsonl:1: bad\nrounds.jsonl:2: no record"


async def test_a_bug_is_an_answer_too_and_stands_in_the_log(served, caplog):
    state, answerer = served
    answerer.error = KeyError("lines")
    assert (await asked(state, {"ask": "take"}))["error"] == "KeyError: 'lines'"
    assert "a local request failed" in caplog.text
    answerer.error = None
    assert await asked(state, {"ask": "status"}) == {"answer": "好"}


async def test_a_caller_that_dies_half_way_has_asked_for_nothing(served, caplog):
    """It never said that it was done: the rest might have changed what it meant."""
    state, answerer = served

    def die() -> None:
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(str(state / SOCKET_FILE))
            caller.sendall(b'{"ask": "compact"')

    await asyncio.to_thread(die)
    assert await asked(state, {"ask": "status"}) == {"answer": "好"}
    assert [request["ask"] for _, request in answerer.asked] == ["status"]


async def test_a_caller_that_says_nothing_is_given_up(served, monkeypatch, caplog):
    monkeypatch.setattr(control_socket, "PATIENCE_S", 0.05)
    state, answerer = served
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(PATIENCE_S)
        caller.connect(str(state / SOCKET_FILE))
        assert await asyncio.to_thread(caller.recv, 10) == b""
    assert "went away" in caplog.text
    assert answerer.asked == []


async def test_a_request_without_end_is_broken_off(served, monkeypatch):
    monkeypatch.setattr(control_socket, "MOST_BYTES", 1_000)
    state, answerer = served
    with pytest.raises(RefusalError, match="ended before it answered"):
        await asked(state, {"lines": ["x" * 5_000_000]})
    assert answerer.asked == []


def test_where_no_agent_listens_that_is_said(tmp_path):
    with pytest.raises(NoAgentError):
        ask(tmp_path, {"ask": "status"})
    with pytest.raises(NoAgentError):
        ask(tmp_path / "nowhere", {"ask": "status"})


async def test_a_dead_agent_s_socket_is_no_agent_and_gives_way_to_a_new_one(tmp_path):
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / SOCKET_FILE))
    with pytest.raises(NoAgentError):
        await asked(tmp_path, {"ask": "status"})
    server = ControlSocket(tmp_path / SOCKET_FILE, Answerer())
    await server.open()
    assert await asked(tmp_path, {"ask": "status"}) == {"answer": "好"}
    await server.close()
    assert not (tmp_path / SOCKET_FILE).exists()


async def test_a_state_directory_that_lies_deep_can_be_asked(tmp_path):
    """The kernel takes 107 bytes of a socket's path."""
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    server = ControlSocket(deep / SOCKET_FILE, Answerer())
    await server.open()
    assert await asked(deep, {"ask": "status"}) == {"answer": "好"}
    await server.close()


def test_an_agent_that_ends_while_it_is_asked_may_have_taken_the_records(tmp_path):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / SOCKET_FILE))
    listener.listen()

    def end() -> None:
        caller, _ = listener.accept()
        with caller:
            while caller.recv(1 << 16):
                pass

    thread = threading.Thread(target=end)
    thread.start()
    try:
        with pytest.raises(Exception, match="may or may not have taken the records"):
            ask(tmp_path, {"ask": "take"})
    finally:
        thread.join()
        listener.close()


def test_closing_what_was_never_opened_is_nothing(tmp_path):
    asyncio.run(ControlSocket(tmp_path / SOCKET_FILE, Answerer()).close())
