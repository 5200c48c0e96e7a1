"""`sla-agent` broken on purpose, in the way that the first argument names: the negative control of fault tests."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import agent.alerts.send
import agent.trust.uplink
from agent.__main__ import main
from agent.alerts.outbox import Outbox
from agent.ledger import intake
from agent.trust.corroboration import Corroboration
from agent.trust.uplink import Uplink

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def acknowledges_before_the_disk() -> None:
    """A receipt without a commit."""

    def take(ledger, records, **_more):
        return intake.Receipt(records=len(records), head=ledger.head, is_past=False)

    intake.take = take


def forgets_what_was_said() -> None:
    """After a start, nothing of the outbox is known."""
    real = Outbox.__init__
    Outbox.__init__ = lambda self, _stored: real(self, ())  # type: ignore[method-assign]


def believes_every_fail() -> None:
    """Our own network is never asked about."""
    Uplink.trust = lambda _self, _seen: "trusted"  # type: ignore[method-assign]


def believes_all_silence() -> None:
    """No other kind is asked."""
    Corroboration.trust = lambda _self, _seen: "trusted"  # type: ignore[method-assign]


def tells_the_channel() -> None:
    """The URL of a channel stands in the reason why it could not be told."""
    real = agent.alerts.send.deliver

    def deliver(url, text):
        found = real(url, text)
        return (
            found if found.accepted else agent.alerts.send.DeliveryResult(accepted=False, why=f"{url} did not answer")
        )

    agent.alerts.send.deliver = deliver


WAYS: Mapping[str, Callable[[], None]] = {
    each.__name__: each
    for each in (
        acknowledges_before_the_disk,
        forgets_what_was_said,
        believes_every_fail,
        believes_all_silence,
        tells_the_channel,
    )
}

if __name__ == "__main__":
    WAYS[sys.argv[1]]()
    sys.exit(main(sys.argv[2:]))
