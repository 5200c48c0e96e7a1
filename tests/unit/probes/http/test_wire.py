"""HTTP as bytes: hostile input ends in a fault of the asset, never in another exception."""

from __future__ import annotations

import gzip
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.faults import AssetFaultError
from probes.http.wire import Headers, chunk_size, status_of, text_of, unzipped
from probes.kinds.http import redirected


@given(line=st.binary(max_size=300))
def test_any_line_is_understood_or_the_assets_fault(line):
    for read in (status_of, chunk_size, unzipped, Headers().add):
        with suppress(AssetFaultError):
            read(line)


@given(body=st.binary(max_size=300), charset=st.text(max_size=30))
def test_any_body_becomes_text(body, charset):
    assert isinstance(text_of(body, f"text/html; charset={charset}"), str)


@pytest.mark.parametrize("charset", ["zlib_codec", "rot13", "idna", "punycode", "unicode_escape"])
def test_a_codec_that_is_no_charset_of_pages_is_not_used(charset):
    assert text_of(b"<b>hello</b>", f"text/html; charset={charset}") == "<b>hello</b>"


def test_a_page_may_be_compressed_a_hundredfold_but_no_more():
    assert len(unzipped(gzip.compress(bytes(64 << 10)))) == 64 << 10
    with pytest.raises(AssetFaultError, match="answer too large"):
        unzipped(gzip.compress(bytes(4 << 20)))


def test_half_a_compressed_page_is_read_as_far_as_it_goes():
    assert unzipped(gzip.compress(b"hello" * 1000)[:-8]).startswith(b"hello")


@pytest.mark.parametrize(
    ("url", "location", "target"),
    [
        ("http://a/x", "/y", "http://a/y"),
        ("http://a/x", "https://a/x", "https://a/x"),
        ("http://a/x", "//a:8080/z", "http://a:8080/z"),
        ("http://a/x", "http://b/x", "http://b/x"),
    ],
)
def test_where_a_redirect_may_lead(url, location, target):
    assert redirected(url, location, ("b",)) == target


@pytest.mark.parametrize(
    "location", ["http://a/", "https://c/", "file:///etc/passwd", "https://me@a/", "https://a:x/", "https://["]
)
def test_where_a_redirect_may_not_lead(location):
    with pytest.raises(AssetFaultError):
        redirected("https://a/x", location, ("b",))


@given(location=st.text(max_size=80))
def test_no_redirect_leads_off_the_named_hosts(location):
    try:
        target = redirected("https://a/x", location, ())
    except AssetFaultError:
        return
    assert target.startswith("https://a")
