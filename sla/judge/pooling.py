"""A clause over several months: its own formula over the items of all of them; it decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.obligations.pooled import Pooled
from sla.obligations.registry import OBLIGATIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sla.contract.model import Contract
    from sla.obligations.result import AnyResult


def pooled(results: Sequence[AnyResult], contract: Contract) -> Pooled:
    """The formula of one clause's kind over the items of all its months; all None where it has none, or no item."""
    clause = results[0].obligation
    pool = OBLIGATIONS[clause.kind].pool
    items = [item for result in results for item in result.items]
    return Pooled() if pool is None or not items else pool(clause, items, contract)
