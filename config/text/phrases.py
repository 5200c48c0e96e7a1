"""Sentences about mistakes in the person's language.

A mistake is found long before anybody knows who will read it, and its English text is what programs and
tests compare. So it is translated where it is told: whole if the catalogue has it, else by the phrase that
it was made from.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from config.text.i18n import in_language

if TYPE_CHECKING:
    from config.text.i18n import Language

PHRASES = (
    "one of the calendars {names}",
    "one of {names}",
    "a number at least {bound}",
    "a number at most {bound}",
    "a number above {bound}",
    "a name from [probes.NAME] or a probe kind: {kinds}",
    "a probe kind: {kinds}",
    'an IANA time zone, like "Asia/Shanghai"; did you mean {name}?',
    '"workdays", "all", or a list of {days}',
    "an id of its own; line {line} has it",
    "an id of its own; {place} has it",
    "a file that can be read ({why})",
    "a file that only its owner may read: chmod 600 {name}",
    "{count}, as in the first line",
    "{count} cells",
    "{check} twice",
    "{file} with mode {mode}",
    "no TOML: {why}",
    "no CSV: {why}",
    "severity: one of {names}",
    "{key}: got {got}, wanted {wanted}",
    "got {got}, wanted {wanted}",
    "{key}: missing in this {kind}",
    "{key}: no {kind} {name} in this evidence",
    "{key}: this key is there twice",
    "no JSON: {why}",
    "{what} contradicts the one on line {line}; both are refused",
    "reach: asset {asset} has the reach checks {one} and {other}; at most one",
    "behind: a circle, {circle}",
    "{text} is no instant; wanted RFC 3339 with an offset, like 2026-10-01T08:00:00+08:00",
    "{text} is finer than a millisecond; an instant is a whole number of milliseconds",
    "{text} is no instant: {why}",
    "{text} is no month; wanted YYYY-MM, like 2026-10",
    "a scope key: {names}",
    "an object of {names}",
    "{path}: no record has an instant; say --as-of",
    "{text} is no quarter and no year; wanted 2026-Q3 or 2026",
    "{text} is no quarter; wanted 2026-Q3",
    "{text} is no year; wanted 2026",
    "{period}: the term has no month in it that had begun",
    "{year} was asked for, and {file} is about {other}",
    "one of the contract's obligations {names}",
    "one of the blocks {names}",
    "one of the groups {names}",
    "one that the export has: {names}",
    "one of actual, cases, survey, obligations; not {names}",
    "sources whose annual adds up to {sum}",
    "sources whose executed adds up to {sum}",
    "columns: only {names}",
    "target: {why}",
    "actual: {why}",
    "indicators that add up to {points}",
    "{points} points in {block}",
    "{points} points",
    "a column {names}",
    "at most {bound}, the cases that were due",
    "at most {bound}, the cases that were disposed of",
    "at most {bound}, the valid answers",
    "at most {bound}, those who were asked",
    "at most {bound} rows",
    "at most {bound} columns",
    "one row for each department and source; line {line} has it",
    "the sum of the rows, {sum}",
    "{count}, as in the header",
    "no file {path}; wanted a PKCS#12 file (.p12, .pfx)",
    "{path} is no PKCS#12 file, or its password is wrong (${variable}, --sign-password-file FILE)",
    "no font with Chinese; mend it with: {command} (or set {variable} to a directory with one)",
    "{address} is more than a host and a port: write the whole URL, or `path`",
    "no port for {address}: give `port`, or host:port",
    "{address} is not a host alone, without port or scheme",
    "{address} is not a host, host:port or URL",
    "{scheme}:// is not {schemes} without a login",
    "{file}:{line}: {reason}",
    "{asked} addresses are too many to ask; wanted ranges of at most {most} together",
    "{option}: {reason}",
)
"""Phrases with something inside; their Chinese is in the catalogue, as it is for those without."""


def told_in(text: str, language: Language) -> str:
    """Every line of the text in that language."""
    return "\n".join(phrase_in(line, language) for line in text.split("\n"))


def phrase_in(text: str, language: Language) -> str:
    """The text in that language; as it is where there is no translation."""
    whole = in_language(text, language)
    if whole != text or language == "en" or not text:
        return whole
    for phrase in PHRASES:
        found = _pattern(phrase).fullmatch(text)
        if found:
            parts = {name: phrase_in(part, language) for name, part in found.groupdict().items()}
            return in_language(phrase, language).format(**parts)
    return text


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    """`{line}` is a number, `{file}`, `{key}` and `{option}` have no colon and space, the rest is anything."""
    shapes = {"line": r"\d+", "key": r"[\w.\[\] ]+", "option": r"--[\w-]+", "file": r".+?"}
    made = re.sub(r"\\{(\w+)\\}", lambda found: f"(?P<{found[1]}>{shapes.get(found[1], '.+')})", re.escape(phrase))
    return re.compile(made)
