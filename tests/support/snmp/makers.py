"""snmpsim's agents on loopback: devices of makers from tables in snmpsim/, whose rows a test can change.

A table is a file of lines `OID|type|value`, in the order of OIDs (types: 2 integer, 4 text, 6 OID, 65 Counter32,
66 Gauge32, 67 TimeTicks, 70 Counter64; `:numeric` lets it grow by the second). What a port is for stands in its ifAlias.
The file's name is the community of v2c, and the context of v3: `public`, and none at all.
"""

from __future__ import annotations

import os
import socket
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.ports import free_port
from tests.support.servers.daemons import answers, daemon
from tests.support.snmp.snmpd import AUTH, PRIVACY, UPTIME_ASKED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

TABLES = Path(__file__).with_name("snmpsim")
COMMAND = Path(sys.executable).with_name("snmpsim-command-responder")
USERS: Mapping[str, tuple[str, str]] = {
    "probe": ("sha256", "aes"),
    "nobody": ("", ""),
    "md5": ("md5", ""),
    "sha": ("sha", ""),
    "sha512": ("sha512", ""),
    "sha-aes": ("sha", "aes"),
    "sha224-des": ("sha224", "des"),
    "sha384-aes192": ("sha384", "aes192"),
    "sha256-aes256": ("sha256", "aes256"),
}
"""User of v3 → how authenticated and hidden; the first one is that of `snmp_agents`."""
_UP, _SPEED_MBIT = 1, 1000
_IF, _IFX = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"


class Agent:
    """One device: its port, and the rows that it answers with."""

    def __init__(self, name: str, port: int, folder: Path, engine: str) -> None:
        self.port = port
        self.arguments = _arguments(port, folder, engine)
        self._folder = folder
        self._written = 0
        folder.mkdir()
        table = TABLES / f"{name}.snmprec"
        self._write(table.read_text(encoding="utf-8") if table.exists() else "")

    def renew(self, engine: str) -> None:
        """Be another device, of that engine ID, when it is started again."""
        self.arguments = _arguments(self.port, self._folder, engine)

    def say(self, rows: Mapping[str, tuple[str, object]]) -> None:
        """Answer with these, and no others, from the next request on."""
        ordered = sorted(rows, key=lambda oid: [int(each) for each in oid.split(".")])
        self._write("".join("|".join((oid, rows[oid][0], str(rows[oid][1]))) + "\n" for oid in ordered))

    def _write(self, text: str) -> None:
        for name in ("public.snmprec", ".snmprec"):
            path = self._folder / name
            path.with_suffix(".new").write_text(text, encoding="utf-8")
            path.with_suffix(".new").replace(path)
            # The agent reads a file anew when its time in whole seconds is another one, and later than the index's
            seconds = path.stat().st_mtime + 60 * self._written
            os.utime(path, (seconds, seconds))
        self._written += 1


def moving(uptime_s: float, index: int = 1, **said: object) -> dict[str, tuple[str, object]]:
    """What an agent says of itself and of one port of 1 Gbit/s that is up, at one moment."""
    told = {"name": "eth0", "admin": _UP, "oper": _UP, "changed": 100, "in": 0, "out": 0, "errors": 0, "duplex": 3}
    told |= {"mbit": _SPEED_MBIT} | said
    rows = {
        "1.3.6.1.2.1.1.3.0": ("67", round(uptime_s * 100) % (1 << 32)),
        f"{_IF}.7.{index}": ("2", told["admin"]),
        f"{_IF}.8.{index}": ("2", told["oper"]),
        f"{_IF}.9.{index}": ("67", told["changed"]),
        f"{_IF}.13.{index}": ("65", told.get("discards", 0)),
        f"{_IF}.14.{index}": ("65", told["errors"]),
        f"{_IF}.19.{index}": ("65", 0),
        f"{_IF}.20.{index}": ("65", 0),
        f"{_IFX}.1.{index}": ("4", told["name"]),
        f"{_IFX}.15.{index}": ("66", told["mbit"]),
        f"1.3.6.1.2.1.10.7.2.1.19.{index}": ("2", told["duplex"]),
    }
    if "in_32" in told:
        return rows | {f"{_IF}.10.{index}": ("65", told["in_32"]), f"{_IF}.16.{index}": ("65", 0)}
    return rows | {f"{_IFX}.6.{index}": ("70", told["in"]), f"{_IFX}.10.{index}": ("70", told["out"])}


def agents_of(folder: Path, names: Sequence[str]) -> dict[str, Agent]:
    """Agents by name, each with a port, a table and an engine of its own; not running yet."""
    return {
        name: Agent(name, free_port(socket.SOCK_DGRAM), folder / name, f"80000000010203{number:02x}")
        for number, name in enumerate(names, 1)
    }


@contextmanager
def running(folder: Path, agents: Mapping[str, Agent]) -> Iterator[None]:
    """The one process that plays these. Started again, it counts one more boot of each engine (RFC 3414)."""
    # Not dropped to a user that cannot read Python's own modules
    state = {"SNMPSIM_ALLOW_ROOT": "true", "TMPDIR": str(folder), "HOME": str(folder), "PATH": os.environ["PATH"]}
    command = [str(COMMAND), "--log-level=error", f"--cache-dir={folder / 'cache'}"]
    command += [word for agent in agents.values() for word in agent.arguments]
    ports = [answers(agent.port, UPTIME_ASKED) for agent in agents.values()]
    with daemon(command, folder / "log", lambda: all(ready() for ready in ports), env=state):
        yield


def _arguments(port: int, folder: Path, engine: str) -> list[str]:
    words = [f"--v3-engine-id={engine}", f"--data-dir={folder}"]
    for user, (auth, privacy) in USERS.items():
        words.append(f"--v3-user={user}")
        words += [f"--v3-auth-key={AUTH}", f"--v3-auth-proto={auth.upper()}"] if auth else []
        words += [f"--v3-priv-key={PRIVACY}", f"--v3-priv-proto={privacy.upper()}"] if privacy else []
    return [*words, f"--agent-udpv4-endpoint=127.0.0.1:{port}"]
