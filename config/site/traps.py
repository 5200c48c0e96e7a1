"""`[traps]` of a site file: where devices may report changes to us, and how we know that it is them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - dataclass fields are inspected at run time
from typing import Annotated, Literal

from config.input.mistakes import WantedError
from config.input.models import SecretFile, StrictModel, Word, reading
from config.input.secrets import Secret

_ENGINE = re.compile(r"\A(?:[0-9A-Fa-f]{2}){5,32}\Z")
_LISTEN = re.compile(r"\A(?:(?P<v4>[0-9.]+)|\[(?P<v6>[0-9A-Fa-f:.]+)\]):(?P<port>[0-9]{1,5})\Z")
Auth = Literal["md5", "sha", "sha224", "sha256", "sha384", "sha512"]
Privacy = Literal["des", "aes", "aes192", "aes256"]


def listening(value: object) -> tuple[str, int]:
    """`192.0.2.1:162` or `[2001:db8::1]:162` as address and port; WantedError says what was wanted."""
    found = _LISTEN.match(value) if isinstance(value, str) else None
    if found is None or not 0 < int(found["port"]) < 1 << 16:
        raise WantedError('an address of this machine and a port, like "127.0.0.1:1162" or "[::1]:1162"')
    return found["v4"] or found["v6"], int(found["port"])


def engine_ids(value: object) -> tuple[str, ...]:
    """Engine IDs of devices (RFC 3411: 5 to 32 bytes) in hexadecimal; WantedError says what was wanted."""
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(each, str) and _ENGINE.match(each) for each in values):
        raise WantedError('engine IDs in hexadecimal, like ["800007db03aabbccddeeff"]')
    return tuple(dict.fromkeys(each.lower() for each in values))


class TrapsTable(StrictModel):
    """`[traps]`."""

    listen: Annotated[tuple[str, int], reading(listening)]
    community_file: SecretFile | None = None
    community_env: Word | None = None
    user: Word | None = None
    engines: Annotated[tuple[str, ...], reading(engine_ids)] = ()
    auth: Auth = "sha"
    auth_file: SecretFile | None = None
    auth_env: Word | None = None
    privacy: Privacy = "aes"
    privacy_file: SecretFile | None = None
    privacy_env: Word | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrapListener:
    """Where traps are taken. Version 2c by a community, or, where there is a `user`, only version 3 by that user."""

    address: str
    port: int
    community: Secret
    user: str | None
    engines: tuple[str, ...]
    auth: Auth
    auth_key: Secret
    privacy: Privacy
    privacy_key: Secret


def listener_of(table: TrapsTable, folder: Path) -> TrapListener:
    """The table as values; files of secrets lie beside the site file, in `folder`."""

    def kept(name: str | None, variable: str | None) -> Secret:
        return Secret(file=None if name is None else folder / name, variable=variable)

    return TrapListener(
        address=table.listen[0],
        port=table.listen[1],
        community=kept(table.community_file, table.community_env),
        user=table.user,
        engines=table.engines,
        auth=table.auth,
        auth_key=kept(table.auth_file, table.auth_env),
        privacy=table.privacy,
        privacy_key=kept(table.privacy_file, table.privacy_env),
    )
