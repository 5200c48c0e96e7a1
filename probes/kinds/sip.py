"""Whether a SIP server, such as that of a telephone hotline, answers OPTIONS (RFC 3261 §11).

`ok`: a final answer with an accepted status. `fail`: silence, another status, something that is no SIP.
What it can never see: whether a call comes through, is heard, or is taken by a person; whether lines are free.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from pydantic import Field, StringConstraints, field_validator

from config.input.models import Port
from probes.address import Endpoint, endpoint, misfit_of
from probes.faults import AssetFaultError, judged
from probes.net.connection import CONNECT_REASONS, READ_REASONS, Deadline, Stream, stream
from probes.net.datagram import ASK_REASONS, asked
from probes.net.resolve import places
from probes.options import ProbeOptions
from probes.outcome import Outcome, fail, ok
from probes.reasons import NOT_UNDERSTOOD, TOO_MUCH, WRONG_STATUS, because, theirs

if TYPE_CHECKING:
    from config.text.sentence import Sentence

METRICS = {"rtt_ms": "until the final answer was there", "status": "SIP status of the final answer"}
REASONS = tuple(dict.fromkeys((*ASK_REASONS, *CONNECT_REASONS, *READ_REASONS, WRONG_STATUS)))
_PORT = 5060
_STATUS_LINE = re.compile(rb"SIP/2\.0 ([1-6]\d\d)(?: .*)?")
_FINAL, _FINE = 200, range(200, 300)
_MOST_LINES = 200
_MOST_INTERIM = 8
_MOST_BODY_BYTES = 64 << 10
_Status = Annotated[int, Field(ge=200, le=699)]
_Word = Annotated[str, StringConstraints(pattern=r"\A[A-Za-z0-9_.+*#-]{1,64}\z")]


class Options(ProbeOptions):
    """What is asked, and which answers will do."""

    user: _Word | None = None
    """the number or name that is asked about; the server itself if not given"""
    port: Port | None = None
    """the port, 5060 if neither this nor the address names one"""
    transport: Literal["udp", "tcp"] = "udp"
    """how to ask"""
    status: tuple[_Status, ...] | None = None
    """one accepted status or a list; any from 200 to 299 if not given"""

    @field_validator("status", mode="before")
    @classmethod
    def _one_or_a_list(cls, value: object) -> object:
        if isinstance(value, int) and not isinstance(value, bool):
            return (value,)
        return tuple(value) if isinstance(value, list) else value

    def misfit(self, address: str, timeout_ms: int) -> Sentence | None:  # noqa: ARG002 - as all kinds have it
        """What is wrong with the address; see CheckOptions."""
        return misfit_of(lambda: endpoint(address, self.port, otherwise=_PORT))


class _Dialogue(NamedTuple):
    """What ties an answer to its question."""

    call: str
    branch: str
    tag: str


async def probe(address: str, options: Options, *, timeout_s: float) -> Outcome:
    """Ask once. OSError: our own network or limits."""
    return await judged(_outcome(address, options, Deadline(timeout_s)))


async def _outcome(address: str, options: Options, deadline: Deadline) -> Outcome:
    where = endpoint(address, options.port, otherwise=_PORT)
    dialogue = _Dialogue(*(secrets.token_hex(8) for _ in _Dialogue._fields))
    request = options_request(where, options, dialogue)
    status = await (_by_udp if options.transport == "udp" else _by_tcp)(where, request, dialogue, deadline)
    metrics = {"rtt_ms": deadline.elapsed_ms(), "status": float(status)}
    if status not in (_FINE if options.status is None else options.status):
        return fail(because(WRONG_STATUS, status), **metrics)
    return ok(**metrics)


async def _by_udp(where: Endpoint, request: bytes, dialogue: _Dialogue, deadline: Deadline) -> int:
    place = (await places(where.host, where.port, timeout_s=deadline.left_s()))[0]
    return await asked(place, request, lambda data: final_status(data, dialogue.call), deadline)


async def _by_tcp(where: Endpoint, request: bytes, dialogue: _Dialogue, deadline: Deadline) -> int:
    async with stream(where, deadline) as opened:
        await opened.write(request)
        for _ in range(_MOST_INTERIM):
            status = final_status(await _message(opened), dialogue.call)
            if status is not None:
                return status
    raise AssetFaultError(TOO_MUCH, "answers before the final one")


async def _message(opened: Stream) -> bytes:
    lines: list[bytes] = []
    while line := await opened.line():
        lines.append(line)
        if len(lines) > _MOST_LINES:
            raise AssetFaultError(TOO_MUCH, "headers")
    fields = _fields(lines)
    if lines and _STATUS_LINE.fullmatch(lines[0]) is None:
        raise AssetFaultError(NOT_UNDERSTOOD, "begins with", theirs(repr(lines[0][:40])))
    length = fields.get(b"content-length") or fields.get(b"l") or b"0"
    if not length.isdigit() or int(length[:9]) > _MOST_BODY_BYTES:
        raise AssetFaultError(TOO_MUCH, "a body")
    await opened.exactly(int(length))
    return b"\r\n".join(lines)


def options_request(where: Endpoint, options: Options, dialogue: _Dialogue) -> bytes:
    """The bytes of a request; nothing in it can end a line."""
    host = str(where).encode("idna").decode() if not str(where).isascii() else str(where)
    uri = f"sip:{options.user}@{host}" if options.user else f"sip:{host}"
    lines = (
        f"OPTIONS {uri} SIP/2.0",
        f"Via: SIP/2.0/{options.transport.upper()} sla-agent.invalid;branch=z9hG4bK{dialogue.branch};rport",
        "Max-Forwards: 70",
        f"From: <sip:probe@sla-agent.invalid>;tag={dialogue.tag}",
        f"To: <{uri}>",
        f"Call-ID: {dialogue.call}",
        "CSeq: 1 OPTIONS",
        "Contact: <sip:probe@sla-agent.invalid>",
        "Accept: application/sdp",
        "User-Agent: sla-agent",
        "Content-Length: 0",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def final_status(data: bytes, call: str) -> int | None:
    """The status of a message that answers that call for good; None for anything else."""
    lines = data.split(b"\r\n\r\n", 1)[0].split(b"\r\n", _MOST_LINES)
    match = _STATUS_LINE.fullmatch(lines[0])
    if match is None or int(match.group(1)) < _FINAL:
        return None
    fields = _fields(lines)
    mine = (fields.get(b"call-id") or fields.get(b"i")) == call.encode("ascii")
    return int(match.group(1)) if mine else None


def _fields(lines: list[bytes]) -> dict[bytes, bytes]:
    parts = (line.partition(b":") for line in lines[1:])
    return {name.strip().lower(): value.strip() for name, _, value in parts}
