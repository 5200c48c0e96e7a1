"""Debian's snmpd on loopback, with tables of vendors beside its own."""

from __future__ import annotations

import json
import socket
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.ports import free_port
from tests.support.servers.daemons import answers, daemon

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

USER, AUTH, PRIVACY = "probe", "authsecret1", "privsecret1"
LOGINS: Mapping[str, Mapping[str, str]] = {
    "2c": {"version": "2c"},
    "3": {"version": "3", "user": "probe", "auth": "sha256", "auth_env": "AUTH", "privacy_env": "PRIVACY"},
}
"""How a kind's options log in to these, by version; the passwords of v3 stand in two variables."""
UPTIME_ASKED = bytes.fromhex("302902010104067075626c6963a01c020401020304020100020100300e300c06082b060102010103000500")
_SCRIPT = Path(__file__).with_name("vendor_tables.py")


@contextmanager
def snmpd(folder: Path, table: Mapping[str, tuple[str, object]] | None = None, *more: str) -> Iterator[int]:
    """An agent that answers `public` and the user above; yields its port. `table`: below enterprises, by OID."""
    port = free_port(socket.SOCK_DGRAM)
    lines = [f"agentaddress udp:127.0.0.1:{port}", "rocommunity public 127.0.0.1", f"rouser {USER} priv", *more]
    lines.append(f'createUser {USER} SHA-256 "{AUTH}" AES "{PRIVACY}"')
    if table:
        (folder / "table.json").write_text(json.dumps(table))
        roots = {".".join(oid.split(".")[:9]) for oid in table}
        lines += [
            f"pass_persist .{root} {sys.executable} -I {_SCRIPT} {folder / 'table.json'}" for root in sorted(roots)
        ]
    (folder / "snmpd.conf").write_text("\n".join(lines) + "\n")
    state = {"SNMP_PERSISTENT_DIR": str(folder), "MIBS": "", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    command = ["snmpd", "-f", "-Lo", "-C", "-c", str(folder / "snmpd.conf"), "-p", str(folder / "pid")]
    with daemon(command, folder / "log", answers(port, UPTIME_ASKED), env=state):
        yield port
