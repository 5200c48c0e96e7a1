"""How long a certificate is still good, read from its DER bytes (RFC 5280 §4.1.2.5), trusted or not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

_SEQUENCE, _VERSION, _UTC_TIME, _GENERALIZED_TIME = 0x30, 0xA0, 0x17, 0x18
_LONG_FORM = 0x80
_LENGTH_BYTES = 4
_DAY_S = 86_400


class _Field(NamedTuple):
    tag: int
    begin: int
    end: int


def days_left(der: bytes, now_s: float) -> float:
    """Days from `now_s` (seconds since 1970) to the end of the certificate; negative once it is over.

    ValueError: not a certificate.
    """
    return round((_ends_at(der).timestamp() - now_s) / _DAY_S, 2)


def _ends_at(der: bytes) -> datetime:
    certificate = _field(der, 0, len(der), _SEQUENCE)
    signed = _field(der, certificate.begin, certificate.end, _SEQUENCE)
    at = signed.begin
    if _field(der, at, signed.end).tag == _VERSION:
        at = _field(der, at, signed.end).end
    for _serial_algorithm_issuer in range(3):
        at = _field(der, at, signed.end).end
    validity = _field(der, at, signed.end, _SEQUENCE)
    begins = _field(der, validity.begin, validity.end)
    return _time(der, _field(der, begins.end, validity.end))


def _field(der: bytes, at: int, end: int, wanted: int | None = None) -> _Field:
    """The field that begins at `at` and must end by `end`; lengths are definite in DER."""
    if at + 2 > end:
        raise ValueError("a certificate that breaks off")
    tag, length, begin = der[at], der[at + 1], at + 2
    if length >= _LONG_FORM:
        count = length - _LONG_FORM
        if not 1 <= count <= _LENGTH_BYTES:
            raise ValueError("a certificate with a field of unlikely length")
        length, begin = int.from_bytes(der[begin : begin + count]), begin + count
    if begin + length > end or wanted not in (None, tag):
        raise ValueError("not a certificate")
    return _Field(tag, begin, begin + length)


def _time(der: bytes, field: _Field) -> datetime:
    text = der[field.begin : field.end].decode("ascii", "replace")
    if field.tag == _UTC_TIME:
        century = "19" if text[:2] >= "50" else "20"
        text = century + text
    elif field.tag != _GENERALIZED_TIME:
        raise ValueError("a certificate without an end")
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
