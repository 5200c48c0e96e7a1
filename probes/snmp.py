"""The one place that speaks SNMP: v2c, and v3 with authentication and privacy (gufo-snmp does the bytes).

All that is asked of one device at one moment goes out in one request (or as few as its size allows), and each device
has one session, so that the keys of v3 are made once. Numeric OIDs only: no MIB is compiled.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal, Self

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
from pydantic import model_validator

from config.models import Port, Word, wanted
from probes.addresses import endpoint, host_of
from probes.connection import Deadline
from probes.faults import AssetFaultError, OwnFaultError, settled
from probes.login import secret
from probes.options import ProbeOptions
from probes.outcome import Outcome
from probes.reasons import LOGIN_REFUSED, NO_ANSWER, NOT_UNDERSTOOD, TOO_MUCH
from probes.resolve import places

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping, Sequence

    from gufo.snmp.typing import ValueType

    from probes.look import Look
    from probes.room import Room

REASONS = (NO_ANSWER, NOT_UNDERSTOOD, TOO_MUCH, LOGIN_REFUSED)
MOST_WALKED = 1_000
UPTIME = "1.3.6.1.2.1.1.3.0"
"""sysUpTime, in hundredths of a second: it comes with all values, to see restarts and answers that hold nothing."""
_PORT = 161
_AT_A_TIME = 48
"""Values a request: what fits into one Ethernet frame with names of vendors' tables."""
_CAREFUL = 10
"""Likewise, for an hour after a request without answer: some agents drop without a word what is too large."""
_FRESH_S = 100
"""A v3 session asks for the device's clock anew after this; RFC 3414 §2.2.3 allows 150 s."""
_SESSIONS = 64
"""Of devices that are not being asked; each is an open socket."""
_REMEMBERED_S = 3_600
"""A table is walked anew after this, or when the device has restarted: modules are plugged in while it runs."""
_WRAP = 1 << 32
MOST_APART_TICKS = 2 * 24 * 3600 * 100
_AUTH = {
    "md5": Md5Key,
    "sha": Sha1Key,
    "sha224": Sha224Key,
    "sha256": Sha256Key,
    "sha384": Sha384Key,
    "sha512": Sha512Key,
}
_PRIVACY = {"des": DesKey, "aes": Aes128Key, "aes192": Aes192Key, "aes256": Aes256Key}


class SnmpOptions(ProbeOptions):
    """How to ask the device."""

    port: Port | None = None
    """the port, 161 if neither this nor the address names one"""
    version: Literal["2c", "3"] = "2c"
    """SNMP version"""
    community_file: Word | None = None
    """a file whose first line is the community of 2c; `public` without one"""
    community_env: Word | None = None
    """a variable that holds the community, instead of a file"""
    user: Word | None = None
    """the user of 3"""
    auth: Literal["md5", "sha", "sha224", "sha256", "sha384", "sha512"] = "sha"
    """how the user of 3 is authenticated"""
    auth_file: Word | None = None
    """a file whose first line is the authentication password"""
    auth_env: Word | None = None
    """a variable that holds it, instead of a file"""
    privacy: Literal["des", "aes", "aes192", "aes256"] = "aes"
    """how what is said in 3 is hidden"""
    privacy_file: Word | None = None
    """a file whose first line is the privacy password"""
    privacy_env: Word | None = None
    """a variable that holds it, instead of a file"""
    key_extension: Literal["blumenthal", "reeder"] = "blumenthal"
    """how short digests (md5, sha) are made into the longer keys of aes192 and aes256; Cisco's way is `reeder`"""
    login_refused: Literal["none", "fail"] = "none"
    """what a refused user of 3 is: `none`, as our password may be wrong; `fail` where the account was agreed on"""

    @model_validator(mode="after")
    def _a_user(self) -> Self:
        if self.version == "3" and self.user is None:
            raise wanted("a user, as version 3 has them instead of communities")
        return self


def _session(host: str, port: int, options: SnmpOptions) -> SnmpSession:
    """A session; OwnFaultError: a secret is not where it should be."""
    if options.version == "2c":
        community = secret(options.community_file, options.community_env) or "public"
        return SnmpSession(host, port, community=community)
    auth = secret(options.auth_file, options.auth_env).encode()
    privacy = secret(options.privacy_file, options.privacy_env).encode()
    user = User(
        options.user or "",
        auth_key=_AUTH[options.auth](auth) if auth else None,
        priv_key=_PRIVACY[options.privacy](privacy) if privacy else None,
        key_expansion=KeyExpansion.Cisco if options.key_extension == "reeder" else KeyExpansion.Blumenthal,
    )
    return SnmpSession(host, port, user=user)


class _Question:
    """What is asked of a device at one moment, by several looks; answered by the latest of their deadlines."""

    def __init__(self) -> None:
        self.wanted: dict[str, None] = {UPTIME: None}
        self.deadline = Deadline(0)
        self.answer: asyncio.Task[dict[str, ValueType]] | None = None

    def add(self, oids: Iterable[str], deadline: Deadline) -> None:
        self.wanted |= dict.fromkeys(oids)
        if deadline.left_s() > self.deadline.left_s():
            self.deadline = deadline


class Device:
    """One device. What several looks ask for at the same moment goes out together. Instants are monotonic seconds."""

    def __init__(self, address: str, options: SnmpOptions) -> None:
        self._where = endpoint(address, options.port, otherwise=_PORT)
        self._options = options
        self._session: SnmpSession | None = None
        self._fresh_until_s = 0.0
        self._lock = asyncio.Lock()
        self._question: _Question | None = None
        self._room = _AT_A_TIME
        self._careful_until_s = 0.0
        self._ticks: int | None = None
        self._walks: dict[str, asyncio.Task[dict[str, ValueType]]] = {}
        self._rows: dict[str, tuple[float, dict[str, ValueType]]] = {}
        self.memory: dict[Any, Any] = {}
        """What kinds keep from one look to the next: counters, and where a name was found."""

    async def values(self, oids: Iterable[str], deadline: Deadline) -> dict[str, ValueType]:
        """Values by OID, sysUpTime always among them, without those that the device does not have.

        AssetFaultError: no answer, or nonsense.
        """
        if self._question is None:
            self._question = _Question()
            self._question.answer = asyncio.ensure_future(self._asked(self._question))
        question = self._question
        question.add(oids, deadline)
        return await _shared(question.answer, deadline)

    async def _asked(self, question: _Question) -> dict[str, ValueType]:
        await asyncio.sleep(0)  # the others of this moment say what they want
        async with self._lock:
            self._question = None
            waiting = [each for each in question.wanted if each != UPTIME]
            found: dict[str, ValueType] = {}
            while not found or waiting:
                most = self._most() - 1  # the uptime takes one
                part, waiting = waiting[:most], waiting[most:]
                found |= await self._part(part, question.deadline)
                if not waiting:
                    break
        self._heed(number(found.get(UPTIME)))
        return found

    def _most(self) -> int:
        return min(self._room, _CAREFUL if time.monotonic() < self._careful_until_s else _AT_A_TIME)

    async def _part(self, part: list[str], deadline: Deadline) -> dict[str, ValueType]:
        """Values of one request; half of it after half where the device has no room for it, or not for one of them.

        The session says nothing of an error status (tooBig, genErr): the answer is empty then, without the uptime.
        """
        found: dict[str, ValueType] = await self._within(deadline, lambda session: session.get_many([UPTIME, *part]))
        if UPTIME in found or len(part) < 2:  # noqa: PLR2004 - nothing to halve
            return found
        half = len(part) // 2
        for each in (part[:half], part[half:]):
            found |= await self._part(each, deadline)
        if UPTIME in found:
            self._room = max(2, min(self._room, half + 1))
        return found

    def _heed(self, ticks: int | None) -> None:
        """A device that restarted has its tables anew."""
        if ticks is not None and self._ticks is not None and ticks_between(self._ticks, ticks) is None:
            self._rows.clear()
            self._room = _AT_A_TIME
        self._ticks = ticks

    async def walked(self, base: str, deadline: Deadline) -> dict[str, ValueType]:
        """What stands below `base`, by the rest of its OID. AssetFaultError: also if it goes round, or has no end."""
        walk = self._walks.get(base)
        if walk is None:
            walk = self._walks[base] = asyncio.ensure_future(self._walk(base, deadline))
        return await _shared(walk, deadline)

    async def _walk(self, base: str, deadline: Deadline) -> dict[str, ValueType]:
        try:
            async with self._lock:
                found: dict[str, ValueType] = await self._within(deadline, lambda session: _walked(session, base))
        finally:
            del self._walks[base]
        self._rows[base] = (time.monotonic(), found)
        return found

    def rows(self, base: str) -> Mapping[str, ValueType] | None:
        """What a walk found there within the last hour, unless the device has restarted since."""
        walked_s, found = self._rows.get(base, (0.0, None))
        return found if found is not None and time.monotonic() - walked_s < _REMEMBERED_S else None

    def rest(self) -> None:
        """Close the session, unless it is being used; what is known of the device stays."""
        if not self._lock.locked():
            self._session = None

    async def _within(self, deadline: Deadline, work: Callable[[SnmpSession], Awaitable[Any]]) -> Any:
        if self._session is not None and self._options.version == "3":
            # what it knows of the device's engine (RFC 3414 §2.2) is old after a restart or a swap: then a new one
            with suppress(TimeoutError, SnmpError, ConnectionError):
                async with asyncio.timeout(deadline.left_s() / 2):
                    return await work(await self._ready(deadline))
            self._session = None
        try:
            async with asyncio.timeout(deadline.left_s()):
                return await work(await self._ready(deadline))
        except TimeoutError:
            self._careful_until_s = time.monotonic() + _REMEMBERED_S
            fault: Exception = AssetFaultError(NO_ANSWER)
        except SnmpAuthError as error:
            kind = AssetFaultError if self._options.login_refused == "fail" else OwnFaultError
            fault = kind(LOGIN_REFUSED, error)
        except SnmpError as error:
            fault = AssetFaultError(NOT_UNDERSTOOD, f"SNMP: {error}")
        except ConnectionError:
            fault = AssetFaultError(NO_ANSWER)
        self._session = None
        raise fault  # not in a handler: as its context the other would hold the session's frames, and its socket

    async def _ready(self, deadline: Deadline) -> SnmpSession:
        if self._session is None:
            place = (await places(self._where.host, self._where.port, timeout_s=deadline.left_s()))[0]
            self._session = _session(str(place.address[0]), self._where.port, self._options)
            self._fresh_until_s = 0.0
        if self._options.version == "3" and time.monotonic() > self._fresh_until_s:
            await self._session.refresh()
            self._fresh_until_s = time.monotonic() + _FRESH_S
        return self._session


def ticks_between(earlier: int, later: int) -> int | None:
    """Hundredths of a second from one sysUpTime to a later one; None if the device restarted between them.

    It wraps after 497 days. So a device that restarted shows as one that was not looked at for more than two days.
    """
    ticks = (later - earlier) % _WRAP
    return ticks if ticks < MOST_APART_TICKS else None


async def _shared(work: asyncio.Task[dict[str, ValueType]] | None, deadline: Deadline) -> dict[str, ValueType]:
    """The answer that others wait for too: what becomes of them does not end it."""
    if work is None:
        raise LookupError("nothing was asked")
    work.add_done_callback(
        lambda done: done.cancelled() or done.exception()
    )  # seen, also where nobody waits any more
    try:
        async with asyncio.timeout(deadline.left_s()):
            return await asyncio.shield(work)
    except TimeoutError:
        raise AssetFaultError(NO_ANSWER) from None


async def _walked(session: SnmpSession, base: str) -> dict[str, ValueType]:
    """By GETBULK; by GETNEXT where that brings nothing, as some agents answer it with an error."""
    return await _rows_of(session.getbulk(base), base) or await _rows_of(session.getnext(base), base)


async def _rows_of(rows: AsyncIterator[tuple[str, ValueType]], base: str) -> dict[str, ValueType]:
    found: dict[str, ValueType] = {}
    last: tuple[int, ...] = ()
    async for oid, value in rows:
        here = tuple(int(each) for each in oid.split("."))
        if here <= last:
            raise AssetFaultError(NOT_UNDERSTOOD, "a walk that goes round")
        if len(found) >= MOST_WALKED:
            raise AssetFaultError(TOO_MUCH, "rows of a table")
        last = here
        found[oid.removeprefix(base + ".")] = value
    return found


One = Callable[[Device, Any, Deadline], Awaitable[Outcome]]
"""A kind's look at a device, with an instance of the kind's Options."""


class SnmpLooks:
    """Looks of all kinds that speak SNMP, with one session for each device. It has a life: close it."""

    def __init__(self, kinds: Mapping[type[SnmpOptions], One], room: Room) -> None:
        self._kinds = kinds
        self._room = room
        self._devices: dict[tuple[str, SnmpOptions], Device] = {}
        self._open: dict[Device, None] = {}

    async def look(self, looks: Sequence[Look], deliver: Callable[[int, Outcome], None]) -> None:
        """Look at all, what is wanted of one device at once; what goes wrong with one look is that one's `none`."""
        devices: dict[tuple[str, SnmpOptions], list[int]] = {}
        for index, each in enumerate(looks):
            devices.setdefault((each.address, _how(each.options)), []).append(index)
        async with asyncio.TaskGroup() as group:
            for (address, how), indexes in devices.items():
                group.create_task(self._ask(address, how, {index: looks[index] for index in indexes}, deliver))

    async def _ask(
        self, address: str, how: SnmpOptions, looks: Mapping[int, Look], deliver: Callable[[int, Outcome], None]
    ) -> None:
        async def one(index: int, each: Look) -> None:
            deliver(index, await settled(self._one(address, how, each)))

        async with self._room.place(host_of(address), (address, how)):
            await asyncio.gather(*(one(index, each) for index, each in looks.items()))
        if (device := self._devices.get((address, how))) is not None:
            self._keep(device)

    def _keep(self, device: Device) -> None:
        """Of the sessions that are open, the ones used last stay so."""
        self._open.pop(device, None)
        self._open[device] = None
        if len(self._open) > _SESSIONS:
            oldest = next(iter(self._open))
            del self._open[oldest]
            oldest.rest()

    async def _one(self, address: str, how: SnmpOptions, each: Look) -> Outcome:
        device = self._devices.get((address, how))
        if device is None:
            device = self._devices[address, how] = Device(address, how)
        return await self._kinds[type(each.options)](device, each.options, Deadline(each.timeout_s))

    def close(self) -> None:
        """Forget all sessions."""
        self._devices.clear()


def _how(options: SnmpOptions) -> SnmpOptions:
    """The part of a kind's options that says how to ask: looks that share it share a session."""
    return SnmpOptions.model_construct(**{key: getattr(options, key) for key in SnmpOptions.model_fields})


def number(value: object) -> int | None:
    """A value as a whole number; None if it is none. Counters that a device sends as text are read too."""
    if isinstance(value, bool) or not isinstance(value, int | str | bytes):
        return None
    if isinstance(value, int):
        return value
    text = value.decode("ascii", "replace") if isinstance(value, bytes) else value
    plain = text.strip()[:20]
    return int(plain) if plain.removeprefix("-").isdecimal() and plain.isascii() else None


def text(value: object) -> str:
    """A value as text: bytes as UTF-8, or GBK as Chinese devices write it."""
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode("utf-8").strip("\0 ")
    except UnicodeDecodeError:
        return value.decode("gb18030", "replace").strip("\0 ")
