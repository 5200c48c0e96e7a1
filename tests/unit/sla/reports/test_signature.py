"""A PDF signed with a certificate of one's own: valid over the whole file, and not after a change."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from sla.reports.layout.signature import PASSWORD, SignatureError, password_of, signed
from sla.reports.layout.typeset import typeset_pdf

EMPTY = {
    "title": "t", "subtitle": "", "lang": "zh", "dated": {"year": 2026, "month": 11, "day": 1}, "marks": [],
    "foot": ["c"], "running": "t", "page": ["第 ", " 页 共 ", " 页"], "cover": [],
    "chapters": [{"wide": False, "blocks": [{"kind": "Paragraph", "tone": "", "text": "应付 100.00"}]}],
}  # fmt: skip


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "甲方")])
    begin = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(begin)
        .not_valid_after(begin + dt.timedelta(days=36_500))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("key") / "own.p12"
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"own", key, made, None, BestAvailableEncryption(b"pass")))
    return path


@pytest.fixture(scope="module")
def pdf():
    return typeset_pdf("document.typ", EMPTY, dt.date(2026, 11, 1))


def checked(data):
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    (found,) = PdfFileReader(io.BytesIO(data)).embedded_signatures
    status = validate_pdf_signature(found, ValidationContext(trust_roots=[found.signer_cert], allow_fetching=False))
    return (
        status.intact
        and status.valid
        and status.coverage.name == "ENTIRE_FILE"
        and (status.modification_level in (None, ModificationLevel.NONE))
    )


def test_a_signature_covers_the_whole_file(pdf, certificate):
    found = signed(pdf, certificate, b"pass")
    assert found.startswith(pdf)
    assert checked(found)


def test_a_byte_changed_afterwards_breaks_it(pdf, certificate):
    found = bytearray(signed(pdf, certificate, b"pass"))
    place = found.index(b"CreationDate")
    found[place + 14 : place + 20] = b"(D:199"
    assert not checked(bytes(found))


@pytest.mark.parametrize("password", [b"wrong", None])
def test_a_wrong_password_is_told_without_the_password(pdf, certificate, password):
    with pytest.raises(SignatureError, match="password is wrong") as told:
        signed(pdf, certificate, password)
    assert "wrong'" not in str(told.value)


def test_a_certificate_that_is_not_there_is_told(pdf, tmp_path):
    with pytest.raises(SignatureError, match="no file"):
        signed(pdf, tmp_path / "none.p12", b"")


def test_the_password_comes_from_a_file_or_the_environment(tmp_path, monkeypatch):
    monkeypatch.delenv(PASSWORD, raising=False)
    assert password_of(None) is None
    monkeypatch.setenv(PASSWORD, "told")
    assert password_of(None) == b"told"
    file = tmp_path / "password"
    file.write_text("written\n")
    assert password_of(file) == b"written"
