"""HTTP/1.1 responses as bytes (RFC 9110, RFC 9112): the parts that a probe needs, bounded. No I/O."""

from __future__ import annotations

import re
import zlib

from probes.faults import AssetFaultError
from probes.reasons import NOT_UNDERSTOOD, TOO_MUCH, theirs

MOST_HEADER_LINES = 200
MOST_HEADER_BYTES = 64 << 10
MOST_BODY_BYTES = 1 << 20
MOST_PLAIN_BYTES = 4 << 20
MOST_RATIO = 100
_RATIO_FREE_BYTES = 64 << 10
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-9]\d\d)(?: .*)?", re.DOTALL)
_CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,8})\s*(?:;.*)?", re.DOTALL)
_CHARSET = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
"""Spaces are counted, as two runs of them in a row take the square of their number."""
_META_BYTES = 2_048
_CHARSETS = {"utf-8", "utf8", "gbk", "gb2312", "gb18030", "big5", "iso-8859-1", "us-ascii", "windows-1252"}


def status_of(line: bytes) -> int:
    """The status of a status line. AssetFaultError: it is none."""
    match = _STATUS_LINE.fullmatch(line)
    if match is None:
        raise AssetFaultError(NOT_UNDERSTOOD, "begins with", theirs(repr(line[:40])))
    return int(match.group(1))


class Headers:
    """Header fields as they come in, line by line, within bounds B2 and B5; names in lower case."""

    def __init__(self) -> None:
        self._fields: dict[str, str] = {}
        self._every: dict[str, list[str]] = {}
        self._lines = 0
        self._bytes = 0

    def add(self, line: bytes) -> None:
        """Take one line. AssetFaultError: too many, too long, or not a header."""
        self._lines += 1
        self._bytes += len(line)
        if self._lines > MOST_HEADER_LINES or self._bytes > MOST_HEADER_BYTES:
            raise AssetFaultError(TOO_MUCH, "headers")
        if line[:1] in (b" ", b"\t"):
            return  # an obsolete continuation; none of the fields that we read has one
        name, colon, value = line.partition(b":")
        if not colon or not name:
            raise AssetFaultError(NOT_UNDERSTOOD, "a header line without a colon")
        key, text = name.strip().decode("latin-1").lower(), value.strip().decode("latin-1")
        if key == "content-length" and self._fields.get(key, text) != text:
            raise AssetFaultError(NOT_UNDERSTOOD, "two lengths of one body")
        self._fields[key] = text
        self._every.setdefault(key, []).append(text)

    def all(self, name: str) -> list[str]:
        """Every value of a field, in order."""
        return self._every.get(name, [])

    def __getitem__(self, name: str) -> str:
        """The (last) value of a field; empty if there is none."""
        return self._fields.get(name, "")

    def length(self) -> int | None:
        """Content-Length; None if the body ends with the connection."""
        text = self["content-length"]
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 20):  # noqa: PLR2004 - beyond 64 bits
            raise AssetFaultError(NOT_UNDERSTOOD, "the length of the body")
        return int(text)

    def is_chunked(self) -> bool:
        """Whether the body comes in chunks."""
        return self["transfer-encoding"].lower().rpartition(",")[2].strip() == "chunked"

    def is_gzip(self) -> bool:
        """Whether the body is compressed as we allowed."""
        return self["content-encoding"].lower() in ("gzip", "x-gzip")


def chunk_size(line: bytes) -> int:
    """The size that a chunk's first line names; 0 is the last chunk."""
    match = _CHUNK_LINE.fullmatch(line)
    if match is None:
        raise AssetFaultError(NOT_UNDERSTOOD, "the size of a chunk")
    return int(match.group(1), 16)


def unzipped(body: bytes) -> bytes:
    """The plain text of a gzip body that may break off, within bound B3. AssetFaultError: a bomb, or no gzip."""
    most = min(MOST_PLAIN_BYTES, MOST_RATIO * len(body) + _RATIO_FREE_BYTES)
    try:
        plain = zlib.decompressobj(wbits=31).decompress(body, most + 1)
    except zlib.error:
        raise AssetFaultError(NOT_UNDERSTOOD, "gzip") from None
    if len(plain) > most:
        raise AssetFaultError(TOO_MUCH, "when decompressed")
    return plain


def text_of(body: bytes, content_type: str) -> str:
    """The body as text, in the charset that the header or the page itself names; UTF-8 if none or a strange one."""
    named = _CHARSET.search(content_type.encode("latin-1", "replace")) or _CHARSET.search(body[:_META_BYTES])
    charset = named.group(1).decode("ascii").lower() if named else "utf-8"
    if charset in ("gbk", "gb2312"):
        charset = "gb18030"  # pages say gb2312 and use more
    return body.decode(charset if charset in {*_CHARSETS} else "utf-8", "replace")
