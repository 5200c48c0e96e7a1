"""A line to a device: one socket, one request at a time over it, and whose fault it is when there is no answer.

The bytes are gufo-snmp's. As over all UDP (probes/net/datagram.py), complaints of routers are no proof: the line goes
on listening, and they only name the reason after the time-out. What `send` refuses at once is ours.
"""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from gufo.snmp import (
    Aes128Key,
    Aes192Key,
    Aes256Key,
    DesKey,
    KeyExpansion,
    Md5Key,
    Sha1Key,
    Sha224Key,
    Sha256Key,
    Sha384Key,
    Sha512Key,
    SnmpAuthError,
    SnmpError,
    User,
)
from gufo.snmp.aio import SnmpSession
from gufo.snmp.user import KeyType

from probes.faults import AssetFaultError, OwnFaultError
from probes.net.error_reasons import FROM_THE_WAY
from probes.net.login import secret
from probes.net.resolve import places
from probes.reasons import LOGIN_REFUSED, NO_ANSWER, NOT_UNDERSTOOD, READ_TIMEOUT, REFUSED, TOO_MUCH, UNREACHABLE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from probes.address import Endpoint
    from probes.net.connection import Deadline
    from probes.net.resolve import HostAddress
    from probes.snmp.options import SnmpOptions

REASONS = (NO_ANSWER, REFUSED, UNREACHABLE, READ_TIMEOUT, NOT_UNDERSTOOD, TOO_MUCH, LOGIN_REFUSED)
_FRESH_S = 100
"""A v3 session asks for the device's clock anew after this; RFC 3414 §2.2.3 allows 150 s."""
_LONGER_THAN_ANY_LOOK_S = 86_400.0
_LOGINS = 256
"""Of so many passwords the keys are kept: as a rule all devices of a site share one or two."""
_SYSTEM_ERROR = re.compile(r"\(os error (\d+)\)$")
_AUTH = {
    "md5": Md5Key,
    "sha": Sha1Key,
    "sha224": Sha224Key,
    "sha256": Sha256Key,
    "sha384": Sha384Key,
    "sha512": Sha512Key,
}
_PRIVACY = {"des": DesKey, "aes": Aes128Key, "aes192": Aes192Key, "aes256": Aes256Key}

T = TypeVar("T")


class _Listening(SnmpSession):
    """A session that goes on listening when somebody complains.

    A subclass, as gufo-snmp has no other way in: it would end the request at the first complaint, which anybody can
    send, and its exceptions no longer tell whether `send` or `recv` raised them.
    """

    heard = ""
    """The reason that the last complaint gives."""

    async def _send(self, sender: Callable[[], None]) -> None:
        try:
            await super()._send(sender)
        except OSError:  # as a rule a complaint about the request before, which is told once
            await super()._send(sender)

    async def _recv(self, receiver: Callable[[], T]) -> T:
        def heard_out() -> T:
            try:
                return receiver()
            except BlockingIOError:
                raise
            except OSError as error:
                self.heard = _complaint(error)
                raise BlockingIOError from None  # to gufo-snmp: nothing yet

        return await super()._recv(heard_out)


def _complaint(error: OSError) -> str:
    """What a complaint amounts to. gufo-snmp's errors have no errno: a time-out is a refusal, others bear a text."""
    if isinstance(error, TimeoutError):
        return REFUSED
    found = _SYSTEM_ERROR.search(str(error))
    if found is None or int(found[1]) not in FROM_THE_WAY:
        raise error
    return FROM_THE_WAY[int(found[1])]


def _session(place: HostAddress, options: SnmpOptions, engine: bytes) -> _Listening:
    """A session; OwnFaultError: a secret is not where it should be."""
    host, port = _host(place), int(place.address[1])
    if options.version == "2c":
        community = secret(options.community_file, options.community_env) or "public"
        return _Listening(host, port, community=community, timeout=_LONGER_THAN_ANY_LOOK_S)
    return _Listening(host, port, user=_user(options), engine_id=engine or None, timeout=_LONGER_THAN_ANY_LOOK_S)


def _host(place: HostAddress) -> str:
    """The address as text, with the zone of a link-local one."""
    scope = place.address[3] if len(place.address) > 3 else 0  # noqa: PLR2004 - IPv6: host, port, flow, zone
    return f"{place.address[0]}%{scope}" if scope else str(place.address[0])


def _user(options: SnmpOptions) -> User:
    auth = secret(options.auth_file, options.auth_env).encode()
    privacy = secret(options.privacy_file, options.privacy_env).encode()
    of_auth, of_privacy = _AUTH[options.auth], _PRIVACY[options.privacy]
    return User(
        options.user or "",
        auth_key=of_auth(_master_key(options.auth, auth), KeyType.Master) if auth else None,
        priv_key=of_privacy(_master_key(options.auth, privacy), KeyType.Master) if privacy else None,
        key_expansion=KeyExpansion.Cisco if options.key_extension == "reeder" else KeyExpansion.Blumenthal,
    )


@lru_cache(maxsize=_LOGINS)
def _master_key(algorithm: str, password: bytes) -> bytes:
    """The key of a password before it is bound to a device: a digest of 1 MiB (RFC 3414 §A.2); all else is cheap."""
    return _AUTH[algorithm].get_master_key(password)


class SnmpTransport:
    """One socket, opened when it is needed. Instants are monotonic seconds."""

    def __init__(self, where: Endpoint, options: SnmpOptions) -> None:
        self._where = where
        self._options = options
        self._session: _Listening | None = None
        self._engine = b""
        self._fresh_until_s = 0.0
        self._heard = ""
        self._is_proved = False

    @property
    def is_open(self) -> bool:
        """Whether it holds a socket."""
        return self._session is not None

    @property
    def silence(self) -> str:
        """What it is that nothing is answered: the word of routers, where one has come since this was asked."""
        return (self._session.heard if self._session is not None else "") or self._heard or NO_ANSWER

    def close(self) -> None:
        """Close the socket; the ID of a v3 device's engine stays known."""
        if self._session is not None:
            self._heard = self._session.heard or self._heard
        self._session = None

    async def asked(self, work: Callable[[SnmpSession], Awaitable[T]], deadline: Deadline) -> T:
        """What comes of this work with a session. AssetFaultError: no answer, or nonsense. OSError: ours."""
        self._heard = ""
        if self._session is not None:
            self._session.heard = ""
        if self._engine:
            # what we know of a v3 device's engine (RFC 3414 §2.2) is old after a restart or a swap: then a new one
            with suppress(TimeoutError, SnmpError):
                async with asyncio.timeout(deadline.left_s() / 2):
                    return await work(await self._ready(deadline))
            self._forget()
        try:
            async with asyncio.timeout(deadline.left_s()):
                return await work(await self._ready(deadline))
        except TimeoutError:
            fault: Exception = self.unanswered()
        except OSError:
            self._forget()
            raise
        except SnmpAuthError as error:
            fault = self._refused(error)
        except SnmpError as error:
            fault = AssetFaultError(NOT_UNDERSTOOD, "SNMP", error)
        self._forget()
        raise fault  # not in a handler: as its context the other would hold the session's frames, and its socket

    def unanswered(self) -> Exception:
        """What it means that there is no answer.

        Some v3 devices say who they are to anybody, and nothing at all to whom they cannot decipher.
        """
        is_met = self._options.version == "3" and self._session is not None and self._session.get_engine_id()
        if is_met and not self._is_proved:
            return self._refused("it says who it is, and answers nothing more; the privacy password or algorithm?")
        return AssetFaultError(self.silence)

    def _refused(self, why: object) -> Exception:
        kind = AssetFaultError if self._options.login_refused == "fail" else OwnFaultError
        return kind(LOGIN_REFUSED, why)

    async def _ready(self, deadline: Deadline) -> SnmpSession:
        if self._session is None:
            place = (await places(self._where.host, self._where.port, timeout_s=deadline.left_s()))[0]
            self._session = _session(place, self._options, self._engine)
            self._fresh_until_s = 0.0
        if self._options.version == "3" and time.monotonic() > self._fresh_until_s:
            await self._session.refresh()  # first who it is, then in cipher what its clock says
            self._is_proved = True
            self._fresh_until_s = time.monotonic() + _FRESH_S
            self._engine = self._session.get_engine_id()
        return self._session

    def _forget(self) -> None:
        self.close()
        self._engine = b""
