"""Whether a provider took a message: real HTTP and SMTP servers on loopback."""

from __future__ import annotations

import email
import importlib
import logging
import socket
from email.policy import default

import pytest

from agent.alerts.messages import Text
from agent.alerts.send import ROBOTS, deliver, keep_quiet, refusal_in

pytestmark = pytest.mark.filterwarnings(
    "ignore:.imghdr. is deprecated:DeprecationWarning"
)  # one of apprise's plugins

TEXT = Text(subject="[湛河区] 故障:中兴路光纤 (link-03)", body="站点:湛河区\n资产:中兴路光纤\n")


@pytest.fixture(autouse=True)
def quiet():
    keep_quiet()


def test_a_mail_server_that_takes_the_message_is_a_yes(mailbox):
    assert deliver(mailbox.url(), TEXT).accepted
    message = email.message_from_bytes(mailbox.received[0], policy=default)
    assert message["Subject"] == TEXT.subject
    assert "中兴路光纤" in message.get_body(("plain", "html")).get_content()


def test_a_mail_server_that_refuses_is_a_no(mailbox):
    mailbox.refuses = True
    assert not deliver(mailbox.url(), TEXT).accepted
    assert mailbox.received == []


def test_a_robot_that_answers_0_is_a_yes(robot):
    assert deliver(robot.url(), TEXT).accepted
    assert robot.received[0]["title"] == TEXT.subject


@pytest.mark.parametrize(
    "answer",
    [
        '{"errcode": 130101, "errmsg": "send too fast"}',
        '{"errcode": 45009, "errmsg": "api freq out of limit"}',
        '{"code": 9499, "msg": "Bad Request", "data": {}}',
        '{"StatusCode": 19021, "StatusMessage": "sign match fail"}',
        '{"ok": false}',
    ],
)
def test_a_robot_that_refuses_inside_http_200_is_a_no(robot, answer: str):
    robot.answer = answer
    delivery = deliver(robot.url(), TEXT)
    assert not delivery.accepted
    assert delivery.why.startswith("HTTP 200, but ")
    assert len(robot.received) == 1


def test_the_same_robot_is_a_yes_where_nobody_reads_the_answer(robot, monkeypatch: pytest.MonkeyPatch):
    """The negative control: without our reading of answers, apprise takes a refusal for a yes."""
    monkeypatch.setattr("agent.alerts.send.refusal_in", lambda _answer: "")
    robot.answer = '{"errcode": 130101, "errmsg": "send too fast"}'
    assert deliver(robot.url(), TEXT).accepted


def test_http_500_is_a_no_that_says_so(robot):
    robot.status = 500
    assert deliver(robot.url(), TEXT).why == "HTTP 500"


def test_a_provider_that_is_not_there_is_a_no():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    delivery = deliver(f"json://127.0.0.1:{port}/x", TEXT)
    assert not delivery.accepted
    assert delivery.why == "failure: no answer, or a refusal"


def test_a_url_that_nobody_understands_is_a_no():
    assert deliver("nonsense", TEXT).why == "no URL that apprise understands"


@pytest.mark.parametrize(
    "answer", [b"", b"ok", b"<html>", b"[1]", b'{"errcode": 0}', b'{"code": 200}', b'{"code": "0"}']
)
def test_an_answer_that_is_no_refusal(answer: bytes):
    assert refusal_in(answer) == ""


@pytest.mark.parametrize("name", sorted(ROBOTS))
def test_apprise_still_asks_each_robot_through_requests(name: str):
    module = importlib.import_module(f"apprise.plugins.{name}")
    assert callable(module.requests.post)


def test_no_url_is_ever_logged(robot, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    robot.status = 500
    delivery = deliver(robot.url(), TEXT)
    deliver("json://user:secret-token@", TEXT)
    assert "secret-token" not in caplog.text + delivery.why
