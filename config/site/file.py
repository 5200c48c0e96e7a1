"""Reads `site.toml` and the inventories that it names (docs/site.md)."""

from __future__ import annotations

import hashlib
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field

from config.input.mistakes import ConfigError, Mistake, nearest, shown
from config.input.models import Instant, OneOrMore, StrictModel, TimeZone, Word, validated
from config.input.secrets import open_to_others
from config.input.toml_source import KeyPath, TomlSource, read_toml, spelled
from config.site.checks import CheckReader, Defaults
from config.site.inventory import InventoryRow, read_inventory
from config.site.model import Channel, Site, SiteAsset
from config.site.traps import TrapsTable, listener_of
from config.text.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from config.site.traps import TrapListener

_ONE_OF_BOTH = {
    "community": Sentence("one of community_file and community_env"),
    "auth": Sentence("one of auth_file and auth_env"),
    "privacy": Sentence("one of privacy_file and privacy_env"),
}


class ChannelTable(StrictModel):
    """`[[channels]]`."""

    name: Word
    party: Literal["vendor", "customer"]
    url_file: Word | None = None
    url_env: Word | None = None
    language: Literal["zh", "en"] = "zh"


class UplinkTable(StrictModel):
    """`[uplink]`."""

    references: OneOrMore = ()
    filtered: Literal["none", "fail"] = "none"


class AssetTable(StrictModel):
    """`[[assets]]`; its checks are read apart, since their keys depend on the probe."""

    id: Word
    kind: Word
    name: str = ""
    address: str = ""
    tags: OneOrMore = ()
    behind: OneOrMore = ()
    behind_any: OneOrMore = ()
    begin: Instant | None = Field(None, alias="from")
    end: Instant | None = Field(None, alias="to")
    replaces: Word | None = None
    checks: list[Any] = Field(default_factory=list)


class SiteTable(StrictModel):
    """The file's top level."""

    site: Word
    name: str = ""
    timezone: TimeZone
    practice: bool = False
    inventory: OneOrMore = ()
    defaults: Defaults = Defaults()
    uplink: UplinkTable = UplinkTable()
    traps: TrapsTable | None = None
    probes: dict[str, Any] = Field(default_factory=dict)
    channels: list[ChannelTable] = Field(default_factory=list)
    assets: list[Any] = Field(default_factory=list)


def load(path: Path, *, probe_options: Mapping[str, type[BaseModel]], with_secrets: bool = True) -> Site:
    """The site of a file and its inventories.

    `probe_options`: probe kind → the pydantic model of its own options. `with_secrets`: whether the
    files of secrets must be there and closed to others; who only looks at assets does without.
    Raises ConfigError with every mistake of all files.
    """
    return _SiteReader(read_toml(path), path, probe_options, with_secrets=with_secrets).site()


class _SiteReader:
    """Gathers assets and mistakes from all files of a site."""

    def __init__(
        self, source: TomlSource, path: Path, probe_options: Mapping[str, type[BaseModel]], *, with_secrets: bool
    ) -> None:
        self._source = source
        self._path = path
        self._with_secrets = with_secrets
        self._mistakes: list[Mistake] = []
        self._assets: dict[str, SiteAsset] = {}
        self._places: dict[str, tuple[str, int]] = {}
        self._digest = hashlib.sha256(path.read_bytes())
        table, mistakes = validated(SiteTable, source.value, source, ())
        self._mistakes += mistakes
        self._table = table
        defaults = table.defaults if table else Defaults()
        sets = source.value.get("probes")
        self._checks = CheckReader(source, defaults, probe_options, sets if isinstance(sets, dict) else {})

    def site(self) -> Site:
        listed = self._source.value.get("assets")
        for number, value in enumerate(listed if isinstance(listed, list) else []):
            self._take_table(number, value)
        for name in self._table.inventory if self._table else ():
            self._take_inventory(self._path.parent / name)
        listener = self._trap_listener()
        channels = [self._channel(n, each) for n, each in enumerate(self._table.channels if self._table else ())]
        self._mistakes += self._checks.mistakes
        self._check_topology()
        if self._mistakes or self._table is None:
            raise ConfigError(self._mistakes)
        return Site(
            site=self._table.site,
            name=self._table.name or self._table.site,
            timezone=self._table.timezone,
            assets=tuple(self._assets.values()),
            channels=tuple(channels),
            references=self._table.uplink.references,
            filtered=self._table.uplink.filtered,
            traps=listener,
            practice=self._table.practice,
            fingerprint=self._digest.hexdigest(),
        )

    def _wrong(self, path: KeyPath, got: Sentence | str, wanted: Sentence, hint: str = "") -> None:
        line = self._source.line(path)
        self._mistakes.append(
            Mistake(file=self._source.name, line=line, key=spelled(path), got=got, wanted=wanted, hint=hint)
        )

    def _take_table(self, number: int, value: Any) -> None:
        at: KeyPath = ("assets", number)
        table, mistakes = validated(AssetTable, value, self._source, at)
        self._mistakes += mistakes
        if table is None:
            return
        checks = tuple(
            found
            for n, each in enumerate(table.checks)
            if (found := self._checks.read(each, (*at, "checks", n), table.id, table.address))
        )
        asset = SiteAsset(
            id=table.id,
            kind=table.kind,
            name=table.name or table.id,
            address=table.address,
            tags=table.tags,
            behind=table.behind,
            behind_any=table.behind_any,
            checks=checks,
            begin=table.begin,
            end=table.end,
            replaces=table.replaces,
        )
        self._take(asset, self._source.name, self._source.line((*at, "id")), spelled((*at, "id")))

    def _take_inventory(self, path: Path) -> None:
        try:
            self._digest.update(path.read_bytes())
        except OSError as error:
            self._wrong(("inventory",), shown(path.name), _readable(error))
            return
        rows, mistakes = read_inventory(path)
        self._mistakes += mistakes
        for row in rows:
            self._take(self._of_row(row), row.file, row.line, "id")

    def _of_row(self, row: InventoryRow) -> SiteAsset:
        checks = tuple(
            found
            for name in row.probes
            if (
                found := self._checks.of_set(
                    name, row.id, row.address, Mistake(file=row.file, line=row.line, key="probes")
                )
            )
        )
        return SiteAsset(
            id=row.id,
            kind=row.kind,
            name=row.name or row.id,
            address=row.address,
            tags=row.tags,
            behind=row.behind,
            behind_any=row.behind_any,
            checks=checks,
            begin=row.begin,
            end=row.end,
            replaces=row.replaces,
        )

    def _take(self, asset: SiteAsset, file: str, line: int, key: str) -> None:
        if asset.id in self._assets:
            place = "{}:{}".format(*self._places[asset.id])
            wanted = Sentence("an id of its own; {place} has it", place=place)
            self._mistakes.append(Mistake(file=file, line=line, key=key, got=shown(asset.id), wanted=wanted))
            return
        self._assets[asset.id], self._places[asset.id] = asset, (file, line)
        self._check_checks(asset, file, line)
        spans = [(each.id, each.begin, each.end) for each in asset.checks]
        for name, begin, end in ((asset.id, asset.begin, asset.end), *spans):
            if begin is not None and end is not None and end < begin:
                got, wanted = Sentence("to before from, of {name}", name=shown(name)), Sentence("to not before from")
                self._mistakes.append(Mistake(file=file, line=line, key="to", got=got, wanted=wanted))

    def _check_checks(self, asset: SiteAsset, file: str, line: int) -> None:
        """Names of checks are unique within their asset, and at most one is its reachability."""
        ids = [check.id for check in asset.checks]
        for twice in sorted({each for each in ids if ids.count(each) > 1}):
            got = Sentence("{check} twice", check=shown(twice))
            wanted = Sentence("a name of its own for each check of an asset (key `name`)")
            self._mistakes.append(Mistake(file=file, line=line, key="checks", got=got, wanted=wanted))
        reaching = [check.id for check in asset.checks if check.reach]
        if len(reaching) > 1:
            self._mistakes.append(
                Mistake(
                    file=file,
                    line=line,
                    key="checks",
                    got=Sentence("reach = true on {checks}", checks=reaching),
                    wanted=Sentence("it on one check at most"),
                )
            )

    def _check_topology(self) -> None:
        for asset in self._assets.values():
            for parent in (*asset.behind, *asset.behind_any):
                if parent not in self._assets:
                    file, line = self._places[asset.id]
                    key = "behind" if parent in asset.behind else "behind_any"
                    hint = nearest(parent, self._assets.keys())
                    self._mistakes.append(
                        Mistake(
                            file=file,
                            line=line,
                            key=key,
                            got=shown(parent),
                            wanted=Sentence("the id of an asset"),
                            hint=hint,
                        )
                    )
        try:
            graph = {name: (*each.behind, *each.behind_any) for name, each in self._assets.items()}
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle = list(reversed(error.args[1]))
            file, line = self._places.get(circle[0], (self._source.name, 1))
            got, wanted = " behind ".join(circle), Sentence("no circle")
            self._mistakes.append(Mistake(file=file, line=line, key="behind", got=got, wanted=wanted))

    def _channel(self, number: int, table: ChannelTable) -> Channel:
        at: KeyPath = ("channels", number)
        if (table.url_file is None) == (table.url_env is None):
            self._wrong(at, Sentence("both or neither"), Sentence("one of url_file and url_env"))
        file = None if table.url_file is None else self._path.parent / table.url_file
        if file is not None and self._with_secrets:
            self._check_secret(file, (*at, "url_file"))
        return Channel(
            name=table.name, party=table.party, url_file=file, url_env=table.url_env, language=table.language
        )

    def _trap_listener(self) -> TrapListener | None:
        table = self._table.traps if self._table else None
        if table is None:
            return None
        if table.user is not None and not table.engines:
            wanted = Sentence("engines too: the engine IDs of the devices that send")
            self._wrong(("traps", "user"), shown(table.user), wanted)
        for key in ("community", "auth", "privacy"):
            file, variable = getattr(table, f"{key}_file"), getattr(table, f"{key}_env")
            if file is not None and variable is not None:
                self._wrong(("traps", f"{key}_file"), Sentence("both"), _ONE_OF_BOTH[key])
            elif file is not None and self._with_secrets:
                self._check_secret(self._path.parent / file, ("traps", f"{key}_file"))
        return listener_of(table, self._path.parent)

    def _check_secret(self, file: Path, at: KeyPath) -> None:
        try:
            wrong = open_to_others(file)
        except OSError as error:
            self._wrong(at, shown(file.name), _readable(error))
            return
        if wrong is not None:
            self._wrong(at, *wrong)


def _readable(error: OSError) -> Sentence:
    return Sentence("a file that can be read ({why})", why=error.strerror or "")
