"""Whether a camera's still picture (JPEG by HTTP) comes, when, and what it is like.

`ok`: a JPEG came and was decoded, and nothing is wrong with it. `fail`: not reached, another status, no picture, a
picture that cannot be decoded or is beyond the bounds, and all that the `frame` kind says of a picture. A login that
is wanted or refused (401) is `none` (see `login_refused`). With `again` a second picture is taken: both the same to
the last bit is frozen. Where there is no time left for it, the first is judged and frozen is not told.
What it can never see: whether the stream works, which other parts of the camera make; what the picture shows.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from config.input.mistakes import MalformedError
from config.input.models import Duration, Word
from probes.address import misfit_of
from probes.faults import AssetFaultError, OwnFaultError, judged
from probes.http.exchange import HttpRequest, HttpResponse, exchanged_with_login
from probes.net.connection import CONNECT_REASONS, READ_REASONS, TLS_REASONS, Deadline, tls_context
from probes.net.login import WebLoginOptions, login_of, refused
from probes.picture.assessment import METRICS as PICTURE_METRICS
from probes.picture.assessment import REASONS as PICTURE_REASONS
from probes.picture.assessment import PictureOptions, profiles, to_judge_s, too_short, verdict
from probes.picture.decoder import Decoder
from probes.reasons import LOGIN_REFUSED, LOGIN_WANTED, NOT_UNDERSTOOD, OVERLOADED, PATH_WRONG, TOO_MUCH, WRONG_STATUS

if TYPE_CHECKING:
    from config.text.sentence import Sentence
    from probes.outcome import Outcome

METRICS = {
    "ttfb_ms": "until the first byte of the answer, login included",
    "total_ms": "until the last picture was there",
    "bytes": "of the first picture",
    **PICTURE_METRICS,
}
REASONS = (
    *CONNECT_REASONS,
    *READ_REASONS,
    *TLS_REASONS,
    NOT_UNDERSTOOD,
    PATH_WRONG,
    OVERLOADED,
    WRONG_STATUS,
    LOGIN_REFUSED,
    *PICTURE_REASONS,
)
MOST_BYTES = 16 << 20
_OK, _UNAUTHORIZED, _NOT_FOUND, _BUSY = 200, 401, 404, 503
_JPEG = b"\xff\xd8\xff"


class Options(WebLoginOptions, PictureOptions):
    """How to ask, and what the picture must be like. The address is the picture's URL."""

    again: Duration | None = None
    """take a second one so much later, to tell a frozen one; cameras renew it sooner, `timeout` is 3s longer"""
    verify: bool = False
    """believe only certificates that the authorities vouch for; cameras sign their own"""
    ca_file: Word | None = None
    """a PEM file of authorities, instead of the machine's own"""

    def misfit(self, address: str, timeout_ms: int) -> Sentence | None:
        """What is wrong with the address, or with the time-out beside `again`; see CheckOptions."""
        return misfit_of(lambda: _checked(address)) or too_short(timeout_ms, "again", self.again or 0)


async def probe(address: str, options: Options, *, timeout_s: float) -> Outcome:
    """One look, with a decoder of its own; batches share one. ValueError: the address is no URL."""
    decoder = Decoder()
    try:
        return await one(address, options, timeout_s, decoder)
    finally:
        decoder.close()


async def one(address: str, options: Options, timeout_s: float, decoder: Decoder) -> Outcome:
    """One look with that decoder."""
    return await judged(_outcome(_checked(address), options, Deadline(timeout_s), decoder))


async def measured(address: str, options: Options, timeout_s: float, decoder: Decoder) -> dict[str, Any]:
    """The measures of a picture, for a baseline (see `Decoder.measured`).

    AssetFaultError: no picture came, or none that can be decoded. OwnFaultError: we could not look. ValueError: the
    address makes no URL.
    """
    deadline = Deadline(timeout_s)
    response = await _taken(_checked(address), options, deadline)
    return await decoder.measured("JPEG", [response.body], deadline, options.clock_area)


def _checked(address: str) -> str:
    if not address.startswith(("http://", "https://")) or "@" in address:
        raise MalformedError("a snapshot's address is an http:// or https:// URL without a login")
    return address


async def _outcome(url: str, options: Options, deadline: Deadline, decoder: Decoder) -> Outcome:
    known = profiles(options.baseline_file)
    response = await _taken(url, options, deadline)
    parts = [response.body]
    if options.again is not None and _fits(options.again / 1000, deadline):
        await asyncio.sleep(options.again / 1000)
        parts.append((await _taken(url, options, deadline)).body)
    metrics = {"ttfb_ms": response.ttfb_ms, "total_ms": deadline.elapsed_ms(), "bytes": float(len(response.body))}
    return verdict(await decoder.measured("JPEG", parts, deadline, options.clock_area), options, known, **metrics)


def _fits(again_s: float, deadline: Deadline) -> bool:
    """Whether a second picture so much later, if it takes as long as the first, leaves time to judge both."""
    return again_s + deadline.elapsed_ms() / 1000 + to_judge_s(deadline) <= deadline.left_s()


async def _taken(url: str, options: Options, deadline: Deadline) -> HttpResponse:
    tls = tls_context(verify=options.verify, ca_file=options.ca_file or "") if url.startswith("https:") else None
    login = login_of(options, is_private=url.startswith("https:"))
    response = await exchanged_with_login(HttpRequest(url, most_bytes=MOST_BYTES), login, deadline, tls)
    if response.status == _UNAUTHORIZED:
        raise refused(options, response.status) if login else OwnFaultError(LOGIN_WANTED)
    if response.status != _OK:
        phrase = {_NOT_FOUND: PATH_WRONG, _BUSY: OVERLOADED}.get(response.status, WRONG_STATUS)
        raise AssetFaultError(phrase, response.status)
    if not response.body.startswith(_JPEG):
        raise AssetFaultError(NOT_UNDERSTOOD, "no JPEG")
    if len(response.body) == MOST_BYTES:
        raise AssetFaultError(TOO_MUCH, "a picture")
    return response
