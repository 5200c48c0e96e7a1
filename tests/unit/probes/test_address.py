"""Addresses as people write them, and which of them can be looked at."""

from __future__ import annotations

import socket

import pytest

from probes.address import endpoint, is_here, service_of
from probes.kinds.http import Options, _url
from probes.net.resolve import numeric
from probes.registry import PROBES


@pytest.mark.parametrize(
    ("address", "port", "host", "found"),
    [
        ("10.0.0.1", 554, "10.0.0.1", 554),
        ("10.0.0.1:80", None, "10.0.0.1", 80),
        ("10.0.0.1:80", 81, "10.0.0.1", 81),
        ("cam.example:80", None, "cam.example", 80),
        ("fe80::1", 80, "fe80::1", 80),
        ("[fe80::1]:80", None, "fe80::1", 80),
        ("rtsp://10.0.0.1:554/ch1", None, "10.0.0.1", 554),
    ],
)
def test_host_and_port(address, port, host, found):
    assert endpoint(address, port) == (host, found)


@pytest.mark.parametrize("address", ["10.0.0.1", "", ":80", "a b:80", "10.0.0.1:0", "10.0.0.1:65536", "10.0.0.1:x"])
def test_what_is_no_host_and_port(address):
    with pytest.raises(ValueError):  # noqa: PT011 - the sentences are of several places
        endpoint(address, None)


@pytest.mark.parametrize("address", ["10.0.0.1/nope", "10.0.0.1:80/x", "10.0.0.1?x", "me@10.0.0.1", "10.0.0.1#x"])
def test_what_is_more_than_host_and_port_is_refused_and_not_dropped(address):
    with pytest.raises(ValueError, match="more than a host and a port"):
        endpoint(address, 80)


AT_NO_PLACE = {"smart", "host", "snapshot"}  # a snapshot is a URL, and says so itself


NEEDED = {"tcp": {"port": 80}, "snmp_link": {"index": 1}, "optical": {"vendor": "h3c", "index": 1}}


@pytest.mark.parametrize("kind", sorted(set(PROBES) - AT_NO_PLACE))
def test_every_kind_says_before_it_looks_what_is_wrong_with_an_address(kind):
    needed = NEEDED.get(kind, {})
    options = PROBES[kind].options(**needed)
    assert options.misfit("10.0.0.1", 2_000) is None
    assert "10.0.0.1/nope" in str(options.misfit("10.0.0.1/nope", 2_000))
    assert options.misfit("", 2_000)


@pytest.mark.parametrize(
    ("address", "options", "service"),
    [
        ("10.0.0.1", {"kind": "rtsp"}, ("tcp", 554)),
        ("rtsps://10.0.0.1/x", {"kind": "frame"}, ("tcp", 322)),
        ("10.0.0.1:8554", {"kind": "frame"}, ("tcp", 8554)),
        ("10.0.0.1", {"kind": "tcp", "port": 554}, ("tcp", 554)),
        ("10.0.0.1", {"kind": "http", "scheme": "https"}, ("tcp", 443)),
        ("10.0.0.1", {"kind": "http", "url": "https://city.example:8443/"}, ("tcp", 8443)),
        ("10.0.0.1", {"kind": "sip", "transport": "tcp"}, ("tcp", 5060)),
        ("10.0.0.1", {"kind": "snmp_device", "port": 10161}, ("udp", 10161)),
        ("10.0.0.1", {"kind": "icmp"}, ("icmp", 0)),
    ],
)
def test_the_service_that_a_look_asks(address, options, service):
    kind = PROBES[options.pop("kind")]
    assert service_of(address, kind.options(**options), kind.service) == service


@pytest.mark.parametrize("host", ["0.0.0.0", "224.0.0.1", "255.255.255.255", "ff02::1", "::"])
def test_an_address_of_many_machines_or_none_is_refused(host):
    with pytest.raises(ValueError, match="not the address of one machine"):
        numeric(host)


def test_ipv6_is_written_as_the_kernel_writes_it():
    assert numeric("0:0:0:0:0:0:0:1", 7) == (socket.AF_INET6, ("::1", 7, 0, 0))


@pytest.mark.parametrize("host", ["127.1", "0x7f.1", "2130706433", "127.0.0.01", "localhost", "host%eth0"])
def test_odd_spellings_of_addresses_are_names(host):
    assert numeric(host) is None


@pytest.mark.parametrize(
    ("address", "options", "url"),
    [
        ("10.0.0.1", {}, "http://10.0.0.1:80/"),
        ("10.0.0.1:8080", {"path": "/a"}, "http://10.0.0.1:8080/a"),
        ("10.0.0.1", {"scheme": "https"}, "https://10.0.0.1:443/"),
        ("fe80::1", {"port": 81}, "http://[fe80::1]:81/"),
        ("https://city.example/a", {}, "https://city.example/a"),
        ("10.0.0.1", {"url": "http://city.example/"}, "http://city.example/"),
    ],
)
def test_the_url_of_a_page(address, options, url):
    assert _url(address, Options(**options)) == url


@pytest.mark.parametrize("address", ["ftp://a/", "http://me:secret@a/"])
def test_a_page_is_http_and_bears_no_login(address):
    with pytest.raises(ValueError, match="http"):
        _url(address, Options())


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9:80", True),
        ("http://localhost:8080/x", True),
        ("rtsp://user@[::1]:554/", True),
        ("::1", True),
        ("", True),
        ("10.1.3.1", False),
        ("10.1.3.1:554", False),
        ("2001:db8::1", False),
        ("https://example.com/", False),
        ("localhost.example.com", False),
        ("::1:2", False),
    ],
)
def test_what_is_on_this_machine(address: str, here: bool):
    assert is_here(address) is here
