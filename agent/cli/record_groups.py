"""Groups on the command line: `all`, `kind=camera`, `tags=north,gate` instead of a list of ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from config.input.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

KEYS = ("kind", "ids", "tags")


def listed(text: str) -> list[str]:
    """The parts of a text with commas between."""
    return [each.strip() for each in text.split(",") if each.strip()]


def is_group(text: str) -> bool:
    """Whether a text names a group, not ids."""
    return text == "all" or text.partition("=")[0] in KEYS


def scope_of(texts: Iterable[str]) -> dict[str, list[str]]:
    """The scope that `KEY=VALUES` make, in JSON; `all` and nothing hold every asset. UsageError: another key."""
    found: dict[str, list[str]] = {}
    for each in texts:
        key, _, values = each.partition("=")
        if each == "all":
            continue
        if key not in KEYS or not listed(values):
            raise UsageError("{got}: wanted all, or {names} with values, like kind=camera", got=each, names=KEYS)
        found[key] = listed(values)
    return found


def assets_in(state: Path, text: str) -> list[str]:
    """The ids that a text says: itself a list of them, or a group of the assets that are in service now."""
    if not is_group(text):
        return listed(text)
    from agent.clock import SystemClock  # noqa: PLC0415 - most commands name ids, and ask a running agent
    from sla.evidence.intervals import END  # noqa: PLC0415 - the same
    from sla.evidence.records.scope import scope_from_json  # noqa: PLC0415 - the same
    from sla.history.known import known  # noqa: PLC0415 - the same
    from sla.ledger import LedgerView  # noqa: PLC0415 - the same

    now = SystemClock().now().wall_ms
    scope = scope_from_json(scope_of([text]))
    view = LedgerView.open(state)
    try:
        assets = known(view.evidence(), None, END).assets
    finally:
        view.close()
    return sorted(name for name, each in assets.items() if each.serves(now) and scope.holds_asset(each.at(now)))


def failing_in(state: Path, text: str) -> list[str]:
    """The checks that a text says: one of them, or those of a group of assets that have an open incident now."""
    if not is_group(text):
        return [text]
    from agent.requests.asking import answer_to  # noqa: PLC0415 - only where a group is named

    status: dict[str, Any] = answer_to(state, {"ask": "status"})
    group = set(assets_in(state, text))
    found = [each["check"] for each in status["down"] if each["asset"] in group]
    if not found:
        raise UsageError("{group}: none of these assets has an open incident", group=text)
    return found
