"""ONVIF's requests: SOAP 1.2 over HTTP, with a WS-UsernameToken where there is a login (ONVIF core §5.9)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from probes.faults import AssetFaultError, OwnFaultError
from probes.http.exchange import HttpRequest, exchanged_with_login
from probes.net.login import LoginOptions, refused
from probes.onvif.xml_tree import Element, tree, written
from probes.reasons import LOGIN_WANTED, OVERLOADED, PATH_WRONG, WRONG_STATUS, theirs

if TYPE_CHECKING:
    import ssl

    from probes.net.connection import Deadline
    from probes.net.digest import WebLogin

_OK, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _BUSY = 200, 401, 403, 404, 503
_MOST_BYTES = 1 << 20
_PREFIXES = {
    "tds": "http://www.onvif.org/ver10/device/wsdl",
    "tse": "http://www.onvif.org/ver10/search/wsdl",
    "tt": "http://www.onvif.org/ver10/schema",
    "wsnt": "http://docs.oasis-open.org/wsn/b-2",
    "tns1": "http://www.onvif.org/ver10/topics",
}
"""As ONVIF's own documents write them."""
_SECURITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_UTILITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
_DIGEST = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest"


class SoapFaultError(AssetFaultError):
    """The device answered with a SOAP fault. `codes`: its code and subcodes without prefix, the outermost first."""

    def __init__(self, fault: Element) -> None:
        super().__init__(WRONG_STATUS, fault.text_at("Text"))
        self.codes = tuple(each.text.strip().rpartition(":")[2] for each in fault.every("Value"))


def envelope(
    request: Element, login: WebLogin | None = None, device_s: float = 0, nonce: bytes | None = None
) -> bytes:
    """A request; its names bear the prefixes above. `device_s`: the device's own time, as it refuses other tokens."""
    header = "" if login is None else _token(login, device_s, nonce or secrets.token_bytes(16))
    prefixes = "".join(f' xmlns:{prefix}="{namespace}"' for prefix, namespace in _PREFIXES.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"{prefixes}>{header}'
        f"<s:Body>{written(request)}</s:Body></s:Envelope>"
    ).encode()


def _token(login: WebLogin, device_s: float, nonce: bytes) -> str:
    created = datetime.fromtimestamp(device_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    # SHA-1 is what the profile prescribes
    digest = hashlib.sha1(nonce + created.encode() + login.password.encode(), usedforsecurity=False).digest()
    return (
        f'<s:Header><Security s:mustUnderstand="1" xmlns="{_SECURITY}"><UsernameToken>'
        f"<Username>{escape(login.user)}</Username>"
        f'<Password Type="{_DIGEST}">{base64.b64encode(digest).decode()}</Password>'
        f"<Nonce>{base64.b64encode(nonce).decode()}</Nonce>"
        f'<Created xmlns="{_UTILITY}">{created}</Created></UsernameToken></Security></s:Header>'
    )


async def called(
    url: str,
    body: bytes,
    options: LoginOptions,
    login: WebLogin | None,
    *,
    deadline: Deadline,
    tls: ssl.SSLContext | None,
) -> Element:
    """The answer. SoapFaultError: a fault. AssetFaultError: none such. OwnFaultError: a login, wanted or refused."""
    headers = (("Content-Type", "application/soap+xml; charset=utf-8"),)
    request = HttpRequest(url, method="POST", headers=headers, body=body, most_bytes=_MOST_BYTES)
    response = await exchanged_with_login(request, login, deadline, tls)
    if response.status == _NOT_FOUND:
        raise AssetFaultError(PATH_WRONG, response.status)
    if response.status == _BUSY:
        raise AssetFaultError(OVERLOADED, response.status)
    if response.status == _UNAUTHORIZED:
        raise refused(options, response.status) if login else OwnFaultError(LOGIN_WANTED)
    answer = tree(response.body) if response.body.lstrip()[:1] == b"<" else Element("")
    fault = answer.first("Fault")
    if fault is not None and "NotAuthorized" in "".join(each.text for each in fault.every("Value")):
        said = theirs(fault.text_at("Text")) or "NotAuthorized"
        raise refused(options, said) if login else OwnFaultError(LOGIN_WANTED)
    if response.status == _FORBIDDEN:
        raise refused(options, response.status)
    if fault is not None:
        raise SoapFaultError(fault)
    if response.status != _OK:
        raise AssetFaultError(WRONG_STATUS, response.status)
    return answer
