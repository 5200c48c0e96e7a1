"""How a command asks: the agent of a state directory if one runs there, otherwise this very process does it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from agent.control_socket import NoAgentError, ask
from agent.local_user import own_actor
from config.input.mistakes import RefusalError
from config.text.sentence import sentence_from_json, verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def answer_to(state: Path, request: Mapping[str, Any], *, timeout_s: float = 120) -> dict[str, Any]:
    """The answer to a request of `agent.requests.table`, whoever gave it. RefusalError: it was refused."""
    try:
        answer = ask(state, request, timeout_s=timeout_s)
    except NoAgentError:
        return _by_ourselves(state, request)
    if "error" in answer:
        sentence = answer.get("sentence")
        raise RefusalError(verbatim(answer["error"]) if sentence is None else sentence_from_json(sentence))
    return answer


def _by_ourselves(state: Path, request: Mapping[str, Any]) -> dict[str, Any]:
    from agent.requests.alone import LedgerOnDisk  # noqa: PLC0415 - SQLite only where no agent answers
    from agent.requests.table import answered  # noqa: PLC0415 - the same

    return asyncio.run(answered(LedgerOnDisk(state), own_actor(), request))
