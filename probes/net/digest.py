"""Answers to `WWW-Authenticate` (RFC 7616, RFC 7617; RFC 2069 for old cameras), for HTTP and RTSP alike. No I/O."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from typing import TYPE_CHECKING, NamedTuple

from probes.faults import OwnFaultError
from probes.reasons import CLEAR_WANTED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_PART = re.compile(r'([A-Za-z][A-Za-z0-9_-]{0,30})\s*=\s*(?:"([^"]*)"|([^\s,"]+))')
_HASHES: Mapping[str, Callable[[bytes], str]] = {
    "SHA-256": lambda data: hashlib.sha256(data).hexdigest(),
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
}
"""Better first. MD5 is what cameras speak: on a network that others can read it keeps no secret."""


class WebLogin(NamedTuple):
    """Who we are. `in_clear`: whether the password may be sent so that the server, and who listens, can read it."""

    user: str
    password: str
    in_clear: bool = False


def authorization(
    challenges: Sequence[str], method: str, uri: str, login: WebLogin, *, nonce_of_ours: str | None = None
) -> str | None:
    """The value of the `Authorization` header, for the best of these challenges; None: we know none of them.

    OwnFaultError: only Basic is known, and the password must not be sent in the clear: whoever stands in the camera's
    place would have it, and with it all cameras.
    """
    digests = [_parts(each) for each in challenges if each[:7].lower() == "digest "]
    for name in _HASHES:
        for parts in digests:
            if _algorithm(parts) == name and parts.get("nonce"):
                return _digest(parts, method, uri, login, nonce_of_ours or secrets.token_hex(8))
    if any(each[:5].lower() == "basic" for each in challenges):
        if not login.in_clear:
            raise OwnFaultError(CLEAR_WANTED)
        return "Basic " + base64.b64encode(f"{login.user}:{login.password}".encode()).decode("ascii")
    return None


def _parts(challenge: str) -> dict[str, str]:
    return {match[1].lower(): match[2] if match[2] is not None else match[3] for match in _PART.finditer(challenge)}


def _algorithm(parts: Mapping[str, str]) -> str:
    return parts.get("algorithm", "MD5").upper().removesuffix("-SESS")


def _digest(parts: Mapping[str, str], method: str, uri: str, login: WebLogin, ours: str) -> str:
    hashed = _HASHES[_algorithm(parts)]
    realm, nonce = parts.get("realm", ""), parts["nonce"]
    secret = hashed(f"{login.user}:{realm}:{login.password}".encode())
    if parts.get("algorithm", "").upper().endswith("-SESS"):
        secret = hashed(f"{secret}:{nonce}:{ours}".encode())
    asked = hashed(f"{method}:{uri}".encode())
    fields = {"username": login.user, "realm": realm, "nonce": nonce, "uri": uri}
    plain = {}
    if "auth" in [each.strip().lower() for each in parts.get("qop", "").split(",")]:
        response = hashed(f"{secret}:{nonce}:00000001:{ours}:auth:{asked}".encode())
        plain = {"qop": "auth", "nc": "00000001"}
        fields["cnonce"] = ours
    else:
        response = hashed(f"{secret}:{nonce}:{asked}".encode())
    fields["response"] = response
    fields |= {key: parts[key] for key in ("opaque",) if key in parts}
    if "algorithm" in parts:
        plain["algorithm"] = parts["algorithm"]
    quoted = (f'{key}="{_quoted(value)}"' for key, value in fields.items())
    return "Digest " + ", ".join((*quoted, *(f"{key}={value}" for key, value in plain.items())))


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "").replace("\n", "")
