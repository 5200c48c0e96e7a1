"""How long a certificate is still good: what devices sign for themselves is read, and nonsense is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from probes.net.certificates import days_left
from tests.support.snmp.ber import ber as tlv

END = datetime(2050, 6, 1, tzinfo=UTC)
SEQUENCE, SET, OID, BOOLEAN, INTEGER, OCTETS = 0x30, 0x31, 0x06, 0x01, 0x02, 0x04
UTC_TIME, GENERALIZED_TIME, PRINTABLE, UTF8 = 0x17, 0x18, 0x13, 0x0C
VERSION, SERIAL, _ALGORITHM, _ISSUER, VALIDITY, SUBJECT, _KEY, EXTENSIONS = range(8)
COMMON_NAME, BASIC_CONSTRAINTS = bytes.fromhex("550403"), bytes.fromhex("551d13")


def parts(body: bytes) -> list[tuple[int, bytes]]:
    """Tag and content of the fields in these bytes."""
    found, at = [], 0
    while at < len(body):
        length, begin = body[at + 1], at + 2
        if length & 0x80:
            count = length & 0x7F
            length, begin = int.from_bytes(body[begin : begin + count], "big"), begin + count
        found.append((body[at], body[begin : begin + length]))
        at = begin + length
    return found


@cache
def made() -> bytes:
    """A certificate as it should be, good until END."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "cam-7")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(5).not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(END)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def with_field(place: int, tag: int, value: bytes) -> bytes:
    """The certificate with another field at that place of its signed part."""
    ((_, certificate),) = parts(made())
    (_, signed), *rest = parts(certificate)
    fields = [*parts(signed)]
    fields[place] = (tag, value)
    inside = b"".join(tlv(*each) for each in fields)
    return tlv(SEQUENCE, tlv(SEQUENCE, inside) + b"".join(tlv(*each) for each in rest))


def with_end(tag: int, text: bytes) -> bytes:
    return with_field(VALIDITY, SEQUENCE, tlv(UTC_TIME, b"200101000000Z") + tlv(tag, text))


def with_extension(critical: bytes) -> bytes:
    extension = tlv(OID, BASIC_CONSTRAINTS) + critical + tlv(OCTETS, tlv(SEQUENCE, b""))
    return with_field(EXTENSIONS, 0xA3, tlv(SEQUENCE, tlv(SEQUENCE, extension)))


def with_name(tag: int, text: bytes) -> bytes:
    return with_field(SUBJECT, SEQUENCE, tlv(SET, tlv(SEQUENCE, tlv(OID, COMMON_NAME) + tlv(tag, text))))


def test_days_are_counted_to_the_end_and_below_nothing_after_it():
    assert days_left(made(), (END - timedelta(days=30)).timestamp()) == 30.0
    assert days_left(made(), (END - timedelta(minutes=30)).timestamp()) == 0.02
    assert days_left(made(), (END + timedelta(days=1)).timestamp()) == -1.0


@pytest.mark.parametrize(
    ("tag", "text", "end"),
    [
        (UTC_TIME, b"491231235959Z", datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (UTC_TIME, b"500101000000Z", datetime(1950, 1, 1, tzinfo=UTC)),  # RFC 5280 §4.1.2.5.1
        (GENERALIZED_TIME, b"20400101000000Z", datetime(2040, 1, 1, tzinfo=UTC)),  # should be a UTCTime
        (GENERALIZED_TIME, b"99991231235959Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_both_ways_to_write_the_end_are_read(tag, text, end):
    assert days_left(with_end(tag, text), 0) == round(end.timestamp() / 86_400, 2)


@pytest.mark.parametrize(
    "der",
    [
        pytest.param(lambda: with_extension(tlv(BOOLEAN, b"\x00")), id="critical written out as FALSE"),
        pytest.param(lambda: with_extension(tlv(BOOLEAN, b"\x01")), id="TRUE written as 1"),
        pytest.param(lambda: with_name(PRINTABLE, b"admin@cam_7*"), id="characters that PrintableString lacks"),
        pytest.param(lambda: with_name(UTF8, b"\xff\xfe"), id="a name that is no UTF-8"),
        pytest.param(lambda: with_field(SUBJECT, SEQUENCE, tlv(SET, b"")), id="an empty name"),
        pytest.param(lambda: with_field(SERIAL, INTEGER, b"\x00\x05"), id="a serial number with a leading zero"),
        pytest.param(lambda: with_field(SERIAL, INTEGER, b"\x85"), id="a serial number below zero"),
        pytest.param(lambda: with_field(SERIAL, INTEGER, b"\x01" * 40), id="a serial number without measure"),
        pytest.param(lambda: with_field(VERSION, 0xA0, tlv(INTEGER, b"\x03")), id="a version that is not there yet"),
        pytest.param(lambda: with_field(VERSION, 0xA0, tlv(INTEGER, b"\x00")), id="version 1 written out"),
        pytest.param(lambda: with_field(EXTENSIONS, 0xA3, tlv(SEQUENCE, b"")), id="no extension in the list of them"),
        pytest.param(lambda: made() + b"more", id="something behind it"),
    ],
)
def test_faults_of_form_that_tls_accepts_are_none_of_the_end(der):
    """The case: a camera's own certificate, good for years; `cryptography` reads none of most of these."""
    assert days_left(der(), 0) == round(END.timestamp() / 86_400, 2)


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        (UTC_TIME, b"491231235959+0800"),
        (GENERALIZED_TIME, b"20400101000000.5Z"),
        (GENERALIZED_TIME, b"20401301000000Z"),
        (UTC_TIME, b""),
        (UTC_TIME, b"\xff\xfe"),
    ],
)
def test_an_end_that_is_no_instant_in_utc_is_refused(tag, text):
    with pytest.raises(ValueError, match="^a certificate without an end in UTC$"):
        days_left(with_end(tag, text), 0)


@pytest.mark.parametrize(
    "der",
    [b"", b"\x30", b"\x30\x84\xff\xff\xff\xff", b"GET / HTTP/1.1", b"\x30\x00", b"\x30\x80\x00\x00", bytes(100)],
)
def test_what_is_no_certificate_is_refused(der):
    with pytest.raises(ValueError, match="^not a certificate$"):
        days_left(der, 0)


def test_an_end_that_is_no_time_at_all_is_no_certificate_s():
    with pytest.raises(ValueError, match="^not a certificate$"):
        days_left(with_end(OCTETS, b"20400101000000Z"), 0)


@given(st.data())
def test_a_certificate_with_any_bytes_changed_or_missing_is_read_or_refused(data):
    der = bytearray(made())
    for place in data.draw(st.lists(st.integers(0, len(der) - 1), max_size=5)):
        der[place] = data.draw(st.integers(0, 255))
    seen = outcome(bytes(der[: data.draw(st.integers(0, len(der)))]))
    assert isinstance(seen, float) or seen in ("not a certificate", "a certificate without an end in UTC")


def outcome(der: bytes) -> float | str:
    try:
        return days_left(der, 0)
    except ValueError as error:
        return str(error)
