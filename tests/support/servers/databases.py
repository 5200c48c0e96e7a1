"""A PostgreSQL and a MariaDB of our own, each in a new folder, on loopback."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.ports import free_port
from tests.support.servers.daemons import accepts, daemon

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD = "正确 horse"  # noqa: S105 - of a server that lives for a test


def _as_user(name: str) -> dict[str, object]:
    """Databases refuse to run as root: so as that user, where we are root."""
    return {"user": name, "group": name} if os.geteuid() == 0 else {}


@contextmanager
def _folder(owner: str) -> Iterator[Path]:
    """A folder with a short path (socket names are limited) that the database's user owns."""
    with tempfile.TemporaryDirectory(prefix="db") as made:
        if os.geteuid() == 0:
            Path(made).chmod(0o755)
            shutil.chown(made, owner)
        yield Path(made)


def _programs(pattern: str) -> Path:
    return max(Path("/usr/lib/postgresql").glob(pattern))


@contextmanager
def postgres(certificate: Path | None = None, **settings: object) -> Iterator[int]:
    """A PostgreSQL with the user `probe`; yields its port."""
    user, port = _as_user("postgres"), free_port()
    with _folder("postgres") as folder:
        programs, data = _programs("*/bin"), folder / "data"
        secret = folder / "secret"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        command = [
            programs / "initdb",
            "-A",
            "scram-sha-256",
            "-U",
            "probe",
            f"--pwfile={secret}",
            "--no-sync",
            "-D",
            data,
        ]
        subprocess.run(command, check=True, capture_output=True, env={"LC_ALL": "C.UTF-8"}, cwd="/", **user)
        if certificate is not None:
            shutil.copy(certificate, data / "server.pem")
            shutil.chown(data / "server.pem", "postgres")
            (data / "server.pem").chmod(0o600)
            settings |= {"ssl": "on", "ssl_cert_file": "server.pem", "ssl_key_file": "server.pem"}
        more = [f"-c{key}={value}" for key, value in settings.items()]
        server = [
            programs / "postgres",
            "-D",
            data,
            "-p",
            str(port),
            "-k",
            folder,
            "-h",
            "127.0.0.1",
            "-cfsync=off",
            *more,
        ]
        with daemon(server, folder / "log", accepts(port), cwd="/", **user):
            yield port


@contextmanager
def mariadb() -> Iterator[int]:
    """A MariaDB with the user `probe`; yields its port."""
    user, port = _as_user("mysql"), free_port()
    with _folder("mysql") as folder:
        data, start = folder / "data", folder / "start.sql"
        command = [
            "mariadb-install-db",
            "--no-defaults",
            f"--datadir={data}",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
        ]
        own = {**os.environ, "TMPDIR": str(folder)}  # that of the tests is not its user's
        subprocess.run(command, check=True, capture_output=True, cwd="/", env=own, **user)
        words = ("CREATE USER probe@'%' IDENTIFIED BY '", PASSWORD, "';\n")
        start.write_text("".join(words), encoding="utf-8")
        start.chmod(0o644)
        server = [
            shutil.which("mariadbd") or "/usr/sbin/mariadbd",
            "--no-defaults",
            f"--datadir={data}",
            f"--port={port}",
        ]
        server += [
            "--bind-address=127.0.0.1",
            f"--socket={folder / 's'}",
            f"--pid-file={folder / 'pid'}",
            "--skip-name-resolve",
        ]
        server += [f"--init-file={start}", "--character-set-server=utf8mb4"]
        with (
            daemon(server, folder / "log", accepts(port), cwd="/", env=own, **user),
            contextlib.suppress(ProcessLookupError),
        ):
            yield port
