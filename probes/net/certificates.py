"""How long a certificate is still good (RFC 5280 §4.1.2.5), trusted or not; asn1crypto reads its bytes.

`cryptography`, which does all else with keys here, refuses certificates that devices sign for themselves and that TLS
accepts: a serial number with a leading zero, `critical` written out as FALSE, an @ in a PrintableString. That would
hold a fault of form against an asset whose certificate is good for years.
"""

from __future__ import annotations

from datetime import UTC, datetime

from asn1crypto.x509 import Certificate, UTCTime  # type: ignore[import-untyped]

_DAY_S = 86_400


def days_left(der: bytes, now_s: float) -> float:
    """Days from `now_s` (seconds since 1970) to the end of the certificate, to 0.01; negative once it is over.

    ValueError, in words of the catalogue of reasons: not a certificate, or one whose end is no time in UTC.
    """
    return round((_ends_at(der).timestamp() - now_s) / _DAY_S, 2)


def _ends_at(der: bytes) -> datetime:
    try:
        end = Certificate.load(der)["tbs_certificate"]["validity"]["not_after"].chosen
    except ValueError:
        raise ValueError("not a certificate") from None
    text = end.contents.decode("ascii", "replace")
    if isinstance(end, UTCTime):
        text = ("19" if text[:2] >= "50" else "20") + text
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise ValueError("a certificate without an end in UTC") from None
