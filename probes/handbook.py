"""docs/probes.md, written from the registry by `python -m probes.handbook`; a test holds the file to that."""

from __future__ import annotations

import sys
from fractions import Fraction
from typing import TYPE_CHECKING

from config.models import CheckOptions, Duration
from probes.reasons import OURS
from probes.registry import PROBES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

    from probes.registry import Kind

_OPENING = """\
# Probes

A probe looks at one asset, once, and says `ok`, `fail` with a reason, or `none`: we could not look, which says
nothing about the asset. This page is written from the code (`python -m probes.handbook > docs/probes.md`).

A reason is one of the phrases below, often with what was seen behind a colon: `unexpected status: 503`. The phrases
are stable, can be searched for, and have Chinese texts in `config/locale`.
Every kind also takes the common keys of a check: `name`, `address`, `interval`, `timeout`, `tries`, `retry_pause`,
`failing_interval`, `severity`, `reach`, `counts`. A look ends by its `timeout`, whatever the other side does.
"""

_WHOSE_FAULT = """\
## Whose fault

- What `connect` or `send` refuses at once (no route, network down, forbidden by our firewall, no free port, no file
  descriptor) is ours: `none`. What comes back later (refused, reset, silence, "unreachable" from the way) is `fail`.
- An ICMP complaint proves nothing, as anybody can send one: it only names the reason after the time-out.
- A host **name** that does not resolve is `none` for every kind but `dns`: a dead resolver is ours, and a name that
  does not exist says nothing about the machine that should bear it. A contract that promises the name needs a `dns`
  check.
- Too little evidence because of us (buffer overrun, a stall, no permission) is `none`.
- Anything else that goes wrong inside a probe is a fault of the program and becomes `none` with a line in the log.
"""


def handbook() -> str:
    """The whole page, as Markdown."""
    ours = "Phrases of `none`: " + _listed(OURS) + ". Errors of the system come under their own names.\n"
    parts = [_OPENING, *(_section(name, kind) for name, kind in PROBES.items()), _WHOSE_FAULT, ours]
    return "\n".join(parts)


def _section(name: str, kind: Kind) -> str:
    options = [(key, _default(field), field.description or "") for key, field in kind.options.model_fields.items()]
    return "\n".join(
        [
            f"## `{name}`",
            "",
            *_explained(kind.options),
            "",
            *_patience(kind.options),
            *_table(("option", "default", "meaning"), ((f"`{key}`", *rest) for key, *rest in options)),
            *_table(("metric", "meaning"), ((f"`{key}`", text) for key, text in kind.metrics.items())),
            f"Reasons of `fail`: {_listed(kind.reasons)}.",
            "",
        ]
    )


def _patience(options: type[BaseModel]) -> list[str]:
    patience = options.patience if issubclass(options, CheckOptions) else None
    if patience is None:
        return []
    pause = f"{patience.retry_pause // 1000}s"
    return [
        f'`tries` is {patience.tries} and `retry_pause` `"{pause}"` (less if that does not fit into the interval),',
        "unless the check or `[defaults]` says otherwise.",
        "",
    ]


def _explained(options: type[BaseModel]) -> list[str]:
    """The docstring of the kind's file; what it can never see as a paragraph of its own."""
    text = (sys.modules[options.__module__].__doc__ or "").strip()
    return text.replace("What it can never see:", "\n**What it can never see:**").splitlines()


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.default
    if value is None or value == ():
        return "–"
    if any(each in field.metadata for each in Duration.__metadata__):  # type: ignore[attr-defined]
        return f'`"{value // 1000}s"`' if value % 1000 == 0 else f'`"{value}ms"`'
    if isinstance(value, Fraction):
        return f'`"{float(value * 100):g}%"`'
    return f"`{str(value).lower()}`" if isinstance(value, bool | int | float) else f'`"{value}"`'


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""


def _listed(phrases: Iterable[str]) -> str:
    return ", ".join(f"`{phrase}`" for phrase in phrases)


if __name__ == "__main__":
    sys.stdout.write(handbook())
