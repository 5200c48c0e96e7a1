"""Where a search service is asked, whatever address a device tells for it."""

from __future__ import annotations

import pytest

from probes.faults import AssetFaultError
from probes.onvif.search import service_url


@pytest.mark.parametrize(
    ("asked", "told", "url"),
    [
        ("http://10.1.1.1/d", "http://10.1.1.1/s", "http://10.1.1.1/s"),
        ("http://10.1.1.1:80/d", "http://10.1.1.1:8000/s", "http://10.1.1.1:8000/s"),
        ("http://10.1.1.1:8080/d", "http://10.1.1.1/s", "http://10.1.1.1:8080/s"),
        ("http://10.1.1.1:8080/d", "http://192.168.1.64:8000/s?x=1", "http://10.1.1.1:8080/s?x=1"),
        ("http://10.1.1.1/d", "http://evil.example/s", "http://10.1.1.1/s"),
        ("http://10.1.1.1/d", "http://10.1.1.1@evil.example/s", "http://10.1.1.1/s"),
        ("http://10.1.1.1/d", "http://evil.example@10.1.1.1:81/s", "http://10.1.1.1:81/s"),
        ("https://10.1.1.1/d", "http://10.1.1.1:80/s", "https://10.1.1.1/s"),  # never from https to http
        ("http://[fe80::1]/d", "http://[fe80::1]:81/s", "http://[fe80::1]:81/s"),
        ("http://10.1.1.1/d", "/s", "http://10.1.1.1/s"),
    ],
)
def test_a_service_is_asked_on_no_other_host(asked, told, url):
    assert service_url(asked, told) == url


@pytest.mark.parametrize("told", ["", "http://h", "http://h:99999/s", "http://[/s", "urn:x", "http://h/" + "a" * 600])
def test_what_is_no_address_is_refused(told):
    with pytest.raises(AssetFaultError):
        service_url("http://10.1.1.1/d", told)
