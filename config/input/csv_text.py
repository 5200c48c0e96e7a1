"""The text of CSV files as offices save them: UTF-8, or GB18030 from Excel in China."""

from __future__ import annotations

_ENCODINGS = ("utf-8-sig", "gb18030")


def csv_text(raw: bytes) -> str | None:
    """The text in the first of the encodings that the bytes are valid in; None where they are in neither.

    A text with NUL in it is none either: it is UTF-16, or no text at all.
    """
    for encoding in _ENCODINGS:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    return None
