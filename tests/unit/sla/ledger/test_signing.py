"""Signatures under a month's seal."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from sla.ledger.signing import KeyUnusableError, is_signed_by, signed, text_of, verification_key

TEXT = "sla-ledger/1/zhanhe/2026-10\n42\nAAAA\nhead 42 " + "a" * 64 + "\n"


def pem(key, form=PrivateFormat.PKCS8, secret=None):
    return key.private_bytes(Encoding.PEM, form, secret or NoEncryption())


@pytest.fixture
def key():
    return Ed25519PrivateKey.generate()


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.OpenSSH])
def test_two_parties_sign_the_same_text(key, form):
    other = Ed25519PrivateKey.generate()
    once, vendor = signed(TEXT, pem(key, form), "zhanhe/vendor")
    twice, customer = signed(once, pem(other), "zhanhe/customer")
    assert text_of(twice) == text_of(once) == TEXT
    assert is_signed_by(twice, vendor)
    assert is_signed_by(twice, customer)
    assert not is_signed_by(once, customer)


def test_signing_twice_adds_nothing(key):
    once, _ = signed(TEXT, pem(key), "zhanhe/vendor")
    assert signed(once, pem(key), "zhanhe/vendor")[0] == once


def test_a_signature_is_of_this_text_only(key):
    note, vendor = signed(TEXT, pem(key), "zhanhe/vendor")
    assert not is_signed_by(note.replace("head 42 a", "head 42 b"), vendor)


def test_another_key_of_the_same_name_did_not_sign(key):
    note, _ = signed(TEXT, pem(key), "zhanhe/vendor")
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    assert not is_signed_by(note, verification_key("zhanhe/vendor", other))


def test_a_signature_that_is_none_is_passed_over(key):
    note, vendor = signed(TEXT, pem(key), "zhanhe/vendor")
    assert is_signed_by(note.replace("\n\n— ", "\n\n— zhanhe/vendor ???\n— ", 1), vendor)


def test_a_verification_key_that_was_touched_is_refused(key):
    _, vendor = signed(TEXT, pem(key), "zhanhe/vendor")
    for touched in (vendor.replace("vendor", "buyer"), vendor[:-6], "vendor", ""):
        with pytest.raises(KeyUnusableError, match="no verification key"):
            is_signed_by(TEXT, touched)


def test_a_key_of_another_kind_is_refused_and_not_shown():
    wrong = pem(generate_private_key(SECP256R1()))
    with pytest.raises(KeyUnusableError, match="another kind of key"):
        signed(TEXT, wrong, "zhanhe/vendor")


def test_a_key_that_cannot_be_read_is_refused_and_not_shown(key):
    for unread in (b"nothing", pem(key, secret=BestAvailableEncryption(b"x"))):
        with pytest.raises(KeyUnusableError, match="no private key that can be read"):
            signed(TEXT, unread, "zhanhe/vendor")


def test_a_name_that_would_break_the_line_is_refused(key):
    with pytest.raises(KeyUnusableError, match="neither spaces"):
        signed(TEXT, pem(key), "the vendor")
