"""What the kinds that log in to a database have in common: their options, what they measure, how they judge."""

from __future__ import annotations

import ssl
import struct
from typing import TYPE_CHECKING, NamedTuple

from config.input.models import Port, Word
from probes.address import endpoint, misfit_of
from probes.faults import AssetFaultError
from probes.net.connection import CONNECT_REASONS, READ_REASONS, TLS_REASONS, Deadline, Stream, stream, tls_context
from probes.net.login import LoginOptions, password
from probes.net.relay import lent
from probes.outcome import Outcome, fail, ok
from probes.reasons import (
    BROKEN_OFF,
    CERTIFICATE_REFUSED,
    LOGIN_REFUSED,
    NOT_UNDERSTOOD,
    OVERLOADED,
    QUERY_FAILED,
    TEXT_MISSING,
    TLS_FAILED,
    because,
    theirs,
)

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from config.text.sentence import Sentence
    from probes.address import Endpoint

METRICS = {
    "connect_ms": "until the connection was there",
    "login_ms": "until we were logged in",
    "query_ms": "from then until the result was there",
}
REASONS = (
    *CONNECT_REASONS,
    *READ_REASONS,
    *TLS_REASONS,
    NOT_UNDERSTOOD,
    OVERLOADED,
    LOGIN_REFUSED,
    QUERY_FAILED,
    TEXT_MISSING,
)
GARBLED = (
    struct.error,
    LookupError,
    ValueError,
    AssertionError,
    ArithmeticError,
    TypeError,
    AttributeError,
    NameError,  # pymysql uses the length of a salt that a greeting breaks off before
)
"""What the libraries raise over bytes that they did not foresee; only their code runs where this is caught."""


class DatabaseOptions(LoginOptions):
    """Where to log in, and what to ask."""

    port: Port | None = None
    """the port, if neither the kind's own nor in the address"""
    database: Word | None = None
    """the database to log in to"""
    query: Word = "SELECT 1"
    """what is asked, in a session that may only read"""
    expect: Word | None = None
    """the first value of the first row must be this text"""
    tls: bool = False
    """go on in TLS or fail; without this TLS is taken if offered, and nobody is vouched for"""
    verify: bool = True
    """with `tls`: believe only certificates that the authorities vouch for"""
    ca_file: Word | None = None
    """a PEM file of authorities, instead of the machine's own"""

    def misfit(self, address: str, timeout_ms: int) -> Sentence | None:  # noqa: ARG002 - as all kinds have it
        """What is wrong with the address; see CheckOptions."""
        return misfit_of(lambda: endpoint(address, self.port, otherwise=1))


class DatabaseLogin(NamedTuple):
    """What a library needs for one session."""

    where: Endpoint
    options: DatabaseOptions
    password: str
    tls: ssl.SSLContext | None
    elapsed_ms: Callable[[], float]


class DatabaseAnswer(NamedTuple):
    """What one session came to: when it was in, when it had its rows, and the first value if there is one."""

    login_ms: float
    done_ms: float
    first: str | None


async def login_outcome(
    where: Endpoint,
    options: DatabaseOptions,
    deadline: Deadline,
    session: Callable[[socket.socket, DatabaseLogin], DatabaseAnswer],
) -> Outcome:
    """Connect, and let `session` log in and ask. AssetFaultError and OwnFaultError as it raises them."""
    context = tls_context(verify=options.verify, ca_file=options.ca_file or "") if options.tls else None
    login = DatabaseLogin(where, options, password(options), context, deadline.elapsed_ms)
    async with stream(where, deadline) as opened:
        connect_ms = deadline.elapsed_ms()
        answer = await _answered(opened, login, session)
    metrics = {
        "connect_ms": connect_ms,
        "login_ms": answer.login_ms,
        "query_ms": round(answer.done_ms - answer.login_ms, 3),
    }
    if options.expect is not None and answer.first != options.expect:
        return fail(because(TEXT_MISSING, "got", theirs(answer.first)), **metrics)
    return ok(**metrics)


async def _answered(
    opened: Stream, login: DatabaseLogin, session: Callable[[socket.socket, DatabaseLogin], DatabaseAnswer]
) -> DatabaseAnswer:
    try:
        return await lent(opened, lambda theirs: session(theirs, login))
    except ssl.SSLCertVerificationError as error:
        raise AssetFaultError(CERTIFICATE_REFUSED, error.verify_message) from None
    except ssl.SSLError as error:
        raise AssetFaultError(TLS_FAILED, error.reason or "") from None
    except (ConnectionError, EOFError):
        raise AssetFaultError(BROKEN_OFF) from None
    except UnicodeEncodeError:
        raise  # our own words
    except GARBLED as error:
        raise AssetFaultError(NOT_UNDERSTOOD, type(error).__name__) from None
