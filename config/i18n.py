"""Words for people, in Chinese and English: one gettext catalogue for all packages.

Source texts are English; `config/locale/zh_CN/LC_MESSAGES/sla.po` holds the Chinese, which is what
people get unless they ask for `en`. Catalogues are compiled to `.mo` when the project is built.
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
def catalogue(language: Language) -> gettext.NullTranslations:
    """The catalogue of a language; English needs none, and so cannot be missing."""
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("sla", localedir=_LOCALE, languages=["zh_CN"])


def in_language(text: str, language: Language) -> str:
    """The text in that language; English text for which there is no Chinese comes back as it is."""
    return catalogue(language).gettext(text)
