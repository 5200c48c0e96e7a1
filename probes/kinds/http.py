"""Whether this web page comes, with the right status and text; how fast; how long its certificate is good.

`ok`: a response with an accepted status, the text in it, the certificate good for long enough.
`fail`: not reached, not HTTP, too slow, another status, text missing, certificate bad or about to end.
At most 3 redirects are followed, to the same host or to one that is named, never from https to http. Of the body
the first MiB is read; a longer one is judged by that part.
What it can never see: what scripts would show in a browser; whether the text shown is true; pages behind a login.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urljoin, urlsplit

from pydantic import Field, StringConstraints, field_validator, model_validator

from config.input.mistakes import MalformedError
from config.input.models import OneOrMore, Port, Word, wanted
from probes.address import endpoint, misfit_of
from probes.faults import AssetFaultError, judged
from probes.http.exchange import HttpRequest, HttpResponse, exchanged
from probes.http.wire import text_of, unzipped
from probes.net.connection import CONNECT_REASONS, READ_REASONS, TLS_REASONS, Deadline, tls_context
from probes.options import ProbeOptions
from probes.outcome import Outcome, fail, ok
from probes.reasons import (
    CERTIFICATE_ENDS,
    NOT_UNDERSTOOD,
    REDIRECT_REFUSED,
    TEXT_MISSING,
    TOO_MANY_REDIRECTS,
    WRONG_STATUS,
    because,
    theirs,
)

if TYPE_CHECKING:
    from config.text.sentence import Sentence

METRICS = {
    "status": "HTTP status of the last response",
    "ttfb_ms": "until its status line was there; names, connecting, TLS and redirects included",
    "total_ms": "until its body was read",
    "bytes": "of the body, as read from the wire",
    "days_left": "until its certificate ends (https only)",
}
REASONS = (
    *CONNECT_REASONS,
    *READ_REASONS,
    *TLS_REASONS,
    NOT_UNDERSTOOD,
    WRONG_STATUS,
    TEXT_MISSING,
    CERTIFICATE_ENDS,
    TOO_MANY_REDIRECTS,
    REDIRECT_REFUSED,
)
_MOST_REDIRECTS = 3
_REDIRECTS = (301, 302, 303, 307, 308)
_FINE = range(200, 300)
_Status = Annotated[int, Field(ge=100, le=599)]


class Options(ProbeOptions):
    """Which page, and what it must be like."""

    url: Annotated[str, StringConstraints(pattern=r"\Ahttps?://[^@\s]+\z")] | None = None
    """the whole URL; else the address is one, or `scheme`, `port` and `path` are added to it"""
    scheme: Literal["http", "https"] = "http"
    """for an address that is no URL"""
    port: Port | None = None
    """for an address that is no URL and names no port; the scheme's own if not given"""
    path: Annotated[str, StringConstraints(pattern=r"\A/\S*\z")] = "/"
    """for an address that is no URL"""
    method: Literal["GET", "HEAD"] = "GET"
    """HEAD: the body is not asked for"""
    status: tuple[_Status, ...] | None = None
    """one accepted status or a list; any from 200 to 299 if not given"""
    text: Word | None = None
    """text that must appear in the first MiB of the body"""
    min_certificate_days: Annotated[int, Field(ge=0, le=3_650)] | None = None
    """fewer days left than this fail"""
    follow: bool = True
    """follow redirects, at most 3, never from https to http"""
    redirect_hosts: OneOrMore = ()
    """other hosts that redirects may lead to"""
    verify: bool = True
    """believe only certificates that the authorities vouch for"""
    ca_file: Word | None = None
    """a PEM file of authorities, instead of the machine's own"""
    host_header: Annotated[str, StringConstraints(pattern=r"\A[A-Za-z0-9.:\[\]_-]{1,255}\z")] | None = None
    """host to ask for (and name for TLS), where the page is not asked for under its public name"""

    @field_validator("status", mode="before")
    @classmethod
    def _one_or_a_list(cls, value: object) -> object:
        if isinstance(value, int) and not isinstance(value, bool):
            return (value,)
        return tuple(value) if isinstance(value, list) else value

    @model_validator(mode="after")
    def _text_needs_a_body(self) -> Options:
        if self.text is not None and self.method == "HEAD":
            raise wanted('method = "GET" where a text must appear')
        return self

    def misfit(self, address: str, timeout_ms: int) -> Sentence | None:  # noqa: ARG002 - as all kinds have it
        """What is wrong with the address; see CheckOptions."""
        return misfit_of(lambda: _url(address, self))


async def probe(address: str, options: Options, *, timeout_s: float) -> Outcome:
    """One look, redirects included. ValueError: the address makes no URL. OSError: our own network or limits."""
    return await judged(_outcome(_url(address, options), options, Deadline(timeout_s)))


async def _outcome(url: str, options: Options, deadline: Deadline) -> Outcome:
    host_header = options.host_header
    for _ in range(_MOST_REDIRECTS + 1):
        response = await _fetched(url, options, host_header, deadline)
        location = response.headers["location"]
        if not (options.follow and response.status in _REDIRECTS and location):
            return _verdict(response, options, deadline)
        url, host_header = redirected(url, location, options.redirect_hosts), None
    raise AssetFaultError(TOO_MANY_REDIRECTS, status=response.status)


def _url(address: str, options: Options) -> str:
    if options.url is not None:
        return options.url
    if "://" in address:
        if not address.startswith(("http://", "https://")) or "@" in address:
            raise MalformedError(
                "{scheme}:// is not {schemes} without a login",
                scheme=address.partition("://")[0],
                schemes="http:// or https://",
            )
        return address
    default = options.port or (443 if options.scheme == "https" else 80)
    has_port = address.rpartition(":")[2].isdigit() and (address.count(":") == 1 or address.startswith("["))
    where = endpoint(address, None if has_port and options.port is None else default)
    return f"{options.scheme}://{where}{options.path}"


def redirected(url: str, location: str, other_hosts: tuple[str, ...]) -> str:
    """Where a redirect leads. AssetFaultError: to a place that no redirect may lead to (bound B4)."""
    try:
        target = urlsplit(urljoin(url, location))
        host, _port = target.hostname, target.port
    except ValueError:
        raise AssetFaultError(NOT_UNDERSTOOD, "a redirect") from None
    was = urlsplit(url)
    if was.scheme == "https" and target.scheme == "http":
        raise AssetFaultError(REDIRECT_REFUSED, "from https to http")
    if target.scheme not in ("http", "https"):
        raise AssetFaultError(REDIRECT_REFUSED, "to the scheme", theirs(target.scheme))
    if not host:
        raise AssetFaultError(REDIRECT_REFUSED, "to nowhere")
    if target.username is not None or host not in (was.hostname, *other_hosts):
        raise AssetFaultError(REDIRECT_REFUSED, "not in redirect_hosts", theirs(host))
    return target.geturl()


async def _fetched(url: str, options: Options, host_header: str | None, deadline: Deadline) -> HttpResponse:
    is_tls = url.startswith("https:")
    tls = tls_context(verify=options.verify, ca_file=options.ca_file or "") if is_tls else None
    headers = (("Accept-Encoding", "gzip"),)
    request = HttpRequest(url, method=options.method, host_header=host_header, headers=headers)
    return await exchanged(request, deadline, tls)


def _verdict(response: HttpResponse, options: Options, deadline: Deadline) -> Outcome:
    metrics = {"status": float(response.status), "ttfb_ms": response.ttfb_ms, "total_ms": deadline.elapsed_ms()}
    metrics["bytes"] = float(len(response.body))
    if response.days_left is not None:
        metrics["days_left"] = response.days_left
    if response.status not in (_FINE if options.status is None else options.status):
        return fail(because(WRONG_STATUS, response.status), **metrics)
    if options.text is not None and options.text not in _text(response):
        return fail(TEXT_MISSING, **metrics)
    least = options.min_certificate_days
    if least is not None and response.days_left is not None and response.days_left < least:
        return fail(CERTIFICATE_ENDS, **metrics)
    return ok(**metrics)


def _text(response: HttpResponse) -> str:
    body = unzipped(response.body) if response.headers.is_gzip() else response.body
    return text_of(body, response.headers["content-type"])
