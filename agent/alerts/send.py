"""Hands a text to a provider by way of apprise, and says whether the provider took it. Blocking: use a thread.

Robots of Chinese messengers answer HTTP 200 with an error code inside when they refuse (too many
messages, a missing keyword, a wrong signature); apprise takes that for a yes. So the answers to
its robots and custom webhooks are read here, and a refusal is turned into a failure for apprise too.
Nothing here ever logs a URL: it is the password.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from types import FunctionType, MethodType
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


def deliver(url: str, text: Text) -> DeliveryResult:
    """Send a text to one apprise URL. Never raises for what a provider or the network does."""
    box = apprise.Apprise()
    if not box.add(url):
        return DeliveryResult(accepted=False, why="no URL that apprise understands")
    answers = _AnswersRead()
    for plugin in box:
        plugin.overflow_mode = OverflowMode.SPLIT
        if type(plugin).__module__.rpartition(".")[2] in ROBOTS:
            _send_by(answers, plugin)
    result = box.notify(body=text.body, title=text.subject, body_format=NotifyFormat.TEXT)
    if result:
        return DeliveryResult(accepted=True)
    return DeliveryResult(accepted=False, why=answers.why or f"{result.status.name.lower()}: no answer, or a refusal")


def refusal_in(answer: bytes) -> str:
    """The refusal that a JSON answer holds, or an empty text: then HTTP's own status stands."""
    try:
        found = json.loads(answer[:_MOST_ANSWER])
    except ValueError:
        return ""
    if not isinstance(found, dict):
        return ""
    for key, good in _CODES.items():
        code = found.get(key)
        if key in found and not isinstance(code, dict | list) and code not in good | {str(each) for each in good}:
            words = next((str(found[word]) for word in _WORDS if found.get(word)), "")
            return f"{key} {code} {words}".strip()[:200]
    return ""


def _send_by(answers: _AnswersRead, plugin: Any) -> None:
    """Let this one object send by a copy of its own method that finds `answers` where it looks for `requests`.

    Nothing of apprise or requests is changed for anybody else, whatever else runs in this process.
    """
    send = type(plugin).send
    known = {**send.__globals__, "requests": answers}
    own = FunctionType(send.__code__, known, send.__name__, send.__defaults__, send.__closure__)
    own.__kwdefaults__ = send.__kwdefaults__
    plugin.send = MethodType(own, plugin)


class _AnswersRead:
    """`requests` as apprise's robots use it, except that an answer which refuses has no status 200."""

    def __init__(self) -> None:
        self.why = ""
        """Why the provider said no the first time; empty where it never did."""

    def __getattr__(self, name: str) -> Any:
        return getattr(requests, name)

    def post(self, *args: Any, **options: Any) -> requests.Response:
        return self._read(requests.post(*args, **options))  # noqa: S113 - apprise gives a time-out

    def request(self, *args: Any, **options: Any) -> requests.Response:
        return self._read(requests.request(*args, **options))  # noqa: S113 - apprise gives a time-out

    def _read(self, response: requests.Response) -> requests.Response:
        why = ""
        if not response.ok:
            why = f"HTTP {response.status_code}"
        elif refusal := refusal_in(response.content):
            why = f"HTTP {response.status_code}, but {refusal}"
            response.status_code = _REFUSED
        self.why = self.why or why
        return response


def silence_libraries() -> None:
    """Let apprise and what it sends with log nothing: their lines may name URLs. For a program, once."""
    for name in ("apprise", "urllib3"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 1)
