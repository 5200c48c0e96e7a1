"""Whether a PostgreSQL server lets us in and answers a query.

`ok`: logged in, the query ran, and its first value is the expected one. `fail`: not reached, silent, no room for more
connections, starting up or shutting down, a query that fails. A refused login is `none` (see `login_refused`), and so
is a way to log in that we have not learned.
What it can never see: whether other users, tables or programs are in order; whether data is right; replication and
backups, unless the query asks for them.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pg8000.exceptions import DatabaseError, InterfaceError
from pg8000.native import Connection
from scramp import ScramClient, ScramException

from probes.address import endpoint
from probes.faults import AssetFaultError, judged
from probes.net.connection import Deadline
from probes.net.database import METRICS as DATABASE_METRICS
from probes.net.database import REASONS as DATABASE_REASONS
from probes.net.database import DatabaseAnswer, DatabaseLogin, DatabaseOptions, login_outcome
from probes.net.login import refused
from probes.reasons import BROKEN_OFF, NOT_READY, NOT_UNDERSTOOD, OVERLOADED, QUERY_FAILED, TLS_NOT_OFFERED, theirs

if TYPE_CHECKING:
    import socket

    from probes.outcome import Outcome

METRICS = {**DATABASE_METRICS}
REASONS = (*DATABASE_REASONS, NOT_READY, TLS_NOT_OFFERED)
_PORT = 5432
_NOTICED = {"network error": BROKEN_OFF, "Server refuses SSL": TLS_NOT_OFFERED}
"""What pg8000 notices itself has no code of any kind, only these texts of its own."""
_NOT_LEARNED = re.compile(r"Authentication method \d+ not supported|The mechanism")
"""How pg8000, or the SCRAM library below it, says that the server asks for a login that it cannot do."""
_TOO_MANY, _NOT_NOW, _LOGIN = "53300", ("57P01", "57P02", "57P03"), "28"  # SQLSTATE, appendix A of its manual


class Options(DatabaseOptions):
    """Where to log in, and what to ask."""

    user: str = "postgres"
    """the name to log in with"""


async def probe(address: str, options: Options, *, timeout_s: float) -> Outcome:
    """Log in and ask once. OSError: our own network or limits, an unreadable `ca_file`."""
    where = endpoint(address, options.port, otherwise=_PORT)
    return await judged(login_outcome(where, options, Deadline(timeout_s), _session))


def _session(sock: socket.socket, login: DatabaseLogin) -> DatabaseAnswer:
    try:
        return _asked(sock, login)
    except DatabaseError as error:
        raise _fault(error.args[0] if error.args else "", login) from None
    except InterfaceError as error:
        raise _noticed(str(error), login) from None
    except ScramException as error:
        raise _noticed(str(error), login) if _is_writable(login) else refused(login.options, error) from None


def _asked(sock: socket.socket, login: DatabaseLogin) -> DatabaseAnswer:
    options = login.options
    opened = Connection(
        options.user,
        host=login.where.host,
        password=login.password,
        database=options.database,
        ssl_context=login.tls,
        application_name="sla-agent",
        startup_params={"default_transaction_read_only": "on"},
        sock=sock,
    )
    try:
        login_ms = login.elapsed_ms()
        rows: list[list[Any]] | None = opened.run(options.query)
        return DatabaseAnswer(login_ms, login.elapsed_ms(), str(rows[0][0]) if rows and rows[0] else None)
    finally:
        with suppress(InterfaceError, OSError):
            opened.close()


def _noticed(text: str, login: DatabaseLogin) -> Exception:
    """What a complaint of the library's own means."""
    if text in _NOTICED:
        return AssetFaultError(_NOTICED[text])
    if _NOT_LEARNED.match(text):
        return refused(login.options, theirs(text))
    return AssetFaultError(NOT_UNDERSTOOD, theirs(text))


def _is_writable(login: DatabaseLogin) -> bool:
    """Whether our own name and password have a form in SCRAM at all (RFC 4013)."""
    try:
        ScramClient(["SCRAM-SHA-256"], login.options.user, login.password)
    except ScramException:
        return False
    return True


def _fault(said: object, login: DatabaseLogin) -> Exception:
    """What the server's own error means. `said`: the fields of an ErrorResponse, C the SQLSTATE and M the text."""
    fields = said if isinstance(said, dict) else {}
    code, text = str(fields.get("C", "")), theirs(fields.get("M", said))
    if code.startswith(_LOGIN):
        return refused(login.options, text)
    if code == _TOO_MANY:
        return AssetFaultError(OVERLOADED, text)
    if code in _NOT_NOW:
        return AssetFaultError(NOT_READY, text)
    return AssetFaultError(QUERY_FAILED, text)
