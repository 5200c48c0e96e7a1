"""Signatures under a month's seal: Ed25519, written as C2SP's signed note has them. The one place that uses keys.

    the signed text, which ends with a line feed
    (an empty line)
    — zhanhe/vendor base64( first 4 bytes of the key's hash ‖ signature )

A verification key is `name+hash+base64( 0x01 ‖ public key )`. A signature says who agreed to a head.
What protects the ledger is that each party keeps the head, not that anybody has a key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import TYPE_CHECKING

from config.input.mistakes import RefusalError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_ED25519 = b"\x01"
_HASH_BYTES = 4
_MAKE_A_KEY = "openssl genpkey -algorithm ed25519"
_NAME = re.compile(r"[^\s+]{1,200}")


class KeyUnusableError(RefusalError, ValueError):
    """No Ed25519 key, or no signature, of the form that is wanted; the text never shows a private key."""


def signed(note: str, pem: bytes, name: str) -> tuple[str, str]:
    """The note with a signature more, and the verification key of who signed. `pem`: PKCS 8 or OpenSSH."""
    if _NAME.fullmatch(name) is None:
        raise KeyUnusableError("{name}: a signer's name has neither spaces nor a plus sign", name=repr(name))
    key = _private(pem)
    public = key.public_key().public_bytes_raw()
    text = text_of(note)
    line = base64.b64encode(_key_hash(name, public) + key.sign(text.encode())).decode()
    signature = f"— {name} {line}\n"
    before = note if "\n\n— " in note else text + "\n"
    return before if signature in before else before + signature, verification_key(name, public)


def text_of(note: str) -> str:
    """What the signatures are over: the note without them."""
    text, _, _ = note.partition("\n\n— ")
    return text.rstrip("\n") + "\n"


def verification_key(name: str, public: bytes) -> str:
    """The public key as a line that can be handed around."""
    shown = base64.b64encode(_ED25519 + public).decode()
    return f"{name}+{_key_hash(name, public).hex()}+{shown}"


def is_signed_by(note: str, key: str) -> bool:
    """Whether one of the note's signatures is by that verification key; KeyUnusableError where it is none."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - only who signs needs it
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - only who signs needs it

    name, public = _public(key)
    for line in note.splitlines():
        dash, _, rest = line.partition(" ")
        signer, _, value = rest.rpartition(" ")
        if dash != "—" or signer != name:
            continue
        try:
            signature = base64.b64decode(value, validate=True)
            if signature[:_HASH_BYTES] == _key_hash(name, public):
                Ed25519PublicKey.from_public_bytes(public).verify(signature[_HASH_BYTES:], text_of(note).encode())
                return True
        except (InvalidSignature, binascii.Error):
            continue
    return False


def _key_hash(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:_HASH_BYTES]


def _public(key: str) -> tuple[str, bytes]:
    name, _, rest = key.strip().partition("+")
    try:
        data = base64.b64decode(rest.partition("+")[2], validate=True)
    except binascii.Error:
        data = b""
    if data[:1] != _ED25519 or len(data) != 33 or verification_key(name, data[1:]) != key.strip():  # noqa: PLR2004 - type and key
        text = "{key}: no verification key; wanted name+hash+base64, as `sla-agent countersign` prints it"
        raise KeyUnusableError(text, key=repr(key.strip()[:120]))
    return name, data[1:]


def _private(pem: bytes) -> Ed25519PrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - only who signs needs it
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - only who signs needs it
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - only who signs needs it
        load_pem_private_key,
        load_ssh_private_key,
    )

    load = load_ssh_private_key if b"OPENSSH PRIVATE KEY" in pem else load_pem_private_key
    try:
        key = load(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        text = "no private key that can be read, or one with a passphrase; make one: {command}"
        raise KeyUnusableError(text, command=_MAKE_A_KEY) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusableError("another kind of key; wanted Ed25519: {command}", command=_MAKE_A_KEY)
    return key
