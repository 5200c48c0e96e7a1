"""A recorder (NVR) as ONVIF profile G has it, written from search.wsdl, devicemgmt.wsdl and onvif.xsd.

Requests are held to the WSDL: namespace, names and order of all arguments, the service's path. Search sessions have
tokens of their own, give what was not given yet, at most MaxResults or `portion` of it, and are over once they said
Completed (then EndSearch is refused, as the specification has it). Events are those of the specification's recording
history, for the video track and the sound track, with virtual ones for the state at the start.

Deviations on request: a clock that is `off_s` ahead; another `zone` behind all times, or none; `services` told by
GetServices, or only by GetCapabilities, or not at all; an XAddr on another `host`; `empty` portions before the first
one, at once and not after WaitTime; a search that never completes; session tokens that are void at once; no room for a
search; no FindEvents; no events; events of tracks, recordings and topics that nobody asked for; a login by
WS-UsernameToken or by HTTP digest.
"""

# ruff: noqa: N802, S105, S106 - methods are named as the operations; the tokens of recordings are no secrets

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from xml.etree import ElementTree as ET

from probes.machine.clock import now_s
from probes.onvif.xml_instants import instant_ms, instant_text
from tests.support.cameras.onvif_device import NOT_AUTHORIZED, PASSWORD, SOAP, USER, clock, fault, is_authentic

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

TDS, TSE, TT = (f"{{http://www.onvif.org/ver10/{part}}}" for part in ("device/wsdl", "search/wsdl", "schema"))
BODY = "{http://www.w3.org/2003/05/soap-envelope}Body"
ARGUMENTS = {
    "GetSystemDateAndTime": "",
    "GetServices": "IncludeCapability",
    "GetCapabilities": "Category",
    "GetRecordingInformation": "RecordingToken",
    "FindRecordings": "Scope MaxMatches KeepAliveTime",
    "GetRecordingSearchResults": "SearchToken MinResults MaxResults WaitTime",
    "FindEvents": "StartPoint EndPoint Scope SearchFilter IncludeStartState MaxMatches KeepAliveTime",
    "GetEventSearchResults": "SearchToken MinResults MaxResults WaitTime",
    "EndSearch": "SearchToken",
}
OF_DEVICE = ("GetSystemDateAndTime", "GetServices", "GetCapabilities")
NOT_SUPPORTED = fault("Optional action not implemented", "SOAP-ENV:Receiver", "ter:ActionNotSupported")
ILL_FORMED = fault("Arguments", "SOAP-ENV:Sender", "ter:InvalidArgs")
INVALID_TOKEN = fault("Invalid token", "SOAP-ENV:Sender", "ter:InvalidArgVal", "ter:InvalidToken")
NO_ROOM = fault("No further search", "SOAP-ENV:Receiver", "ter:Action", "ter:ResourceProblem")


@dataclass(kw_only=True)
class Kept:
    """A recording. `spans`: when there are pictures, in seconds before now; the last may end at 0: still going on."""

    token: str = "REC-1"
    name: str = "cam-1"
    location: str = "Crossing"
    address: str = "http://192.0.2.11/onvif/device_service"
    spans: Sequence[tuple[float, float]] = ((40 * 86_400, 0),)
    status: str = "Recording"
    track_times: bool = True
    latest: str | None = ""
    """as it is told; None: not told; empty: as the spans have it"""
    earliest: str | None = ""


@dataclass(kw_only=True)
class Recorder:
    """A handler for `stranger`; `asked` holds the operations in the order in which they came."""

    kept: Sequence[Kept] = field(default_factory=lambda: [Kept()])
    off_s: float = 0
    zone: str = "Z"
    services: Literal["services", "capabilities", "none"] = "services"
    host: str = ""
    portion: int = 100
    empty: int = 0
    endless: bool = False
    void: bool = False
    full: bool = False
    events: Literal["yes", "no", "refused", "all"] = "yes"
    login: Literal["", "token", "digest"] = ""
    asked: list[str] = field(default_factory=list)
    _sessions: dict[str, list[str]] = field(default_factory=dict)
    _port: int = 0
    _empty: int = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        body = await reader.readexactly(int(re.search(r"Content-Length: (\d+)", head).group(1)))
        self._port = writer.get_extra_info("sockname")[1]
        status, extra, said = self._answered(head, body)
        data = SOAP.format(said).encode()
        writer.write(
            f"HTTP/1.1 {status}\r\nContent-Type: application/soap+xml\r\n{extra}Content-Length: {len(data)}\r\n\r\n".encode()
            + data
        )
        await writer.drain()

    def _answered(self, head: str, body: bytes) -> tuple[str, str, str]:
        request = ET.fromstring(body).find(BODY)[0]  # noqa: S314 - what our own client wrote
        name = request.tag.rpartition("}")[2]
        self.asked.append(name)
        path = "/onvif/device_service" if name in OF_DEVICE else "/onvif/search"
        if head.split(" ")[1] != path:
            return "404 Not Found", "", ""
        if name != "GetSystemDateAndTime" and self.login == "digest" and not _is_digest(head):
            return "401 Unauthorized", 'WWW-Authenticate: Digest realm="nvr", nonce="n0", qop="auth"\r\n', ""
        token = is_authentic(body.decode(), self._now_s())
        if name != "GetSystemDateAndTime" and self.login == "token" and not token:
            return "400 Bad Request", "", NOT_AUTHORIZED
        said = getattr(self, f"_{name}")(request) if self._is_wsdl(request, name) else ILL_FORMED
        return ("500 Internal Server Error" if "<SOAP-ENV:Fault>" in said else "200 OK"), "", said

    def _is_wsdl(self, request: ET.Element, name: str) -> bool:
        space = TDS if name in OF_DEVICE else TSE
        order = iter(ARGUMENTS[name].split())
        right = all(each.tag.removeprefix(space) in order for each in request)  # consumes: a subsequence
        in_scope = request.findall(f"{space}Scope/*")
        return request.tag == space + name and right and all(each.tag.startswith(TT) for each in in_scope)

    def _now_s(self) -> float:
        return now_s() + self.off_s

    def _at(self, before_s: float) -> str:
        shift_min = 60 * int(self.zone[:3]) if self.zone[1:] else 0
        at_ms = round((self._now_s() - before_s) * 1000) + shift_min * 60_000
        return instant_text(at_ms)[:-1] + self.zone

    def _GetSystemDateAndTime(self, _request: ET.Element) -> str:
        return clock(self._now_s())

    def _address(self) -> str:
        return f"http://{self.host or f'127.0.0.1:{self._port}'}/onvif/search"

    def _GetServices(self, _request: ET.Element) -> str:
        if self.services == "capabilities":
            return NOT_SUPPORTED
        spaces = [TDS[1:-1]] + [TSE[1:-1]] * (self.services == "services")
        version = "<tds:Version><tt:Major>2</tt:Major><tt:Minor>42</tt:Minor></tds:Version>"
        inside = "".join(
            f"<tds:Service><tds:Namespace>{space}</tds:Namespace><tds:XAddr>{self._address()}</tds:XAddr>{version}</tds:Service>"
            for space in spaces
        )
        return f"<tds:GetServicesResponse>{inside}</tds:GetServicesResponse>"

    def _GetCapabilities(self, _request: ET.Element) -> str:
        device = (
            "<tt:Device><tt:XAddr>http://127.0.0.1/</tt:XAddr><tt:Network><tt:Extension/></tt:Network></tt:Device>"
        )
        search = f"<tt:Search><tt:XAddr>{self._address()}</tt:XAddr><tt:MetadataSearch>false</tt:MetadataSearch></tt:Search>"
        inside = f"{device}<tt:Extension>{search}</tt:Extension>"
        return f"<tds:GetCapabilitiesResponse><tds:Capabilities>{inside}</tds:Capabilities></tds:GetCapabilitiesResponse>"

    def _information(self, each: Kept) -> str:
        first, last = self._at(each.spans[0][0]), self._at(each.spans[-1][1])
        earliest, latest = first if each.earliest == "" else each.earliest, last if each.latest == "" else each.latest
        source = f"<tt:SourceId>urn:{each.token}</tt:SourceId><tt:Name>{each.name}</tt:Name><tt:Location>{each.location}</tt:Location><tt:Description/><tt:Address>{each.address}</tt:Address>"
        tracks = f"<tt:Track><tt:TrackToken>AUDIO</tt:TrackToken><tt:TrackType>Audio</tt:TrackType><tt:Description/><tt:DataFrom>{self._at(90 * 86_400)}</tt:DataFrom><tt:DataTo>{self._at(0)}</tt:DataTo></tt:Track>"
        tracks += f"<tt:Track><tt:TrackToken>VIDEO</tt:TrackToken><tt:TrackType>Video</tt:TrackType><tt:Description/><tt:DataFrom>{first}</tt:DataFrom><tt:DataTo>{last}</tt:DataTo></tt:Track>"
        return (
            f"<tt:RecordingToken>{each.token}</tt:RecordingToken><tt:Source>{source}</tt:Source>"
            + (f"<tt:EarliestRecording>{earliest}</tt:EarliestRecording>" if earliest else "")
            + (f"<tt:LatestRecording>{latest}</tt:LatestRecording>" if latest else "")
            + f"<tt:Content/>{tracks if each.track_times else ''}<tt:RecordingStatus>{each.status}</tt:RecordingStatus>"
        )

    def _GetRecordingInformation(self, request: ET.Element) -> str:
        for each in self.kept:
            if each.token == request[0].text:
                inside = f"<tse:RecordingInformation>{self._information(each)}</tse:RecordingInformation>"
                return f"<tse:GetRecordingInformationResponse>{inside}</tse:GetRecordingInformationResponse>"
        return INVALID_TOKEN

    def _FindRecordings(self, request: ET.Element) -> str:
        most = int(request.find(f"{TSE}MaxMatches").text)
        found = [
            f"<tt:RecordingInformation>{self._information(each)}</tt:RecordingInformation>" for each in self.kept
        ]
        return self._opened("FindRecordings", found[:most])

    def _opened(self, name: str, found: list[str]) -> str:
        if self.full:
            return NO_ROOM
        token = f"SEARCH_{len(self.asked)}"
        self._sessions |= {} if self.void else {token: found}
        self._empty = self.empty
        return f"<tse:{name}Response><tse:SearchToken>{token}</tse:SearchToken></tse:{name}Response>"

    def _GetRecordingSearchResults(self, request: ET.Element) -> str:
        return self._results("GetRecordingSearchResults", request)

    def _GetEventSearchResults(self, request: ET.Element) -> str:
        return self._results("GetEventSearchResults", request)

    def _results(self, name: str, request: ET.Element) -> str:
        token = request[0].text
        if token not in self._sessions:
            return INVALID_TOKEN
        found = self._sessions[token]
        most = 0 if self._empty else min(self.portion, int(request.find(f"{TSE}MaxResults").text))
        self._empty = max(0, self._empty - 1)
        self._sessions[token] = found[most:]
        is_over = not found[most:] and not self.endless and most
        if is_over:
            del self._sessions[token]
        state = f"<tt:SearchState>{'Completed' if is_over else 'Searching'}</tt:SearchState>"
        inside = f"<tse:ResultList>{state}{''.join(found[:most])}</tse:ResultList>"
        return f"<tse:{name}Response>{inside}</tse:{name}Response>"

    def _FindEvents(self, request: ET.Element) -> str:
        if self.events == "refused":
            return NOT_SUPPORTED
        begin_s = self._now_s() - instant_ms(request.find(f"{TSE}StartPoint").text) / 1000
        token = request.find(f"{TSE}Scope/{TT}IncludedRecordings").text
        kept = next(each for each in self.kept if each.token == token)
        found = [*self._history(kept, "VIDEO", kept.spans, begin_s), *self._history(kept, "AUDIO", (), begin_s)]
        if self.events == "all":
            other = Kept(token="REC-9")
            found += [*self._history(other, "VIDEO", ((2 * begin_s, begin_s),), begin_s), self._recording_event()]
        return self._opened("FindEvents", [] if self.events == "no" else found)

    def _history(self, kept: Kept, track: str, spans: Sequence[tuple[float, float]], begin_s: float) -> list[str]:
        present = any(since > begin_s >= until for since, until in spans)
        found = [self._event(kept, track, begin_s, present=present, is_start=True)]
        for since, until in spans:
            found += [self._event(kept, track, since, present=True)] * (since < begin_s)
            found += [self._event(kept, track, until, present=False)] * (0 < until < begin_s)
        return found

    def _event(self, kept: Kept, track: str, before_s: float, *, present: bool, is_start: bool = False) -> str:
        at = self._at(before_s)
        source = f'<tt:Source><tt:SimpleItem Name="RecordingToken" Value="{kept.token}"/><tt:SimpleItem Name="Track" Value="{track}"/></tt:Source>'
        data = f'<tt:Data><tt:SimpleItem Name="IsDataPresent" Value="{str(present).lower()}"/></tt:Data>'
        message = f'<wsnt:Message><tt:Message UtcTime="{at}" PropertyOperation="Changed">{source}{data}</tt:Message></wsnt:Message>'
        event = f'<tt:Event><wsnt:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">tns1:RecordingHistory/Track/State</wsnt:Topic>{message}</tt:Event>'
        return f"<tt:Result><tt:RecordingToken>{kept.token}</tt:RecordingToken><tt:TrackToken>{track}</tt:TrackToken><tt:Time>{at}</tt:Time>{event}<tt:StartStateEvent>{str(is_start).lower()}</tt:StartStateEvent></tt:Result>"

    def _recording_event(self) -> str:
        return self._event(self.kept[0], "", 1, present=False).replace("IsDataPresent", "IsRecording")

    def _EndSearch(self, request: ET.Element) -> str:
        if self._sessions.pop(request[0].text, None) is None:
            return INVALID_TOKEN
        return f"<tse:EndSearchResponse><tse:Endpoint>{self._at(0)}</tse:Endpoint></tse:EndSearchResponse>"


def _is_digest(head: str) -> bool:
    parts = dict(re.findall(r'(\w+)="?([^",\r]*)', head.partition("Authorization: Digest ")[2].partition("\r\n")[0]))
    if parts.get("username") != USER:
        return False
    secret, asked = (
        hashlib.md5(text.encode()).hexdigest()  # noqa: S324 - as RFC 7616 has it
        for text in (f"{USER}:nvr:{PASSWORD}", f"POST:{parts['uri']}")
    )
    whole = f"{secret}:n0:{parts['nc']}:{parts['cnonce']}:auth:{asked}"
    return parts["response"] == hashlib.md5(whole.encode()).hexdigest()  # noqa: S324 - likewise
