"""Words for people, in Chinese and English: one gettext catalogue for all packages, two for probes.

Source texts are English; below `config/text/locale` the Chinese stands, which is what people get unless they ask for
`en`: `sla.po`, `handbook.po` for the probes' handbook, `reasons.po` for what was wrong when something was looked at.
Catalogues are compiled to `.mo` when the project is built.
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
_LOCALE = Path(__file__).with_name("locale")


@cache
def catalogue(language: Language, domain: str = "sla") -> gettext.NullTranslations:
    """A catalogue of a language; English needs none, and so cannot be missing."""
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation(domain, localedir=_LOCALE, languages=["zh_CN"])


def in_language(text: str, language: Language, domain: str = "sla") -> str:
    """The text in that language; English text for which there is no Chinese comes back as it is."""
    return catalogue(language, domain).gettext(text) if text else text
