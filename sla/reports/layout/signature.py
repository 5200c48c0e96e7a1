"""A signature into a PDF with a certificate that the user has: PAdES, over the whole file, by pyHanko.

Only the user's own key is used, read from a PKCS#12 file; its password comes from a file or the environment,
never from the command line, where every user of the machine could read it.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, Any

from config.input.secrets import Secret
from config.input.usage import UsageError
from config.text.sentence import Sentence

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "SLA_SIGN_PASSWORD"  # noqa: S105 - the name of a variable
FIELD = "Signature"


class SignatureError(UsageError):
    """The PDF cannot be signed."""


def password_of(file: Path | None) -> bytes | None:
    """From the first line of a file, else from the environment; None: neither. SecretMissingError: no such file."""
    if file is not None:
        return Secret(file=file, variable=None).text().encode()
    told = os.environ.get(PASSWORD)
    return None if told is None else told.encode()


def signed(pdf: bytes, certificate: Path, password: bytes | None) -> bytes:
    """The PDF with a signature over all of it. SignatureError where the certificate cannot be used.

    Two runs differ: a signature holds the time and a random number. What is signed is the same.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 - loaded to sign only
    from pyhanko.sign import PdfSignatureMetadata, signers  # noqa: PLC0415 - only who signs pays for it
    from pyhanko.sign.fields import SigSeedSubFilter  # noqa: PLC0415 - only who signs pays for it

    if not certificate.is_file():
        why = Sentence("no file {path}; wanted a PKCS#12 file (.p12, .pfx)", path=str(certificate))
        raise SignatureError("{option}: {reason}", option="--sign", reason=why)
    load: Any = signers.SimpleSigner.load_pkcs12_data
    try:
        signer = load(certificate.read_bytes(), other_certs=[], passphrase=password)
    except ValueError:
        why = Sentence(
            "{path} is no PKCS#12 file, or its password is wrong (${variable}, --sign-password-file FILE)",
            path=str(certificate),
            variable=PASSWORD,
        )
        raise SignatureError("{option}: {reason}", option="--sign", reason=why) from None
    about = PdfSignatureMetadata(field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    written: io.BytesIO = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), about, signer=signer)
    return written.getvalue()
