"""An ONVIF device as the core specification and devicemgmt.wsdl have it, with the deviations that cameras show.

Deviations on request: a clock that is `off_s` ahead, no UTC time, a login wanted for everything, HTTP digest instead of
WS-UsernameToken, and a token refused whose time is more than five seconds from the device's own.
"""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from probes.machine.clock import now_s

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

SOAP = '<?xml version="1.0"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:tse="http://www.onvif.org/ver10/search/wsdl" xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2" xmlns:tns1="http://www.onvif.org/ver10/topics"><SOAP-ENV:Body>{}</SOAP-ENV:Body></SOAP-ENV:Envelope>'


def fault(text: str, *codes: str) -> str:
    """A SOAP fault with these codes, each within the one before."""
    inside = ""
    for code in reversed(codes):
        inside = f"<SOAP-ENV:Value>{code}</SOAP-ENV:Value>" + (
            f"<SOAP-ENV:Subcode>{inside}</SOAP-ENV:Subcode>" if inside else ""
        )
    return f"<SOAP-ENV:Fault><SOAP-ENV:Code>{inside}</SOAP-ENV:Code><SOAP-ENV:Reason><SOAP-ENV:Text>{text}</SOAP-ENV:Text></SOAP-ENV:Reason></SOAP-ENV:Fault>"


NOT_AUTHORIZED = fault("Sender not authorized", "SOAP-ENV:Sender", "ter:NotAuthorized")
INFORMATION = "<tds:GetDeviceInformationResponse><tds:Manufacturer>Acme</tds:Manufacturer><tds:Model>DS-1</tds:Model><tds:FirmwareVersion>5.5</tds:FirmwareVersion><tds:SerialNumber>SN-42</tds:SerialNumber><tds:HardwareId>1</tds:HardwareId></tds:GetDeviceInformationResponse>"
USER, PASSWORD = "admin", "ge<heim"


def clock(at_s: float, name: str = "UTCDateTime") -> str:
    at = datetime.fromtimestamp(at_s, UTC)
    time = f"<tt:Time><tt:Hour>{at.hour}</tt:Hour><tt:Minute>{at.minute}</tt:Minute><tt:Second>{at.second}</tt:Second></tt:Time>"
    date = f"<tt:Date><tt:Year>{at.year}</tt:Year><tt:Month>{at.month}</tt:Month><tt:Day>{at.day}</tt:Day></tt:Date>"
    return f"<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings><tt:{name}>{time}{date}</tt:{name}></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"


def device(*, off_s: float = 0, clock_name: str = "UTCDateTime", locked: bool = False) -> Callable:
    """A handler for `stranger`."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(re.search(rb"Content-Length: (\d+)", head).group(1))
        asked = (await reader.readexactly(length)).decode()
        if "GetSystemDateAndTime" in asked and not locked:
            said = clock(now_s() + off_s, clock_name)
        elif "GetDeviceInformation" in asked and is_authentic(asked, now_s() + off_s):
            said = INFORMATION
        else:
            said = NOT_AUTHORIZED
        body = SOAP.format(said).encode()
        status = b"400 Bad Request" if said is NOT_AUTHORIZED else b"200 OK"
        writer.write(
            b"HTTP/1.1 %s\r\nContent-Type: application/soap+xml\r\nContent-Length: %d\r\n\r\n%s"
            % (status, len(body), body)
        )
        await writer.drain()

    return handle


def is_authentic(asked: str, own_s: float) -> bool:
    parts = {
        name: match.group(1)
        for name in ("Username", "Password", "Nonce", "Created")
        if (match := re.search(rf"<{name}\b[^>]*>([^<]*)<", asked))
    }
    if len(parts) < 4 or parts["Username"] != USER:
        return False
    created = datetime.strptime(parts["Created"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    secret = base64.b64decode(parts["Nonce"]) + parts["Created"].encode() + PASSWORD.encode()
    good = base64.b64encode(hashlib.sha1(secret).digest()).decode()  # noqa: S324 - as the profile has it
    return good == parts["Password"] and abs(created - own_s) < 5
