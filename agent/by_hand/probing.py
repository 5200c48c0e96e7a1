"""Probes one thing once; without an address, shows what a kind does; without a kind, which there are."""

from __future__ import annotations

import asyncio
import json
import sys
import tomllib
from typing import TYPE_CHECKING, Any

from agent.exit_codes import OK
from config.input.mistakes import ConfigError, nearest, reason_of
from config.input.models import validated
from config.input.toml_source import TomlSource
from config.input.units import duration
from config.input.usage import UsageError
from config.text.i18n import in_language
from config.text.reasons import reason_in
from config.text.sentence import Sentence
from probes.faults import ours
from probes.handbook import question, section
from probes.registry import PROBES

if TYPE_CHECKING:
    import argparse

    from pydantic import BaseModel

    from probes.outcome import Outcome
    from probes.registry import Kind

TIMEOUT_S = 10
"""For a look by hand: the longest that bound B1 allows."""


def probe(options: argparse.Namespace) -> int:
    """One look, printed as JSON; exit code 0 whatever was seen: that it was seen is the success."""
    if options.kind is None:
        sys.stdout.write(kinds_text(options))
        return OK
    kind = kind_of(options)
    if options.address is None:
        sys.stdout.write(section(options.kind, options.lang) + "\n")
        return OK
    asked = asked_of(options, kind.options)
    timeout_s = seconds_of(options)
    try:
        outcome = asyncio.run(_probe(kind, options.address, asked, timeout_s))
    except ValueError as error:
        raise UsageError("{place}: {reason}", place=repr(options.address), reason=reason_of(error)) from None
    sys.stdout.write(json.dumps(_shown(outcome), ensure_ascii=False) + "\n")
    return OK


def kinds_text(options: argparse.Namespace) -> str:
    """All kinds, each with its question, and how to go on."""
    width = max(map(len, PROBES)) + 2
    lines = [f"{name:{width}}{question(name, options.lang)}" for name in PROBES]
    more = in_language("More on one of them: sla-agent probe KIND", options.lang)
    return "\n".join([*lines, "", more]) + "\n"


def kind_of(options: argparse.Namespace) -> Kind:
    """The kind that is asked for. UsageError: there is none such."""
    kind = PROBES.get(options.kind)
    if kind is None:
        found = Sentence("no probe kind {kind!r}; there are {kinds}", kind=options.kind, kinds=sorted(PROBES))
        hint = nearest(options.kind, PROBES)
        raise UsageError(Sentence("{found}; did you mean {hint}?", found=found, hint=hint) if hint else found)
    return kind


def asked_of(options: argparse.Namespace, model: type[BaseModel]) -> Any:
    """The options of a kind as `--set` gives them. ConfigError: every mistake in them."""
    source = TomlSource("--set", "\n".join(_line(each) for each in options.set))
    asked, mistakes = validated(model, source.value, source, ())
    if asked is None:
        raise ConfigError(mistakes)
    return asked


def _line(text: str) -> str:
    """`port=554` as the site file would have it: a TOML value, or else a text."""
    key, found, value = text.partition("=")
    if not found:
        raise UsageError("--set {text}: wanted KEY=VALUE", text=text)
    line = f"{key} = {value}"
    try:
        tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return f"{key} = {json.dumps(value)}"
    return line


def seconds_of(options: argparse.Namespace) -> float:
    """`--timeout`. UsageError: that is no duration."""
    try:
        timeout_s = TIMEOUT_S if options.timeout is None else duration(options.timeout) / 1000
    except ValueError as error:
        asked = f"--timeout {options.timeout}"
        raise UsageError("{place}: {reason}", place=asked, reason=reason_of(error)) from None
    if not timeout_s:
        raise UsageError("--timeout: more than nothing is wanted")
    return timeout_s


async def _probe(kind: Kind, address: str, asked: Any, timeout_s: float) -> Outcome:
    try:
        return await kind.probe(address, asked, timeout_s=timeout_s)
    except OSError as error:
        return ours(error)


def _shown(seen: Outcome) -> dict[str, Any]:
    words = {"reason": seen.reason, "reason_zh": reason_in(seen.reason, "zh")}
    return {"outcome": seen.outcome, **words, "metrics": dict(seen.metrics)}
