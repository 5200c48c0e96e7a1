"""Traps of known devices as reasons to look at once; never a verdict, and nothing of them is kept."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from config.input.secrets import SecretMissingError
from probes.address import endpoint, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from config.site.model import CheckPlan, Site
    from config.site.traps import TrapListener
    from probes.snmp.traps import TrapReceiver

log = logging.getLogger(__name__)

PAUSE_S = 5.0
"""Between two looks that traps of one device cause: every trap is followed by one, a flood by one in that time."""


class Traps:
    """Device address → its checks. `hurry` is given the checks to look at now."""

    def __init__(self, checks: Mapping[str, list[str]], hurry: Callable[[list[str]], None]) -> None:
        self._checks = checks
        self._hurry = hurry
        self._resting: dict[str, asyncio.TimerHandle] = {}
        self._again: set[str] = set()
        self.receiver: TrapReceiver | None = None

    @classmethod
    def opened(cls, site: Site, hurry: Callable[[list[str]], None]) -> Traps:
        """Listen where the site says so. That we cannot is told in the log: looks go on without."""
        traps = cls(checks_by_address(site.checks), hurry)
        if site.traps is not None:
            try:
                traps.receiver = _receiver(site.traps, traps)
            except (OSError, SecretMissingError) as error:
                log.error("no traps are taken: %s", error)  # noqa: TRY400 - the environment's fault needs no traceback
        return traps

    @property
    def known(self) -> frozenset[str]:
        """Addresses whose traps are read."""
        return frozenset(self._checks)

    def report(self, sender: str, name: str) -> None:
        """A trap came. Its device is looked at now, or when its pause is over."""
        if sender in self._resting:
            self._again.add(sender)
            return
        log.info("%s of %s: looking at it", name, sender)
        self._hurry_checks(sender)

    def _hurry_checks(self, sender: str) -> None:
        self._resting[sender] = asyncio.get_running_loop().call_later(PAUSE_S, self._rested, sender)
        self._hurry(self._checks[sender])

    def _rested(self, sender: str) -> None:
        del self._resting[sender]
        if sender in self._again:
            self._again.discard(sender)
            self._hurry_checks(sender)

    def close(self) -> None:
        """Listen no longer."""
        for each in self._resting.values():
            each.cancel()
        if self.receiver is not None:
            self.receiver.close()


def _receiver(listener: TrapListener, traps: Traps) -> TrapReceiver:
    from probes.snmp.traps import TrapReceiver, TrapUser  # noqa: PLC0415 - pysnmp costs a second and 30 MB

    login = TrapUser(
        community=listener.community.needed_text() or "public",
        user=listener.user,
        engines=listener.engines,
        auth=listener.auth,
        auth_key=listener.auth_key.needed_text(),
        privacy=listener.privacy,
        privacy_key=listener.privacy_key.needed_text(),
    )
    return TrapReceiver((listener.address, listener.port), login, traps.known, traps.report)


def checks_by_address(checks: Iterable[CheckPlan]) -> dict[str, list[str]]:
    """IP address → ids of the checks that look at it. Checks of host names are left out: a trap carries none."""
    found: dict[str, list[str]] = {}
    for check in checks:
        try:
            address = plain(endpoint(check.address, None, otherwise=1).host)
        except ValueError:
            continue
        if address:
            found.setdefault(address, []).append(check.id)
    return found
