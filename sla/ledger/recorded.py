"""What an entry of the ledger says as evidence: its record, with the ledger's own stamp as R (SPEC §1, recorded)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

from sla.evidence.instants import format_instant
from sla.evidence.records import Party, Settled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ELSEWHERE = "recorded_elsewhere_at"
"""The key that keeps the stamp of another ledger from which a record was handed in. Nobody judges by it."""


SET_BACK: Literal["set_back"] = "set_back"
"""What the agent's event `clock_step` decides where the clock was ahead in an earlier run."""


class Stamps:
    """R of entries by sequence number (ms): the wall clock of their stamp.

    Where the agent found that its clock had been ahead, what was written under that clock was recorded at the latest
    when it found so; else records of this year would be known in two years only.
    """

    def __init__(self, agent_entries: Iterable[tuple[int, str, int, Mapping[str, Any]]]) -> None:
        """`agent_entries`: (sequence number, actor, wall clock, body) of the entries of kind `agent`."""
        self._returns = [
            (seq, wall_ms)
            for seq, actor, wall_ms, body in agent_entries
            if actor == "agent" and body.get("decision") == SET_BACK
        ]

    def of(self, seq: int, wall_ms: int) -> int:
        """R of an entry with this stamp."""
        return min([wall_ms, *(at for later, at in self._returns if later >= seq)]) if self._returns else wall_ms


def recorded(kind: str, body: Mapping[str, Any], recorded_at: int) -> Iterator[dict[str, Any]]:
    """The JSON objects of evidence that an entry of a record's kind says, stamped with R (ms).

    A stamp in the body is another ledger's: it stands beside, under `ELSEWHERE`. What one `settled` said for both
    parties, as the first format of ledgers had it, each of them said.
    """
    found = {"type": kind, **body, "recorded_at": format_instant(recorded_at)}
    if "recorded_at" in body:
        found[ELSEWHERE] = body["recorded_at"]
    if kind == Settled.record_type and "party" not in body:
        yield from ({**found, "party": party} for party in get_args(Party))
    else:
        yield found


def unstamped(body: Mapping[str, Any]) -> dict[str, Any]:
    """A record's body without any ledger's stamp: what makes it the same record when it is handed in again."""
    return {key: value for key, value in body.items() if key not in ("recorded_at", ELSEWHERE)}
