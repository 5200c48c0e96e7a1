"""ONVIF's recording search (profile G; search.wsdl): sessions that are opened, read in portions, and ended.

A device tells where its search service is (XAddr). It may tell the wrong host: its address behind a NAT, one that it
had before, or a stranger's. So only the path of what it tells is taken, and the port where host and scheme are those
that we asked and a port is named; no other host is ever spoken to.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from urllib.parse import SplitResult, urlsplit

from probes.address import Endpoint
from probes.faults import AssetFaultError, OwnFaultError
from probes.net.connection import Deadline
from probes.onvif.soap import SoapFaultError
from probes.onvif.xml_instants import instant_text
from probes.onvif.xml_tree import Element
from probes.reasons import NO_SEARCH, NOT_UNDERSTOOD, OVERLOADED, READ_TIMEOUT, TOO_MUCH

if TYPE_CHECKING:
    from collections.abc import Callable

    from probes.onvif.device import OnvifDevice

MOST_RECORDINGS = 1_000
MOST_EVENTS = 10_000
_SEARCH = "http://www.onvif.org/ver10/search/wsdl"
_CONCRETE = "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet"
_TRACK_STATE = "tns1:RecordingHistory/Track/State"
_KEEP_ALIVE, _WAIT = "PT10S", "PT1S"  # ten seconds is what every device must allow
_PORTION = 100  # keeps an answer of recordings or events well below the bounds of soap.py and xml_tree.py
_MOST_PORTIONS = 200
_PAUSE_S = 0.2  # before asking again a device that did not wait by itself
_END_S = 1.0
_NOT_OFFERED = "ActionNotSupported"
_NO_ROOM = "ResourceProblem"
_MOST_PATH = 512

T = TypeVar("T")


class _Results(NamedTuple):
    """How the results of a search are asked for, the name of one, and how many are enough."""

    operation: str
    name: str
    most: int


class Search:
    """The search service of one device."""

    def __init__(self, device: OnvifDevice, url: str) -> None:
        self._device = device
        self._url = url

    async def recordings(self) -> list[Element]:
        """RecordingInformation of all that there are; as many as MOST_RECORDINGS or more: there may be others."""
        find = [Element("tse:Scope"), Element("tse:MaxMatches", str(MOST_RECORDINGS))]
        find.append(Element("tse:KeepAliveTime", _KEEP_ALIVE))
        question = Element("tse:FindRecordings", children=find)
        results = _Results("tse:GetRecordingSearchResults", "RecordingInformation", MOST_RECORDINGS)
        return await self._found(question, results, lambda each: each)

    async def recording(self, token: str) -> Element | None:
        """RecordingInformation of one; None: there is none of that token."""
        asked = [Element("tse:RecordingToken", token)]
        try:
            answer = await self._ask(Element("tse:GetRecordingInformation", children=asked))
        except SoapFaultError as fault:
            if "InvalidToken" in fault.codes:
                return None
            raise
        return answer.first("RecordingInformation")

    async def track_events(self, token: str, begin_ms: int, end_ms: int, read: Callable[[Element], T]) -> list[T]:
        """When data came and went on the tracks of a recording, with their state at the beginning, in any order.

        `read` makes something small of each `Result`. As many as MOST_EVENTS or more: there may be others.
        """
        topic = Element("wsnt:TopicExpression", _TRACK_STATE, attributes={"Dialect": _CONCRETE})
        find = [
            Element("tse:StartPoint", instant_text(begin_ms)),
            Element("tse:EndPoint", instant_text(end_ms)),
            Element("tse:Scope", children=[Element("tt:IncludedRecordings", token)]),
            Element("tse:SearchFilter", children=[topic]),
            Element("tse:IncludeStartState", "true"),
            Element("tse:MaxMatches", str(MOST_EVENTS)),
            Element("tse:KeepAliveTime", _KEEP_ALIVE),
        ]
        question = Element("tse:FindEvents", children=find)
        return await self._found(question, _Results("tse:GetEventSearchResults", "Result", MOST_EVENTS), read)

    async def _ask(self, question: Element, *, deadline: Deadline | None = None) -> Element:
        try:
            return await self._device.ask(question, self._url, deadline=deadline)
        except SoapFaultError as fault:
            if _NOT_OFFERED in fault.codes:
                raise OwnFaultError(NO_SEARCH, question.name.partition(":")[2]) from None
            if _NO_ROOM in fault.codes:
                raise AssetFaultError(OVERLOADED, "no further search") from None
            raise

    async def _found(self, question: Element, results: _Results, read: Callable[[Element], T]) -> list[T]:
        token = (await self._ask(question)).text_at("SearchToken")
        if not token:
            raise AssetFaultError(NOT_UNDERSTOOD, "no search token")
        found = await self._portions(token, results, read)
        # Whether a completed search is still to be ended, the specification and its WSDL disagree. Where it is not,
        # this is refused; where it is, and is not, the sessions of an hour's checks would fill the recorder.
        with suppress(AssetFaultError, OwnFaultError):
            end = Element("tse:EndSearch", children=[Element("tse:SearchToken", token)])
            await self._ask(end, deadline=Deadline(min(_END_S, self._device.deadline.left_s())))
        return found

    async def _portions(self, token: str, results: _Results, read: Callable[[Element], T]) -> list[T]:
        asked = [Element("tse:SearchToken", token), Element("tse:MaxResults", str(_PORTION))]
        question = Element(results.operation, children=[*asked, Element("tse:WaitTime", _WAIT)])
        found: list[T] = []
        for _ in range(_MOST_PORTIONS):
            answer = await self._ask(question)
            if answer.first("SearchState") is None:
                raise AssetFaultError(NOT_UNDERSTOOD, "no search state")
            portion = [read(each) for each in answer.every(results.name)]
            found += portion
            if len(found) >= results.most or answer.text_at("SearchState") == "Completed":
                return found
            if not portion:
                await self._pause()
        raise AssetFaultError(TOO_MUCH, "portions of a search")

    async def _pause(self) -> None:
        await asyncio.sleep(min(_PAUSE_S, self._device.deadline.left_s()))
        if not self._device.deadline.left_s():
            raise AssetFaultError(READ_TIMEOUT, "the search goes on")


async def search_of(device: OnvifDevice) -> Search:
    """The search service of a device. OwnFaultError: it tells of none."""
    told = await _service_address(device)
    if not told:
        raise OwnFaultError(NO_SEARCH)
    return Search(device, service_url(device.url, told))


async def _service_address(device: OnvifDevice) -> str:
    """The address that the device tells for its search service, empty without one."""
    asked = [Element("tds:IncludeCapability", "false")]
    try:
        answer = await device.ask(Element("tds:GetServices", children=asked))
    except SoapFaultError:  # of before ONVIF 2.1
        every = [Element("tds:Category", "All")]
        answer = await device.ask(Element("tds:GetCapabilities", children=every))
        return answer.text_at("Capabilities", "Search", "XAddr")
    services = (each for each in answer.every("Service") if each.text_at("Namespace") == _SEARCH)
    return next((each.text_at("XAddr") for each in services), "")


def service_url(asked: str, told: str) -> str:
    """Where to ask a service that the device says to be at `told`, if its device service is at `asked`.

    AssetFaultError: `told` is no address.
    """
    try:
        ours, theirs = urlsplit(asked), urlsplit(told)
        port = theirs.port
    except ValueError:
        raise AssetFaultError(NOT_UNDERSTOOD, "the address of the search service") from None
    if not theirs.path.startswith("/") or len(theirs.path) + len(theirs.query) > _MOST_PATH:
        raise AssetFaultError(NOT_UNDERSTOOD, "the address of the search service")
    same = (theirs.scheme, theirs.hostname) == (ours.scheme, ours.hostname)
    where = str(Endpoint(ours.hostname or "", port)) if same and port else ours.netloc
    return SplitResult(ours.scheme, where, theirs.path, theirs.query, "").geturl()
