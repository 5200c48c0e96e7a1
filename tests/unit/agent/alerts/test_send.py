"""Whether a provider took a message: real HTTP and SMTP servers on loopback."""

from __future__ import annotations

import email
import importlib
import logging
from concurrent.futures import ThreadPoolExecutor
from email.policy import default

import apprise
import pytest
import requests

from agent.alerts.messages import Text
from agent.alerts.send import ROBOTS, deliver, refusal_in, silence_libraries
from tests.support.ports import free_port

pytestmark = pytest.mark.filterwarnings(
    "ignore:.imghdr. is deprecated:DeprecationWarning"
)  # one of apprise's plugins

TEXT = Text(subject="[湛河区] 故障:中兴路光纤 (link-03)", body="站点:湛河区\n资产:中兴路光纤\n")


@pytest.fixture(autouse=True)
def quiet():
    silence_libraries()


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
    delivery = deliver(f"json://127.0.0.1:{free_port()}/x", TEXT)
    assert not delivery.accepted
    assert delivery.why == "failure: no answer, or a refusal"


def test_a_url_that_nobody_understands_is_a_no():
    assert deliver("nonsense", TEXT).why == "no URL that apprise understands"


@pytest.mark.parametrize(
    "answer", [b"", b"ok", b"<html>", b"[1]", b'{"errcode": 0}', b'{"code": 200}', b'{"code": "0"}']
)
def test_an_answer_that_is_no_refusal(answer: bytes):
    assert refusal_in(answer) == ""


ROBOT_URLS = {
    "dingtalk": "dingtalk://0123456789abcdef/",
    "wecombot": "wecombot://01234567-89ab-cdef-0123-456789abcdef",
    "feishu": "feishu://0123456789abcdef",
    "lark": "lark://0123456789abcdef",
    "custom_json": "json://127.0.0.1/",
    "custom_form": "form://127.0.0.1/",
    "custom_xml": "xml://127.0.0.1/",
}


@pytest.mark.parametrize("name", sorted(ROBOTS))
def test_apprise_still_asks_each_robot_through_requests(name: str):
    """Its plugins look for `requests` in `send` itself: that is where ours is put."""
    plugin = apprise.Apprise.instantiate(ROBOT_URLS[name])
    assert type(plugin).__module__ == f"apprise.plugins.{name}"
    code = type(plugin).send.__code__
    assert "requests" in code.co_names
    assert {"post", "request"} & set(code.co_names)


@pytest.mark.parametrize("name", sorted(ROBOTS))
def test_a_refusal_of_each_robot_is_a_no_and_apprise_itself_stays_as_it_is(name: str, monkeypatch):
    """The answer is made here, since their hosts are the makers' own."""

    def answer(*_arguments, **_options) -> requests.Response:
        response = requests.Response()
        response.status_code, response._content = 200, b'{"code": 19024, "errcode": 310000, "msg": "key words"}'
        return response

    monkeypatch.setattr(requests, "post", answer)
    monkeypatch.setattr(requests, "request", answer)
    plugin = type(apprise.Apprise.instantiate(ROBOT_URLS[name]))
    before = dict(vars(plugin))
    found = deliver(ROBOT_URLS[name], TEXT)
    assert not found.accepted
    assert found.why == "HTTP 200, but errcode 310000 key words"
    assert dict(vars(plugin)) == before
    assert importlib.import_module(plugin.__module__).requests is requests


def test_a_plugin_of_somebody_else_takes_the_refusal_for_a_yes(robot):
    """That nothing was patched for the whole process: the same provider, asked by apprise without us."""
    robot.answer = '{"errcode": 130101, "errmsg": "send too fast"}'
    assert not deliver(robot.url(), TEXT).accepted
    others = apprise.Apprise()
    others.add(robot.url())
    assert others.notify(body="x")


def test_deliveries_at_the_same_time_have_each_their_own_answer(robot):
    robot.answer = '{"errcode": 45009, "errmsg": "out of limit"}'
    with ThreadPoolExecutor(8) as threads:
        tries = [
            threads.submit(deliver, robot.url() if n % 2 else "mailto://nobody:1@127.0.0.1:1", TEXT)
            for n in range(16)
        ]
    found = [each.result() for each in tries]
    assert {each.why for each in found[1::2]} == {"HTTP 200, but errcode 45009 out of limit"}
    assert not any("errcode" in each.why for each in found[::2])


def test_no_url_is_ever_logged(robot, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    robot.status = 500
    delivery = deliver(robot.url(), TEXT)
    deliver("json://user:secret-token@", TEXT)
    assert "secret-token" not in caplog.text + delivery.why
