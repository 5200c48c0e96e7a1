"""Whether a MySQL or MariaDB server lets us in and answers a query.

`ok`: logged in, the query ran, and its first value is the expected one. `fail`: not reached, silent, no room for more
connections, shutting down, a query that fails. A refused login is `none` (see `login_refused`), and so is a way to
log in that we have not learned.
What it can never see: whether other users, tables or programs are in order; whether data is right; replication and
backups, unless the query asks for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pymysql.connections import Connection
from pymysql.constants import CR, ER
from pymysql.err import Error

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
    from collections.abc import Container

    from probes.outcome import Outcome

METRICS = {**DATABASE_METRICS}
REASONS = (*DATABASE_REASONS, NOT_READY, TLS_NOT_OFFERED)
_PORT = 3306
_LOGIN = (
    ER.ACCESS_DENIED_ERROR,
    ER.DBACCESS_DENIED_ERROR,
    ER.HOST_IS_BLOCKED,
    ER.HOST_NOT_PRIVILEGED,
    ER.NOT_SUPPORTED_AUTH_MODE,
    CR.CR_AUTH_PLUGIN_CANNOT_LOAD,  # the library's word for a way to log in that it has not learned
    CR.CR_AUTH_PLUGIN_ERR,
)
_MEANINGS: tuple[tuple[Container[object], str], ...] = (
    ((ER.CON_COUNT_ERROR, ER.TOO_MANY_USER_CONNECTIONS, ER.USER_LIMIT_REACHED), OVERLOADED),
    ((ER.SERVER_SHUTDOWN, ER.NORMAL_SHUTDOWN), NOT_READY),
    ((CR.CR_SERVER_LOST, CR.CR_SERVER_GONE_ERROR, CR.CR_CONN_HOST_ERROR), BROKEN_OFF),
    ((CR.CR_SSL_CONNECTION_ERROR,), TLS_NOT_OFFERED),
    (range(1_000, 2_000), QUERY_FAILED),  # the server's own numbers
)


class Options(DatabaseOptions):
    """Where to log in, and what to ask."""

    user: str = "root"
    """the name to log in with"""


async def probe(address: str, options: Options, *, timeout_s: float) -> Outcome:
    """Log in and ask once. OSError: our own network or limits, an unreadable `ca_file`."""
    where = endpoint(address, options.port, otherwise=_PORT)
    return await judged(login_outcome(where, options, Deadline(timeout_s), _session))


def _session(theirs: socket.socket, login: DatabaseLogin) -> DatabaseAnswer:
    try:
        return _asked(theirs, login)
    except Error as error:
        raise _fault(error, login) from None


def _asked(theirs: socket.socket, login: DatabaseLogin) -> DatabaseAnswer:
    options = login.options
    opened = Connection(
        user=options.user,
        password=login.password.encode("utf-8"),  # a text would be read as Latin-1
        host=login.where.host,
        database=options.database,
        charset="utf8mb4",
        init_command="SET SESSION TRANSACTION READ ONLY",
        program_name="sla-agent",
        ssl=login.tls,
        defer_connect=True,
    )
    opened.connect(sock=theirs)
    try:
        login_ms = login.elapsed_ms()
        with opened.cursor() as cursor:
            cursor.execute(options.query)
            row = cursor.fetchone()
        return DatabaseAnswer(login_ms, login.elapsed_ms(), str(row[0]) if row else None)
    finally:
        if opened.open:
            opened.close()


def _fault(error: Error, login: DatabaseLogin) -> Exception:
    """What the server's own error, or the library's, means; `args` are a number and a text."""
    cause = getattr(error, "original_exception", None)
    if isinstance(cause, OSError):
        return cause
    code, text = (*error.args, "", "")[:2]
    if code in _LOGIN:
        return refused(login.options, theirs(text))
    for codes, phrase in _MEANINGS:
        if code in codes:
            return AssetFaultError(phrase, "" if phrase == BROKEN_OFF else theirs(text))
    return AssetFaultError(NOT_UNDERSTOOD, theirs(text or code))
