"""The one table of requests: what can be asked, by the name in the key `ask`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from agent.requests.compact import compact
from agent.requests.countersign import countersign
from agent.requests.note import note
from agent.requests.seal import seal
from agent.requests.status import status
from agent.requests.take import take
from config.input.mistakes import RefusalError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from agent.requests.host import Host

REQUESTS: Mapping[str, Callable[[Host, str, Mapping[str, Any]], Awaitable[dict[str, Any]]]] = {
    "status": status,
    "take": take,
    "note": note,
    "compact": compact,
    "seal": seal,
    "countersign": countersign,
}
"""Name → who answers: given the host, who asks by the kernel's word, and the request; the keys of the answer."""


async def answered(host: Host, actor: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a request. RefusalError where it is refused: then nothing was written."""
    answer = REQUESTS.get(str(request.get("ask")))
    if answer is None:
        raise RefusalError("ask: wanted {names}", names=REQUESTS)
    return await answer(host, actor, request)


def answerer(host: Host) -> Callable[[str, Mapping[str, Any]], Awaitable[dict[str, Any]]]:
    """`answered` by one host: given who asks, and the request."""
    return partial(answered, host)
