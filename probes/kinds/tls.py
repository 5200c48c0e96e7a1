"""Whether this server's TLS certificate will do: how many days it has left, whether it bears the name, who vouches.

`ok`: the handshake came about, authorities that we trust vouch for a certificate with the right name, and it is good
for long enough. `fail`: any of that is not so; the days left are told all the same.
What it can never see: revocation (CRL and OCSP are not asked); what the program behind TLS does; other certificates
that the same address shows under other names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from config.input.models import Port, Word
from probes.address import Endpoint, endpoint, misfit_of
from probes.faults import AssetFaultError, judged
from probes.machine.clock import now_s
from probes.net.certificates import days_left
from probes.net.connection import CONNECT_REASONS, TLS_REASONS, Deadline, stream, tls_context
from probes.options import ProbeOptions
from probes.outcome import Outcome, fail, ok
from probes.reasons import CERTIFICATE_ENDS, CERTIFICATE_REFUSED, NOT_UNDERSTOOD, because

if TYPE_CHECKING:
    import ssl

    from config.text.sentence import Sentence

METRICS = {
    "handshake_ms": "until TLS was there; name resolution and connecting included",
    "days_left": "until its certificate ends; negative once it is over",
}
REASONS = (*CONNECT_REASONS, *TLS_REASONS, CERTIFICATE_ENDS, NOT_UNDERSTOOD)
_PORT = 443


class Options(ProbeOptions):
    """Which certificate, and how good."""

    port: Port | None = None
    """the port, 443 if neither this nor the address names one"""
    server_name: Word | None = None
    """the name to ask for and to find in the certificate; the address's host if not given"""
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
    """One handshake; a second one without trust where the certificate was refused, to tell its days."""
    return await judged(_outcome(address, options, Deadline(timeout_s)))


async def _outcome(address: str, options: Options, deadline: Deadline) -> Outcome:
    where = endpoint(address, options.port, otherwise=_PORT)
    context = tls_context(verify=options.verify, ca_file=options.ca_file or "")
    try:
        metrics = await _handshake(where, context, options, deadline)
    except AssetFaultError as fault:
        if fault.why.phrase != CERTIFICATE_REFUSED:
            raise
        return fail(fault.why, **await _days_all_the_same(where, options, deadline))
    if metrics["days_left"] < options.min_days:
        return fail(because(CERTIFICATE_ENDS, f"{metrics['days_left']:.0f} d"), **metrics)
    return ok(**metrics)


async def _days_all_the_same(where: Endpoint, options: Options, deadline: Deadline) -> dict[str, float]:
    try:
        return await _handshake(where, tls_context(verify=False), options, deadline)
    except AssetFaultError:
        return {}


async def _handshake(
    where: Endpoint, context: ssl.SSLContext, options: Options, deadline: Deadline
) -> dict[str, float]:
    async with stream(where, deadline, tls=context, name=options.server_name or where.host) as opened:
        handshake_ms = deadline.elapsed_ms()
        der = opened.tls.getpeercert(binary_form=True) if opened.tls is not None else None
    try:
        return {"handshake_ms": handshake_ms, "days_left": days_left(der or b"", now_s())}
    except ValueError as error:
        raise AssetFaultError(NOT_UNDERSTOOD, error) from None
