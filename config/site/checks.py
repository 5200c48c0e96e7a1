"""Checks of a site file: keys that every check has, and the probe's own options beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, Field

from config.input.mistakes import NOTHING, Mistake, nearest, shown
from config.input.models import CheckOptions, Duration, Instant, StrictModel, Word, secret_file_keys, validated
from config.input.secrets import open_to_others
from config.input.toml_source import KeyPath, TomlSource, spelled
from config.site.model import CheckPlan
from config.text.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Severity = Literal["critical", "major", "minor"]
Tries = Annotated[int, Field(ge=1, le=10)]


class Defaults(StrictModel):
    """`[defaults]`: what a check has that does not say otherwise. Durations in milliseconds."""

    interval: Duration = 60_000
    timeout: Duration = 2_000
    tries: Tries = 2
    retry_pause: Duration = 500
    failing_interval: Duration = 10_000
    severity: Severity = "major"


class CheckKeys(StrictModel):
    """The keys of every check; None: as in `[defaults]`."""

    probe: Word
    name: Word | None = None
    address: Word | None = None
    reach: bool = False
    counts: bool = True
    severity: Severity | None = None
    interval: Duration | None = None
    timeout: Duration | None = None
    tries: Tries | None = None
    retry_pause: Duration | None = None
    failing_interval: Duration | None = None
    begin: Instant | None = Field(None, alias="from")
    end: Instant | None = Field(None, alias="to")
    replaces: Word | None = None


COMMON = tuple(field.alias or name for name, field in CheckKeys.model_fields.items())
_LATER = "?"
"""The address of a set's check, until an asset of an inventory gives its own."""
_GO_TOGETHER = Sentence("an address, a time-out and options that go together")


class CheckReader:
    """Reads checks of assets, and the sets `[probes.NAME]` that inventories refer to."""

    def __init__(
        self,
        source: TomlSource,
        defaults: Defaults,
        probe_options: Mapping[str, type[BaseModel]],
        sets: Mapping[str, Any],
    ) -> None:
        self.mistakes: list[Mistake] = []
        self._source = source
        self._defaults = defaults
        self._options = probe_options
        self._sets = {name: self.read(value, ("probes", name), "", _LATER, name=name) for name, value in sets.items()}

    def of_set(self, name: str, asset: str, address: str, place: Mistake) -> CheckPlan | None:
        """The check that an inventory's row asks for: a set of the site file, or a bare probe kind."""
        if name in self._sets:
            plan = self._sets[name]
            short = None if plan is None else plan.id.removeprefix("/")
            own = None if plan is None else plan.address if plan.address != _LATER else address
            if plan is None or own:
                return None if plan is None else self._placed(plan, f"{asset}/{short}", asset, own or "", place)
            self.mistakes.append(
                replace(place, key="address", got=NOTHING, wanted=Sentence("an address, for its checks"))
            )
            return None
        if name in self._options:
            return self.read({"probe": name}, ("inventory",), asset, address)
        known = [*self._sets, *self._options]
        wanted = Sentence("a name from [probes.NAME] or a probe kind: {kinds}", kinds=known)
        self.mistakes.append(replace(place, got=shown(name), wanted=wanted, hint=nearest(name, known)))
        return None

    def _placed(self, plan: CheckPlan, name: str, asset: str, address: str, place: Mistake) -> CheckPlan:
        """The check of a set, for an asset of an inventory."""
        wrong = _misfit(plan.options, address, plan.timeout_ms) if plan.address == _LATER else None
        if wrong is not None:
            self.mistakes.append(replace(place, key="address", got=wrong, wanted=_GO_TOGETHER))
        return replace(plan, id=name, asset=asset, address=address)

    def read(self, value: Any, at: KeyPath, asset: str, address: str, name: str | None = None) -> CheckPlan | None:
        """One check; None after noting its mistakes. `name`: how the check is called if it does not say."""
        if not isinstance(value, dict):
            self._wrong(at, shown(value), Sentence("a table"))
            return None
        kind = value.get("probe")
        model = self._options.get(kind) if isinstance(kind, str) else None
        before = len(self.mistakes)
        if model is None and kind is not None:
            hint = nearest(kind, self._options.keys()) if isinstance(kind, str) else ""
            self._wrong((*at, "probe"), shown(kind), Sentence("a probe kind: {kinds}", kinds=self._options), hint)
        common, mistakes = validated(CheckKeys, {k: v for k, v in value.items() if k in COMMON}, self._source, at)
        self.mistakes += mistakes
        options = self._own_options(model, value, at) if model is not None else None
        if common is None or len(self.mistakes) > before:
            return None
        return self._plan(common, options, at, asset, address, name)

    def _own_options(self, model: type[BaseModel], value: dict[str, Any], at: KeyPath) -> BaseModel | None:
        own = {key: each for key, each in value.items() if key not in COMMON}
        options, mistakes = validated(model, own, self._source, at)
        self.mistakes += self._secrets_others_may_read(model, own, at)
        known = sorted((*COMMON, *model.model_fields))
        self.mistakes += [_with_known(each, known) if each.code == "unknown" else each for each in mistakes]
        return options

    def _secrets_others_may_read(
        self, model: type[BaseModel], own: Mapping[str, Any], at: KeyPath
    ) -> Iterator[Mistake]:
        """Files with passwords, where they are on this machine already."""
        for key in (each for each in secret_file_keys(model) if each in own):
            path = Path(str(own[key]))
            wrong = open_to_others(path) if path.is_file() else None
            if wrong is not None:
                where, line = spelled((*at, key)), self._source.line((*at, key))
                yield Mistake(file=self._source.name, line=line, key=where, got=wrong[0], wanted=wrong[1])

    def _plan(  # noqa: PLR0917 - the parts of one check
        self,
        common: CheckKeys,
        options: BaseModel | None,
        at: KeyPath,
        asset: str,
        address: str,
        name: str | None,
    ) -> CheckPlan | None:
        defaults = self._defaults
        interval = common.interval or defaults.interval
        timeout = common.timeout or defaults.timeout
        if not (common.address or address):
            self._wrong(at, Sentence("no address"), Sentence("an address here or on the asset"))
            return None
        if interval < 1 or timeout < 1 or timeout > interval:
            self._wrong(
                at,
                Sentence("timeout {timeout} ms, interval {interval} ms", timeout=timeout, interval=interval),
                Sentence("a time-out above 0 and within the interval"),
            )
            return None
        where = common.address or address
        wrong = None if where == _LATER else _misfit(options, where, timeout)
        if wrong is not None:
            self._wrong(at, wrong, _GO_TOGETHER)
        tries, retry_pause = _confirmed(common, defaults, options, interval, timeout)
        return CheckPlan(
            id=f"{asset}/{common.name or name or common.probe}",
            asset=asset,
            probe=common.probe,
            address=where,
            interval_ms=interval,
            timeout_ms=timeout,
            tries=tries,
            retry_pause_ms=retry_pause,
            failing_interval_ms=min(interval, common.failing_interval or defaults.failing_interval),
            severity=common.severity or defaults.severity,
            counts=common.counts,
            reach=common.reach,
            options=options,
            begin=common.begin,
            end=common.end,
            replaces=common.replaces,
        )

    def _wrong(self, path: KeyPath, got: Sentence | str, wanted: Sentence, hint: str = "") -> None:
        line = self._source.line(path)
        self.mistakes.append(
            Mistake(file=self._source.name, line=line, key=spelled(path), got=got, wanted=wanted, hint=hint)
        )


def _with_known(mistake: Mistake, known: list[str]) -> Mistake:
    """The mistake of an unknown key, with all keys that a check of this probe may have."""
    key = mistake.key.rpartition(".")[2]
    return replace(mistake, wanted=Sentence("one of {names}", names=known), hint=nearest(key, known))


def _misfit(options: BaseModel | None, address: str, timeout_ms: int) -> Sentence | None:
    return options.misfit(address, timeout_ms) if isinstance(options, CheckOptions) else None


def _confirmed(
    common: CheckKeys, defaults: Defaults, options: BaseModel | None, interval: int, timeout: int
) -> tuple[int, int]:
    """Tries and the pause between them: the check's own, those that `[defaults]` names, the kind's, the usual ones.

    The kind's pause gives way where the tries would not be over within nine tenths of the interval: a turn that is
    not would cost the next one ("overload").
    """
    patience = options.patience if isinstance(options, CheckOptions) else None
    named = defaults.model_fields_set
    usual = defaults.tries if patience is None or "tries" in named else patience.tries
    tries = common.tries or usual
    if common.retry_pause is not None:
        return tries, common.retry_pause
    if patience is None or "retry_pause" in named:
        return tries, defaults.retry_pause
    room = interval * 9 // 10 - tries * timeout
    return tries, max(defaults.retry_pause, min(patience.retry_pause, room // max(1, tries - 1)))
