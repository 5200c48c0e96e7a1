"""The one place that speaks SNMP: v2c, and v3 with authentication and privacy (gufo-snmp does the bytes).

All that is asked of one device at one moment goes out in one request (or as few as its size allows), and each device
has one session, so that the keys of v3 are made once. Numeric OIDs only: no MIB is compiled.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Literal

from gufo.snmp import (
    Aes128Key,
    Aes192Key,
    Aes256Key,
    DesKey,
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

from config.models import Port, Word
from probes.addresses import endpoint
from probes.connection import Deadline
from probes.faults import AssetFaultError, OwnFaultError, judged
from probes.login import secret
from probes.options import ProbeOptions
from probes.outcome import Outcome, none
from probes.reasons import LOGIN_REFUSED, NO_ANSWER, NOT_UNDERSTOOD, TOO_MUCH
from probes.resolve import places

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence

    from gufo.snmp.typing import ValueType

    from probes.look import Look

REASONS = (NO_ANSWER, NOT_UNDERSTOOD, TOO_MUCH, LOGIN_REFUSED)
MOST_VALUES = 256
MOST_WALKED = 1_000
_PORT = 161
_AT_A_TIME = 24
"""Values a request: what fits into one Ethernet frame with names of vendors' tables."""
_FRESH_S = 100
"""A v3 session asks for the device's clock anew after this; RFC 3414 §2.2.3 allows 150 s."""
_AT_ONCE = 128
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
    login_refused: Literal["none", "fail"] = "none"
    """what a refused user of 3 is: `none`, as our password may be wrong; `fail` where the account was agreed on"""


def _session(host: str, port: int, options: SnmpOptions) -> SnmpSession:
    """A session; OwnFaultError: a secret is not where it should be. ValueError: a user is missing."""
    if options.version == "2c":
        community = secret(options.community_file, options.community_env) or "public"
        return SnmpSession(host, port, community=community)
    if options.user is None:
        raise ValueError("SNMP version 3 needs a user")
    auth = secret(options.auth_file, options.auth_env).encode()
    privacy = secret(options.privacy_file, options.privacy_env).encode()
    user = User(
        options.user,
        auth_key=_AUTH[options.auth](auth) if auth else None,
        priv_key=_PRIVACY[options.privacy](privacy) if privacy else None,
    )
    return SnmpSession(host, port, user=user)


class Device:
    """One device. What several looks ask for at the same moment goes out together. Instants are monotonic seconds."""

    def __init__(self, address: str, options: SnmpOptions) -> None:
        self._where = endpoint(address, options.port, otherwise=_PORT)
        self._options = options
        self._session: SnmpSession | None = None
        self._fresh_until_s = 0.0
        self._lock = asyncio.Lock()
        self._wanted: dict[str, None] = {}
        self._answer: asyncio.Task[dict[str, ValueType]] | None = None
        self.memory: dict[Any, Any] = {}
        """What kinds keep from one look to the next: counters, and where a name was found."""

    async def values(self, oids: Iterable[str], deadline: Deadline) -> dict[str, ValueType]:
        """Values by OID, without those that the device does not have. AssetFaultError: no answer, or nonsense."""
        self._wanted |= dict.fromkeys(oids)
        if len(self._wanted) > MOST_VALUES * 8:
            raise ValueError("too many values are asked of one device at once")
        if self._answer is None:
            self._answer = asyncio.ensure_future(self._asked(deadline))
        answer = self._answer
        try:
            async with asyncio.timeout(deadline.left_s()):
                return await asyncio.shield(answer)
        except TimeoutError:
            raise AssetFaultError(NO_ANSWER) from None

    async def _asked(self, deadline: Deadline) -> dict[str, ValueType]:
        await asyncio.sleep(0)  # the others of this moment say what they want
        async with self._lock:
            wanted, self._wanted, self._answer = list(self._wanted), {}, None
            found: dict[str, ValueType] = {}
            for at in range(0, len(wanted), _AT_A_TIME):
                part = wanted[at : at + _AT_A_TIME]
                found |= await self._within(deadline, lambda session, part=part: session.get_many(part))  # type: ignore[misc]
            return found

    async def walked(self, base: str, deadline: Deadline) -> dict[str, ValueType]:
        """What stands below `base`, by the rest of its OID. AssetFaultError: also if it goes round, or has no end."""
        async with self._lock:
            found: dict[str, ValueType] = await self._within(deadline, lambda session: _walked(session, base))
            return found

    async def _within(self, deadline: Deadline, work: Callable[[SnmpSession], Awaitable[Any]]) -> Any:
        try:
            async with asyncio.timeout(deadline.left_s()):
                return await work(await self._ready(deadline))
        except TimeoutError:
            self._session = None
            raise AssetFaultError(NO_ANSWER) from None
        except SnmpAuthError as error:
            self._session = None
            kind = AssetFaultError if self._options.login_refused == "fail" else OwnFaultError
            raise kind(LOGIN_REFUSED, error) from None
        except SnmpError as error:
            self._session = None
            raise AssetFaultError(NOT_UNDERSTOOD, f"SNMP: {error}") from None
        except ConnectionError:
            self._session = None
            raise AssetFaultError(NO_ANSWER) from None

    async def _ready(self, deadline: Deadline) -> SnmpSession:
        if self._session is None:
            place = (await places(self._where.host, self._where.port, timeout_s=deadline.left_s()))[0]
            self._session = _session(str(place.address[0]), self._where.port, self._options)
            self._fresh_until_s = 0.0
        if self._options.version == "3" and time.monotonic() > self._fresh_until_s:
            await self._session.refresh()
            self._fresh_until_s = time.monotonic() + _FRESH_S
        return self._session


async def _walked(session: SnmpSession, base: str) -> dict[str, ValueType]:
    found: dict[str, ValueType] = {}
    last: tuple[int, ...] = ()
    rows: AsyncIterator[tuple[str, ValueType]] = session.getbulk(base)
    async for oid, value in rows:
        here = tuple(int(each) for each in oid.split("."))
        if here <= last:
            raise AssetFaultError(NOT_UNDERSTOOD, "a walk that goes round")
        if len(found) >= MOST_WALKED:
            raise AssetFaultError(TOO_MUCH, "rows of a table")
        last = here
        found[oid.removeprefix(base + ".")] = value
    return found


class SnmpLooks:
    """Looks of one kind, which keep a session for each device. It has a life: close it."""

    def __init__(self, one: Callable[[Device, Any, Deadline], Awaitable[Outcome]]) -> None:
        self._one = one
        self._devices: dict[tuple[str, SnmpOptions], Device] = {}
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def look(self, looks: Sequence[Look], deliver: Callable[[int, Outcome], None]) -> None:
        """Look at all; what the environment does to one of them is that one's `none`."""
        async with asyncio.TaskGroup() as group:
            for index, each in enumerate(looks):
                group.create_task(self._deliver(index, each, deliver))

    async def _deliver(self, index: int, each: Look, deliver: Callable[[int, Outcome], None]) -> None:
        async with self._room:
            try:
                device = self.device(each.address, each.options)
                outcome = await judged(self._one(device, each.options, Deadline(each.timeout_s)))
            except (OSError, ValueError) as error:
                outcome = none(f"{type(error).__name__}: {error}")
        deliver(index, outcome)

    def device(self, address: str, options: SnmpOptions) -> Device:
        """The device at that address, asked in that way; the same one each time."""
        how = SnmpOptions.model_construct(**{key: getattr(options, key) for key in SnmpOptions.model_fields})
        return self._devices.setdefault((address, how), Device(address, how))

    def close(self) -> None:
        """Forget all sessions."""
        self._devices.clear()


def number(value: object) -> int | None:
    """A value as a whole number; None if it is none. Counters that a device sends as text are read too."""
    if isinstance(value, bool) or not isinstance(value, int | str | bytes):
        return None
    if isinstance(value, int):
        return value
    text = value.decode("ascii", "replace") if isinstance(value, bytes) else value
    plain = text.strip()[:20]
    return int(plain) if plain.lstrip("-").isdecimal() and plain.isascii() else None


def text(value: object) -> str:
    """A value as text: bytes as UTF-8, or GBK as Chinese devices write it."""
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode("utf-8").strip("\0 ")
    except UnicodeDecodeError:
        return value.decode("gb18030", "replace").strip("\0 ")
