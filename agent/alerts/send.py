"""Hands a text to a provider by way of apprise, and says whether the provider took it. Blocking: use a thread.

Robots of Chinese messengers answer HTTP 200 with an error code inside when they refuse (too many
messages, a missing keyword, a wrong signature); apprise takes that for a yes. So the answers to
its robots and custom webhooks are read here, and a refusal is turned into a failure for apprise too.
Nothing here ever logs a URL: it is the password.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import apprise
import requests
from apprise.common import NotifyFormat, OverflowMode

if TYPE_CHECKING:
    from agent.alerts.messages import Text

ROBOTS = frozenset(("dingtalk", "wecombot", "feishu", "lark", "custom_json", "custom_form", "custom_xml"))
_CODES: dict[str, frozenset[object]] = {
    "errcode": frozenset((0,)),  # DingTalk, WeCom
    "StatusCode": frozenset((0,)),  # Feishu, older robots
    "code": frozenset((0, 200)),  # Feishu; PushPlus and many in-house gateways say 200
    "ok": frozenset((True,)),
    "success": frozenset((True,)),
}
_WORDS = ("errmsg", "msg", "StatusMessage", "message", "error")
_REFUSED = 599
"""The status that apprise is shown for a refusal inside HTTP 200."""
_MOST_ANSWER = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryResult:
    """Whether the provider said yes; otherwise `why`, without any secret."""

    accepted: bool
    why: str = ""


class _Answers(threading.local):
    """Why the provider said no, in the thread in which apprise asked it."""

    why = ""


_answers = _Answers()


def deliver(url: str, text: Text) -> DeliveryResult:
    """Send a text to one apprise URL. Never raises for what a provider or the network does."""
    box = apprise.Apprise()
    if not box.add(url):
        return DeliveryResult(accepted=False, why="no URL that apprise understands")
    refusals: list[str] = []
    for server in box:
        server.overflow_mode = OverflowMode.SPLIT
        _read_answers_of(server, refusals)
    result = box.notify(body=text.body, title=text.subject, body_format=NotifyFormat.TEXT)
    if result:
        return DeliveryResult(accepted=True)
    why = next(iter(refusals), f"{result.status.name.lower()}: no answer, or a refusal")
    return DeliveryResult(accepted=False, why=why)


def refusal_in(answer: bytes) -> str:
    """The refusal that a JSON answer holds, or an empty text: then HTTP's own status stands."""
    try:
        said = json.loads(answer[:_MOST_ANSWER])
    except ValueError:
        return ""
    if not isinstance(said, dict):
        return ""
    for key, good in _CODES.items():
        if key in said and not isinstance(said[key], dict | list) and said[key] not in good | {str(g) for g in good}:
            words = next((str(said[word]) for word in _WORDS if said.get(word)), "")
            return f"{key} {said[key]} {words}".strip()[:200]
    return ""


def _read_answers_of(server: Any, refusals: list[str]) -> None:
    """Let the plugin see refusals as failures, and note them."""
    send = server.send

    def noting(*args: Any, **options: Any) -> Any:
        _answers.why = ""
        sent = send(*args, **options)
        if _answers.why:
            refusals.append(_answers.why)
        return sent

    server.send = noting
    module = sys.modules[type(server).__module__]
    if module.__name__.rpartition(".")[2] in ROBOTS and not isinstance(module.requests, _Strict):
        module.requests = _Strict()  # type: ignore[attr-defined]


class _Strict:
    """`requests` as these plugins use it, except that an answer which refuses has no status 200."""

    def __getattr__(self, name: str) -> Any:
        return getattr(requests, name)

    @staticmethod
    def post(*args: Any, **options: Any) -> requests.Response:
        return _judged(requests.post(*args, **options))  # noqa: S113 - apprise gives a time-out

    @staticmethod
    def request(*args: Any, **options: Any) -> requests.Response:
        return _judged(requests.request(*args, **options))  # noqa: S113 - likewise


def _judged(response: requests.Response) -> requests.Response:
    if not response.ok:
        _answers.why = f"HTTP {response.status_code}"
    elif refusal := refusal_in(response.content):
        _answers.why = f"HTTP {response.status_code}, but {refusal}"
        response.status_code = _REFUSED
    return response


def keep_quiet() -> None:
    """Silence the logs of apprise and of what it sends with, which may name URLs."""
    for name in ("apprise", "urllib3"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 1)
