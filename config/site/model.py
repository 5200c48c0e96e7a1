"""A site as values: what there is, how it is looked at, who is alerted. `config.site.file` reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - dataclass fields are inspected at run time
from typing import TYPE_CHECKING, Any, Literal

from config.input.secrets import Secret, SecretMissingError
from config.text.sentence import Sentence

if TYPE_CHECKING:
    from config.site.traps import TrapListener
    from config.text.i18n import Language

Party = Literal["vendor", "customer"]
Severity = Literal["critical", "major", "minor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Whom alerts go to. The URLs are secrets: they stay in a file or a variable and are in no repr."""

    name: str
    party: Party
    url_file: Path | None = None
    url_env: str | None = None
    language: Language = "zh"

    def urls(self) -> tuple[str, ...]:
        """The apprise URLs, one a line of the file or variable; SecretMissingError where there are none."""
        secret = Secret(file=self.url_file, variable=None if self.url_file is not None else self.url_env)
        try:
            lines = [line.strip() for line in secret.content().splitlines()]
        except SecretMissingError as error:
            if self.url_file is not None:
                raise SecretMissingError("channel {name}: {why}", name=self.name, why=error.sentence) from None
            lines = []
        found = tuple(line for line in lines if line and not line.startswith("#"))
        if not found:
            why = Sentence("no URL in {place}", place=secret.place)
            raise SecretMissingError("channel {name}: {why}", name=self.name, why=why)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPlan:
    """One asset seen by one probe. Durations are milliseconds; `options` is an instance of the probe's own model.

    `begin`, `end` (ms): from when on it is in service as it is here, and until when; None: as `SiteAsset` has it.
    `replaces`: the id under which the same check went before.
    """

    id: str
    asset: str
    probe: str
    address: str
    interval_ms: int
    timeout_ms: int
    tries: int
    retry_pause_ms: int
    failing_interval_ms: int
    severity: Severity
    counts: bool
    reach: bool
    options: Any = field(compare=False)
    begin: int | None = None
    end: int | None = None
    replaces: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAsset:
    """A thing that the contract covers, as the site file or an inventory names it.

    `begin` (ms): from when on it is as it is here; None: from when the ledger first has it so. `end` (ms): when its
    service ends; None: while the site names it. `replaces`: the id under which the same asset went before.
    """

    id: str
    kind: str
    name: str
    address: str
    tags: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    behind_any: tuple[str, ...] = ()
    checks: tuple[CheckPlan, ...] = ()
    begin: int | None = None
    end: int | None = None
    replaces: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """All of a site. `fingerprint`: SHA-256 over every file read, in the order of reading, as hex.

    `references`: addresses on other paths than the assets'; while none of them answers, the agent
    takes itself to be blind. `filtered`: what the silence of a whole kind is, while the assets answer another one.
    """

    site: str
    name: str
    timezone: str
    assets: tuple[SiteAsset, ...]
    channels: tuple[Channel, ...] = ()
    references: tuple[str, ...] = ()
    filtered: Literal["none", "fail"] = "none"
    traps: TrapListener | None = None
    practice: bool = False
    fingerprint: str = ""

    @property
    def checks(self) -> tuple[CheckPlan, ...]:
        """Every check of every asset."""
        return tuple(check for asset in self.assets for check in asset.checks)
