"""Whether a mail server greets, answers EHLO, and offers STARTTLS where that is asked for.

`ok`: 220, then 250, and with `starttls` a TLS handshake whose certificate will do. `fail`: not reached, silent,
another code, no STARTTLS. No mail is sent.
What it can never see: whether mail is taken, delivered, or thrown away; whether a login works.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints

from config.input.models import Port, Word
from probes.address import endpoint, misfit_of
from probes.faults import AssetFaultError, judged
from probes.machine.clock import now_s
from probes.net.certificates import days_left
from probes.net.connection import CONNECT_REASONS, READ_REASONS, TLS_REASONS, Deadline, Stream, stream, tls_context
from probes.options import ProbeOptions
from probes.outcome import Outcome, fail, ok
from probes.reasons import CERTIFICATE_ENDS, NOT_UNDERSTOOD, TLS_NOT_OFFERED, TOO_MUCH, WRONG_STATUS, theirs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.text.sentence import Sentence

METRICS = {
    "banner_ms": "until the greeting was there",
    "total_ms": "until the last answer was there",
    "days_left": "until its certificate ends (only with `starttls`)",
}
REASONS = (
    *CONNECT_REASONS,
    *READ_REASONS,
    *TLS_REASONS,
    NOT_UNDERSTOOD,
    WRONG_STATUS,
    TLS_NOT_OFFERED,
    CERTIFICATE_ENDS,
)
_PORT = 25
_MOST_LINES = 100
_REPLY = re.compile(rb"([2-5]\d\d)([ -]?)(.*)", re.DOTALL)
_READY, _DONE = 220, 250


class Options(ProbeOptions):
    """Which port, and what it must offer."""

    port: Port | None = None
    """the port, 25 if neither this nor the address names one"""
    hello: Annotated[str, StringConstraints(pattern=r"\A[A-Za-z0-9.\[\]:-]{1,255}\z")] = "sla-agent.invalid"
    """the name that we give at EHLO"""
    starttls: bool = False
    """go on in TLS, and fail where that is not offered"""
    server_name: Word | None = None
    """the name that the certificate must bear; the address's host if not given"""
    min_days: Annotated[int, Field(ge=0, le=3_650)] = 14
    """fewer days left than this fail"""
    verify: bool = True
    """believe only certificates that the authorities vouch for"""
    ca_file: Word | None = None
    """a PEM file of authorities, instead of the machine's own"""

    def misfit(self, address: str, timeout_ms: int) -> Sentence | None:  # noqa: ARG002 - as all kinds have it
        """What is wrong with the address; see CheckOptions."""
        return misfit_of(lambda: endpoint(address, self.port, otherwise=_PORT))


async def probe(address: str, options: Options, *, timeout_s: float) -> Outcome:
    """Greet and hang up. OSError: our own network or limits, an unreadable `ca_file`."""
    return await judged(_outcome(address, options, Deadline(timeout_s)))


async def _outcome(address: str, options: Options, deadline: Deadline) -> Outcome:
    where = endpoint(address, options.port, otherwise=_PORT)
    async with stream(where, deadline) as opened:
        await _reply(opened, _READY)
        metrics = {"banner_ms": deadline.elapsed_ms()}
        await opened.write(f"EHLO {options.hello}\r\n".encode("ascii"))
        offers = await _reply(opened, _DONE)
        if options.starttls:
            metrics |= await _in_tls(opened, offers, options, options.server_name or where.host)
        await opened.write(b"QUIT\r\n")
    metrics["total_ms"] = deadline.elapsed_ms()
    return verdict(metrics, options)


def verdict(metrics: Mapping[str, float], options: Options) -> Outcome:
    """Whether the certificate, if there was one, is good for long enough."""
    if metrics.get("days_left", options.min_days) < options.min_days:
        return fail(CERTIFICATE_ENDS, **metrics)
    return ok(**metrics)


async def _in_tls(opened: Stream, offers: list[bytes], options: Options, name: str) -> dict[str, float]:
    if not any(line.upper().split(b" ")[0] == b"STARTTLS" for line in offers):
        raise AssetFaultError(TLS_NOT_OFFERED)
    context = tls_context(verify=options.verify, ca_file=options.ca_file or "")
    await opened.write(b"STARTTLS\r\n")
    await _reply(opened, _READY)
    await opened.start_tls(context, name)
    der = opened.tls.getpeercert(binary_form=True) if opened.tls is not None else None
    try:
        return {"days_left": days_left(der or b"", now_s())}
    except ValueError as error:
        raise AssetFaultError(NOT_UNDERSTOOD, error) from None


async def _reply(opened: Stream, wanted: int) -> list[bytes]:
    """The texts of a reply with that code (RFC 5321 §4.2), one for each of its lines."""
    texts: list[bytes] = []
    for _ in range(_MOST_LINES):
        line = await opened.line()
        match = _REPLY.fullmatch(line)
        if match is None:
            raise AssetFaultError(NOT_UNDERSTOOD, "begins with", theirs(repr(line[:40])))
        if int(match.group(1)) != wanted:
            raise AssetFaultError(WRONG_STATUS, theirs(line.decode("utf-8", "replace")))
        texts.append(match.group(3))
        if match.group(2) != b"-":
            return texts
    raise AssetFaultError(TOO_MUCH, "lines of a reply")
