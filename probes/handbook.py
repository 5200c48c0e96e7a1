"""docs/probes.md and its Chinese twin, written from the registry by `python -m probes.handbook en` (or `zh`).

A test holds the files to that. `sla-agent probe KIND` prints a section.
"""

from __future__ import annotations

import sys
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from config.input.models import CheckOptions, Duration
from config.text.figures import share
from config.text.i18n import in_language
from config.text.reasons import reason_in
from probes.reasons import OURS
from probes.registry import PROBES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

from config.text.i18n import Language

DOMAIN = "handbook"
"""The catalogue of this page's texts."""
PAGES: Mapping[Language, str] = {"en": "probes.md", "zh": "probes.zh-CN.md"}

_OPENING = """\
A probe looks at one asset, once, and says `ok`, `fail` with a reason, or `none`: we could not look, which says
nothing about the asset.

A reason is one of the phrases below, often with what was seen behind a colon: `unexpected status: 503`. The phrases
are stable and can be searched for.

Every kind also takes the common keys of a check: `name`, `address`, `interval`, `timeout`, `tries`, `retry_pause`,
`failing_interval`, `severity`, `reach`, `counts`. A look ends by its `timeout`, whatever the other side does.
"""
_WHOSE_FAULT = """\
What `connect` or `send` refuses at once (no route, network down, forbidden by our firewall, no free port, no file
descriptor) is ours: `none`. What comes back later (refused, reset, silence, "unreachable" from the way) is `fail`.

An ICMP complaint proves nothing, as anybody can send one: it only names the reason after the time-out.

A host **name** that does not resolve is `none` for every kind but `dns`: a dead resolver is ours, and a name that
does not exist says nothing about the machine that should bear it. A contract that promises the name needs a `dns`
check.

Where all looks of a kind go silent on three hosts or more, the agent asks the same hosts by another kind; if they
answer that, the silence is `none` ([site.md](site.md#uplink)).

Too little evidence because of us (buffer overrun, a stall, no permission) is `none`.

Anything else that goes wrong inside a probe is a fault of the program and becomes `none` with a line in the log.
"""
_PATIENCE = """\
`tries` is {tries} and `retry_pause` `{pause}` (less if that does not fit into the interval), unless the check or
`[defaults]` says otherwise.
"""
_NEVER = "What it can never see:"


def handbook(language: Language = "en") -> str:
    """The whole page, as Markdown."""
    say = partial(in_language, language=language, domain=DOMAIN)
    ours = say("Phrases of `none`: {phrases}. Errors of the system come under their own names.")
    parts = [
        f"# {say('Probes')}",
        "[English](probes.md)" if language == "zh" else "[中文](probes.zh-CN.md)",
        *map(say, _paragraphs(_OPENING)),
        say("This page is written from the code: `{command}`.").format(
            command=f"python -m probes.handbook {language} > docs/{PAGES[language]}"
        ),
        *(section(name, language) for name in PROBES),
        f"## {say('Whose fault')}",
        "\n".join(f"- {say(each)}" for each in _paragraphs(_WHOSE_FAULT)),
        ours.format(phrases=_listed(OURS, language)),
    ]
    return "\n\n".join(parts) + "\n"


def section(name: str, language: Language) -> str:
    """What a kind looks for, its options, metrics and reasons, as Markdown."""
    kind = PROBES[name]
    say = partial(in_language, language=language, domain=DOMAIN)
    options = [
        (f"`{key}`", _default(field, say), say(str(field.description)))
        for key, field in kind.options.model_fields.items()
    ]
    parts = [
        f"## `{name}`",
        *_explained(kind.options, say),
        *_patience(kind.options, say),
        _table([say(each) for each in ("option", "default", "meaning")], options),
        _table(
            [say(each) for each in ("metric", "meaning")],
            [(f"`{key}`", say(text)) for key, text in kind.metrics.items()],
        ),
        say("Reasons of `fail`: {phrases}.").format(phrases=_listed(kind.reasons, language)),
    ]
    return "\n\n".join(parts)


def question(name: str, language: Language) -> str:
    """What a kind looks for, in a sentence."""
    return in_language(_texts(PROBES[name].options)[0], language, DOMAIN)


def texts() -> Iterator[str]:
    """Every text of the page that is translated in the catalogue of its own."""
    yield from _paragraphs(f"{_OPENING}\n\n{_WHOSE_FAULT}\n\n{_PATIENCE}")
    for kind in PROBES.values():
        yield from _texts(kind.options)
        yield from (str(field.description) for field in kind.options.model_fields.values())
        yield from kind.metrics.values()


def _texts(options: type[BaseModel]) -> list[str]:
    """The docstring of the kind's file: the question, what its answers mean, what it can never see."""
    text = (sys.modules[options.__module__].__doc__ or "").strip()
    return _paragraphs(text.replace(_NEVER, "\n\n"))


def _paragraphs(text: str) -> list[str]:
    """Each as one line."""
    return [" ".join(each.split()) for each in text.split("\n\n") if each.strip()]


def _explained(options: type[BaseModel], say: Callable[[str], str]) -> list[str]:
    *told, never = (say(each) for each in _texts(options))
    return [*told, f"**{say(_NEVER)}** {never}"]


def _patience(options: type[BaseModel], say: Callable[[str], str]) -> list[str]:
    patience = options.patience if issubclass(options, CheckOptions) else None
    if patience is None:
        return []
    return [say(_paragraphs(_PATIENCE)[0]).format(tries=patience.tries, pause=f'"{patience.retry_pause // 1000}s"')]


def _default(field: FieldInfo, say: Callable[[str], str]) -> str:
    if field.is_required():
        return say("required")
    value = field.default
    if value is None or value == ():
        return "–"
    if any(each in field.metadata for each in Duration.__metadata__):  # type: ignore[attr-defined]
        return f'`"{value // 1000}s"`' if value % 1000 == 0 else f'`"{value}ms"`'
    if isinstance(value, Fraction):
        return f'`"{share(value)}"`'
    return f"`{str(value).lower()}`" if isinstance(value, bool | int | float) else f'`"{value}"`'


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(each) + " |" for each in lines)


def _listed(phrases: Iterable[str], language: Language) -> str:
    """As they stand in a reading; in Chinese with what people are shown."""
    if language == "en":
        return ", ".join(f"`{phrase}`" for phrase in phrases)
    return "、".join(f"{reason_in(phrase, language)}（`{phrase}`）" for phrase in phrases)


def main() -> None:
    """Print the page in the language that the first argument names."""
    language = sys.argv[1] if sys.argv[1:] else "en"
    sys.stdout.write(handbook("zh" if language == "zh" else "en"))


if __name__ == "__main__":
    main()
