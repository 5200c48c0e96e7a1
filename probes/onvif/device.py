"""An ONVIF device as several kinds ask it: where its services are, what its own clock says, who we are to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import StringConstraints

from config.input.mistakes import MalformedError
from config.input.models import Port, Word
from probes.address import endpoint, misfit_of
from probes.faults import AssetFaultError, OwnFaultError
from probes.net.connection import CONNECT_REASONS, READ_REASONS, TLS_REASONS, tls_context
from probes.net.login import WebLoginOptions, login_of
from probes.onvif.soap import called, envelope
from probes.onvif.xml_tree import Element
from probes.reasons import (
    LOGIN_REFUSED,
    NOT_UNDERSTOOD,
    OVERLOADED,
    PATH_WRONG,
    READ_TIMEOUT,
    WRONG_STATUS,
)

if TYPE_CHECKING:
    from config.text.sentence import Sentence
    from probes.net.connection import Deadline

DEVICE_REASONS = (
    *CONNECT_REASONS,
    *READ_REASONS,
    *TLS_REASONS,
    NOT_UNDERSTOOD,
    PATH_WRONG,
    OVERLOADED,
    WRONG_STATUS,
    LOGIN_REFUSED,
)
"""What may be wrong with any question."""
_PORT = 80
_LAST_MS = (
    253_402_300_799_000  # 9999-12-31T23:59:59Z; a hostile clock may stand there, and no later time can be written
)


class DeviceOptions(WebLoginOptions):
    """Where to ask."""

    port: Port | None = None
    """the port, for an address that is no URL and names none; 80 if not given"""
    path: Annotated[str, StringConstraints(pattern=r"\A/\S*\z")] = "/onvif/device_service"
    """the path of the device service, for an address that is no URL"""
    verify: bool = False
    """believe only certificates that the authorities vouch for; these devices sign their own"""
    ca_file: Word | None = None
    """a PEM file of authorities, instead of the machine's own"""

    def misfit(self, address: str, timeout_ms: int) -> Sentence | None:  # noqa: ARG002 - as all kinds have it
        """What is wrong with the address; see CheckOptions."""
        return misfit_of(lambda: device_url(address, self))


class OnvifDevice:
    """Asks one device, and keeps to its time. What it must not answer raises, as `judged` wants it."""

    def __init__(self, address: str, options: DeviceOptions, deadline: Deadline) -> None:
        """ValueError: the address makes no URL. OwnFaultError: no password, no authorities."""
        self.url = device_url(address, options)
        self.deadline = deadline
        self._options = options
        is_tls = self.url.startswith("https:")
        self._login = login_of(options, is_private=is_tls)
        self._tls = tls_context(verify=options.verify, ca_file=options.ca_file or "") if is_tls else None
        self._lead_ms: int | None = None

    async def clock_s(self) -> float:
        """What the device says the time is (seconds since 1970), which it tells without a login."""
        question = envelope(Element("tds:GetSystemDateAndTime"))
        answer = await called(self.url, question, self._options, None, deadline=self.deadline, tls=self._tls)
        told_s = utc_s(answer)
        if told_s is None:
            raise AssetFaultError(NOT_UNDERSTOOD, "no UTC time")
        self._lead_ms = round(told_s * 1000 - self.deadline.elapsed_ms())
        return told_s

    def now_ms(self) -> int:
        """The device's own time at this moment, in milliseconds since 1970; its clock must have been asked."""
        return min(_LAST_MS, (self._lead_ms or 0) + round(self.deadline.elapsed_ms()))

    async def ask(self, question: Element, url: str = "", *, deadline: Deadline | None = None) -> Element:
        """The answer to a question of the service at that URL, the device service if none is given.

        A look that runs out of time here was answered before: what is late is the answer, never the connection.
        """
        body = envelope(question, self._login, self.now_ms() / 1000)
        within = deadline or self.deadline
        try:
            return await called(url or self.url, body, self._options, self._login, deadline=within, tls=self._tls)
        except (AssetFaultError, OwnFaultError):
            if within.left_s() > 0:
                raise
            raise AssetFaultError(READ_TIMEOUT) from None


def device_url(address: str, options: DeviceOptions) -> str:
    """The URL of the device service. ValueError: the address makes none, or bears a login."""
    if "://" in address:
        if not address.startswith(("http://", "https://")) or "@" in address:
            raise MalformedError(
                "{scheme}:// is not {schemes} without a login",
                scheme=address.partition("://")[0],
                schemes="http:// or https://",
            )
        return address
    return f"http://{endpoint(address, options.port, otherwise=_PORT)}{options.path}"


def utc_s(answer: Element) -> float | None:
    """The UTC time of an answer to GetSystemDateAndTime, in seconds since 1970; None if there is none.

    AssetFaultError: there is one, and it is no time.
    """
    found = answer.first("UTCDateTime")
    if found is None:
        return None
    names = (
        ("Date", "Year"),
        ("Date", "Month"),
        ("Date", "Day"),
        ("Time", "Hour"),
        ("Time", "Minute"),
        ("Time", "Second"),
    )
    try:
        year, month, day, hour, minute, second = (int(found.text_at(*name)[:4]) for name in names)
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        raise AssetFaultError(NOT_UNDERSTOOD, "the time of day") from None
