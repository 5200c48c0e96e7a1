"""Whether this name server answers a question, with the records that it should.

`ok`: an answer without error that holds records of the kind asked for and all that are expected. `fail`: silence, an
error of DNS (NXDOMAIN, SERVFAIL, REFUSED), no such record. An answer cut short is asked for again by TCP. The address
is the server's; `query_name` is what it is asked.
What it can never see: whether other servers of the same zone say the same; whether an answer is true (DNSSEC is not
checked); what a cache between us and the server made of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
from pydantic import field_validator

from config.input.models import OneOrMore, Port, Word, wanted
from probes.address import Endpoint, endpoint, misfit_of
from probes.faults import AssetFaultError, judged
from probes.net.connection import CONNECT_REASONS, READ_REASONS, Deadline, stream
from probes.net.datagram import ASK_REASONS, asked
from probes.net.resolve import places
from probes.options import ProbeOptions
from probes.outcome import Outcome, fail, ok
from probes.reasons import DNS_ERROR, NOT_UNDERSTOOD, RECORD_MISSING, TOO_MUCH, because

if TYPE_CHECKING:
    from dns.message import Message

    from config.text.sentence import Sentence

METRICS = {
    "rtt_ms": "until the answer was there",
    "answers": "records of the kind asked for",
    "ttl_s": "how long the shortest-lived of them may be kept",
}
REASONS = tuple(dict.fromkeys((*ASK_REASONS, *CONNECT_REASONS, *READ_REASONS, DNS_ERROR, RECORD_MISSING)))
_PORT = 53
_HEADER_BYTES = 12
MOST_RECORDS = 128
"""In all sections; reading thousands of long names would hold up the whole process for seconds (bound B5)."""


class Options(ProbeOptions):
    """What is asked, and what must come."""

    query_name: Word = "."
    """the name that is asked for"""
    record: Literal["A", "AAAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT"] = "NS"
    """the kind of record"""
    expect: OneOrMore = ()
    """one value or a list that must be among the records, as `dig +short` writes them"""
    port: Port | None = None
    """the server's port, 53 if neither this nor the address names one"""
    tcp: bool = False
    """ask by TCP at once"""

    @field_validator("query_name")
    @classmethod
    def _a_name(cls, value: str) -> str:
        try:
            dns.name.from_text(value)
        except (dns.exception.DNSException, UnicodeError):
            raise wanted('a domain name, like "www.example.cn"') from None
        return value

    def misfit(self, address: str, timeout_ms: int) -> Sentence | None:  # noqa: ARG002 - as all kinds have it
        """What is wrong with the address; see CheckOptions."""
        return misfit_of(lambda: endpoint(address, self.port, otherwise=_PORT))


class _FoundRecords(NamedTuple):
    values: list[str]
    ttl_s: int


async def probe(address: str, options: Options, *, timeout_s: float) -> Outcome:
    """Ask once. OSError: our own network or limits."""
    return await judged(_outcome(address, options, Deadline(timeout_s)))


async def _outcome(address: str, options: Options, deadline: Deadline) -> Outcome:
    where = endpoint(address, options.port, otherwise=_PORT)
    query = dns.message.make_query(options.query_name, options.record)
    answer = None if options.tcp else await _by_udp(where, query, deadline)
    if answer is None or answer.flags & dns.flags.TC:
        answer = await _by_tcp(where, query, deadline)
    return _verdict(answer, options, deadline.elapsed_ms())


async def _by_udp(where: Endpoint, query: Message, deadline: Deadline) -> Message:
    place = (await places(where.host, where.port, timeout_s=deadline.left_s()))[0]
    return await asked(place, query.to_wire(), lambda data: answer_in(data, query), deadline)


async def _by_tcp(where: Endpoint, query: Message, deadline: Deadline) -> Message:
    wire = query.to_wire()
    async with stream(where, deadline) as opened:
        await opened.write(len(wire).to_bytes(2, "big") + wire)
        length = int.from_bytes(await opened.exactly(2), "big")
        answer = answer_in(await opened.exactly(length), query)
    if answer is None:
        raise AssetFaultError(NOT_UNDERSTOOD)
    return answer


def answer_in(data: bytes, query: Message) -> Message | None:
    """The message in these bytes if it answers that query; None for what bears the number of another.

    AssetFaultError: it bears our number, and is no answer or more than anybody would read; so it is read once only.
    """
    if len(data) < _HEADER_BYTES or int.from_bytes(data[:2], "big") != query.id:
        return None
    if sum(int.from_bytes(data[at : at + 2], "big") for at in range(6, _HEADER_BYTES, 2)) > MOST_RECORDS:
        raise AssetFaultError(TOO_MUCH, "records")
    try:
        answer = dns.message.from_wire(data, ignore_trailing=True, raise_on_truncation=False)
    except (dns.exception.DNSException, ValueError, IndexError):
        raise AssetFaultError(NOT_UNDERSTOOD) from None
    if not query.is_response(answer):
        raise AssetFaultError(NOT_UNDERSTOOD)
    return answer


def _verdict(answer: Message, options: Options, rtt_ms: float) -> Outcome:
    code = answer.rcode()
    if code != dns.rcode.NOERROR:
        return fail(because(DNS_ERROR, dns.rcode.to_text(code)), rtt_ms=rtt_ms)
    found = records(answer, options.record)
    if not found.values:
        return fail(because(RECORD_MISSING, "none of type", options.record), rtt_ms=rtt_ms, answers=0.0)
    metrics = {"rtt_ms": rtt_ms, "answers": float(len(found.values)), "ttl_s": float(found.ttl_s)}
    there = {_plain(value) for value in found.values}
    missing = [value for value in options.expect if _plain(value) not in there]
    if missing:
        return fail(because(RECORD_MISSING, missing[0]), **metrics)
    return ok(**metrics)


def records(answer: Message, record: str) -> _FoundRecords:
    """The values of that kind in the answer section, whatever alias led to them, and the shortest time to live."""
    wanted_type = dns.rdatatype.from_text(record)
    sets = [each for each in answer.answer if each.rdtype == wanted_type]
    return _FoundRecords(
        [value.to_text() for each in sets for value in each], min((each.ttl for each in sets), default=0)
    )


def _plain(value: str) -> str:
    return value.strip().strip('"').rstrip(".").lower()
