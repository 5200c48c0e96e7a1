"""Who does what is asked: the running agent, or the process of a command where no agent runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sla.contract.model import Contract
    from sla.incidents.incident import Incident
    from sla.ledger import Head, Ledger, Stamp

T = TypeVar("T")


class Host(Protocol):
    """What a request finds where it is answered."""

    def status(self) -> dict[str, Any]:
        """The status: the running agent's of this moment, or the last one written. RefusalError: there is none."""

    def require_ledger(self) -> None:
        """LedgerError where there is no ledger that could be written to."""

    async def write(self, work: Callable[[Ledger, Stamp], T]) -> T:
        """Run work on the open ledger with both clocks of this moment; what it commits is on disk afterwards."""

    @property
    def contract(self) -> Contract | None:
        """The contract that is watched for; None where none is known."""

    def incidents(self, checks: Iterable[str]) -> Mapping[str, Sequence[Incident]] | None:
        """Check → its incidents, of these checks; None where nobody follows any."""

    def outdate(self) -> None:
        """Readings or definitions came into the ledger past whoever follows them."""


def head_of(head: Head) -> dict[str, Any]:
    """The head as answers give it: `seq` and `hash`."""
    return {"seq": head.seq, "hash": head.hash}
