"""Takes SNMP traps (v2c, v3) of known devices and says what they report; pysnmp reads them.

A trap is a word of mouth: UDP lets anybody write any sender. So it is never a verdict, only a reason to look.
What costs is bounded before anything is decoded: strangers, large datagrams and floods are dropped unread.
"""

from __future__ import annotations

import logging
import socket
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pysnmp.carrier.asyncio.dgram import udp, udp6
from pysnmp.entity import config
from pysnmp.entity.engine import SnmpEngine
from pysnmp.entity.rfc3413.ntfrcv import NotificationReceiver
from pysnmp.proto.api.v2c import OctetString

from probes.address import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

log = logging.getLogger(__name__)

MOST_BYTES: Final = 4_096
"""Of a datagram; traps of switches have some hundred bytes."""
MOST_A_SECOND: Final = 20
"""Datagrams read of all devices together."""
MOST_OF_ONE: Final = 5
"""Datagrams read of one device in a second."""
MOST_VALUES: Final = 64
_TRAP_OID = "1.3.6.1.6.3.1.1.4.1.0"
_TRAPS = "1.3.6.1.6.3.1.1.5."
MEANT: Final = {
    f"{_TRAPS}1": "coldStart",
    f"{_TRAPS}2": "warmStart",
    f"{_TRAPS}3": "linkDown",
    f"{_TRAPS}4": "linkUp",
}
"""snmpTrapOID (RFC 3418) → its name, of those that say that something has changed."""
_AUTH = {
    "md5": config.USM_AUTH_HMAC96_MD5,
    "sha": config.USM_AUTH_HMAC96_SHA,
    "sha224": config.USM_AUTH_HMAC128_SHA224,
    "sha256": config.USM_AUTH_HMAC192_SHA256,
    "sha384": config.USM_AUTH_HMAC256_SHA384,
    "sha512": config.USM_AUTH_HMAC384_SHA512,
}
_PRIVACY = {
    "des": config.USM_PRIV_CBC56_DES,
    "aes": config.USM_PRIV_CFB128_AES,
    "aes192": config.USM_PRIV_CFB192_AES,
    "aes256": config.USM_PRIV_CFB256_AES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrapUser:
    """By what a trap earns a look. With a user: v3 only, else the community of v2c."""

    community: str = "public"
    user: str | None = None
    engines: tuple[str, ...] = ()
    """engine IDs of devices in hexadecimal: the keys of version 3 are made for each"""
    auth: str = "sha"
    auth_key: str = ""
    privacy: str = "aes"
    privacy_key: str = ""


class Bounds:
    """How much is read in each second of the monotonic clock; `dropped` counts the rest."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._second = -1
        self._taken: Counter[str] = Counter()
        self._total = 0
        self.dropped = 0

    def admit(self, sender: str, size: int) -> bool:
        """Whether to read a datagram of that known sender."""
        second = int(self._now_s())
        if second != self._second:
            self._second, self._total = second, 0
            self._taken.clear()
        if size > MOST_BYTES or self._total >= MOST_A_SECOND or self._taken[sender] >= MOST_OF_ONE:
            self.dropped += 1
            return False
        self._total += 1
        self._taken[sender] += 1
        return True


class TrapReceiver:
    """One UDP socket. `report(sender, name)` is called in the event loop for each trap that means a change."""

    def __init__(
        self, listen: tuple[str, int], login: TrapUser, known: Collection[str], report: Callable[[str, str], None]
    ) -> None:
        """`known`: addresses whose traps are read. OSError: the address or port cannot be had."""
        self._known = known
        self._report = report
        self._sender = ""
        self._level = 0
        self._wanted_level = 1 + bool(login.auth_key) + bool(login.auth_key and login.privacy_key)
        self.bounds = Bounds()
        is_v6 = ":" in listen[0]
        held = socket.socket(socket.AF_INET6 if is_v6 else socket.AF_INET, socket.SOCK_DGRAM)
        try:
            held.bind(listen)
            held.setblocking(False)  # noqa: FBT003 - the standard library's shape
        except BaseException:
            held.close()
            raise
        self._engine = SnmpEngine()
        _admit(self._engine, login)
        domain, kind = (udp6.DOMAIN_NAME, udp6.Udp6Transport) if is_v6 else (udp.DOMAIN_NAME, udp.UdpTransport)
        config.add_transport(self._engine, domain, self._guarded(kind).open_server_mode(sock=held))
        self._engine.observer.register_observer(self._seen, "rfc3412.receiveMessage:request")
        self._receiver = NotificationReceiver(self._engine, self._taken)

    def _guarded(self, kind: Any) -> Any:
        """A transport of pysnmp that is given only what may be read, and whose readers may fail."""
        outer = self

        class Guarded(kind):  # type: ignore[misc]
            def datagram_received(self, datagram: bytes, sender: tuple[Any, ...]) -> None:
                outer._read(datagram, sender, lambda: self._callback_function(self, sender, datagram))

        return Guarded()

    def _read(self, datagram: bytes, sender: tuple[Any, ...], decode: Callable[[], None]) -> None:
        name = plain(str(sender[0]))
        if name not in self._known or not self.bounds.admit(name, len(datagram)):
            return
        self._sender = name
        try:
            decode()
        except Exception as error:  # noqa: BLE001 - pysnmp raises whatever a stranger's bytes make it stumble over
            log.debug("a datagram of %s is no trap: %s", name, type(error).__name__)

    def _seen(self, _engine: Any, _point: str, message: Any, _context: Any) -> None:
        """How well protected it came: pysnmp also takes a user's words without the password that he has."""
        self._level = int(message["securityLevel"])

    def _taken(self, *arguments: Any) -> None:
        """Pysnmp's callback: engine, state, context engine, context name, values, our own."""
        name = meaning(arguments[4])
        if name is not None and self._level >= self._wanted_level:
            self._report(self._sender, name)

    def close(self) -> None:
        """Give the socket back."""
        self._receiver.close(self._engine)
        self._engine.close_dispatcher()


def _admit(engine: Any, login: TrapUser) -> None:
    if login.user is None:
        config.add_v1_system(engine, "trap", login.community)
        return
    for each in login.engines:
        config.add_v3_user(
            engine,
            login.user,
            _AUTH[login.auth] if login.auth_key else config.USM_AUTH_NONE,
            login.auth_key or None,
            _PRIVACY[login.privacy] if login.privacy_key else config.USM_PRIV_NONE,
            login.privacy_key or None,
            securityEngineId=OctetString(hexValue=each),
        )


def meaning(values: Any) -> str | None:
    """What a trap's values (pairs of OID and value) report, if it is a change that we know; the rest is not read."""
    for oid, value in values[:MOST_VALUES]:
        if str(oid) == _TRAP_OID:
            return MEANT.get(str(value))
    return None
