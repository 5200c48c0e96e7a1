"""Reading a whole site: what is taken from which file, and what does not go together."""

from __future__ import annotations

from hashlib import sha256

import pytest

from config.input.mistakes import ConfigError
from config.site.file import load
from tests.unit.config.site.conftest import HEAD, OPTIONS

CHANNEL = '[[channels]]\nname = "v"\nparty = "vendor"\n'


def asset(name: str, more: str = "") -> str:
    return f'[[assets]]\nid = "{name}"\nkind = "x"\naddress = "10.0.0.1"\n{more}'


def test_a_site_has_its_names_its_clock_and_what_is_usual_where_it_says_nothing(written):
    site = written.site("")
    assert (site.site, site.name, site.timezone) == ("s", "s", "Asia/Shanghai")
    assert (site.assets, site.channels, site.references, site.traps) == ((), (), (), None)
    assert (site.filtered, site.practice) == ("none", False)


def test_a_site_says_where_it_is_blind_and_whether_it_is_a_practice(written):
    text = 'practice = true\nname = "市局"\n[uplink]\nreferences = ["10.0.0.1", "10.0.0.2"]\nfiltered = "fail"\n'
    site = written.site(text)
    assert (site.practice, site.name) == (True, "市局")
    assert (site.references, site.filtered) == (("10.0.0.1", "10.0.0.2"), "fail")


def test_assets_of_tables_and_of_inventories_stand_in_the_order_of_the_files(written):
    text = 'inventory = ["b.csv", "a.csv"]\n' + asset("t", 'tags = ["n"]\nbehind = "u"\n') + asset("u")
    rows = "id,kind,address,probes\n{},camera,10.0.0.1,icmp\n"
    site = written.site(text, a__csv=rows.format("a1"), b__csv=rows.format("b1"))
    assert [each.id for each in site.assets] == ["t", "u", "b1", "a1"]
    assert (site.assets[0].tags, site.assets[0].behind, site.assets[0].name) == (("n",), ("u",), "t")


def test_the_fingerprint_is_over_all_files_in_the_order_of_reading(written):
    rows = "id,kind,address,probes\n"
    site = written.site('inventory = ["b.csv", "a.csv"]\n', a__csv=rows + "\n", b__csv=rows)
    read = b"".join((written.folder / name).read_bytes() for name in ("site.toml", "b.csv", "a.csv"))
    assert site.fingerprint == sha256(read).hexdigest()


def test_channels_know_where_their_urls_are(written):
    site = written.site(CHANNEL + 'url_file = "v.url"\nlanguage = "en"\n', v__url="json://x\n")
    (channel,) = site.channels
    assert (channel.name, channel.party, channel.language) == ("v", "vendor", "en")
    assert channel.urls() == ("json://x",)


def test_who_only_looks_at_assets_needs_no_secret(written):
    path = written.write(
        HEAD + CHANNEL + 'url_file = "none.url"\n[traps]\nlisten = "127.0.0.1:1162"\ncommunity_file = "none"\n'
    )
    assert load(path, probe_options=OPTIONS, with_secrets=False).channels[0].name == "v"
    with pytest.raises(ConfigError):
        load(path, probe_options=OPTIONS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (CHANNEL, ["site.toml:3: channels[0]: got both or neither, wanted one of url_file and url_env"]),
        (
            CHANNEL + 'url_file = "v.url"\nurl_env = "V"\n',
            [
                "site.toml:3: channels[0]: got both or neither, wanted one of url_file and url_env",
                'site.toml:6: channels[0].url_file: got "v.url", wanted a file that can be read (No such file or directory)',
            ],
        ),
        (
            asset("a") + asset("a"),
            ['site.toml:8: assets[1].id: got "a", wanted an id of its own; site.toml:4 has it'],
        ),
        (
            asset("a", 'behind = "bb"\n') + asset("b"),
            ['site.toml:4: behind: got "bb", wanted the id of an asset; did you mean "b"?'],
        ),
        (asset("a", 'behind_any = ["b"]\n'), ['site.toml:4: behind_any: got "b", wanted the id of an asset']),
        (
            asset("a", 'behind = "b"\n') + asset("b", 'behind_any = ["a"]\n'),
            ["site.toml:4: behind: got a behind b behind a, wanted no circle"],
        ),
        (asset("a", 'behind = "a"\n'), ["site.toml:4: behind: got a behind a, wanted no circle"]),
        (
            asset("a", '[[assets.checks]]\nprobe = "icmp"\n[[assets.checks]]\nprobe = "icmp"\n'),
            [
                'site.toml:4: checks: got "a/icmp" twice, wanted a name of its own for each check of an asset (key `name`)'
            ],
        ),
        (
            asset(
                "a",
                '[[assets.checks]]\nprobe = "icmp"\nreach = true\n[[assets.checks]]\nname = "b"\nprobe = "icmp"\nreach = true\n',
            ),
            ["site.toml:4: checks: got reach = true on a/icmp, a/b, wanted it on one check at most"],
        ),
        ("assets = [3]\n", ["site.toml:3: assets[0]: got 3, wanted a table"]),
        ("assets = 3\n", ["site.toml:3: assets: got 3, wanted a list"]),
        (
            'inventory = "no.csv"\n',
            ['site.toml:3: inventory: got "no.csv", wanted a file that can be read (No such file or directory)'],
        ),
        ("inventory = []\n", ["site.toml:3: inventory: got [], wanted one text, or a list of texts"]),
    ],
)
def test_what_does_not_go_together_is_told_with_its_line(written, text, found):
    assert sorted(written.refused(text)) == sorted(found)


def test_mistakes_of_all_files_come_at_once(written):
    rows = "id,kind,address,probes\nc1,,10.0.0.1,icmp\n"
    found = written.refused(
        'inventory = "a.csv"\n' + asset("a", 'nmae = "x"\n') + asset("b", 'behind = "zz"\n'), a__csv=rows
    )
    assert [line.partition(":")[0] for line in found] == ["a.csv", "site.toml", "site.toml"]


def test_a_file_that_is_not_there_is_refused_and_not_an_error_of_ours(tmp_path):
    with pytest.raises(ConfigError, match="wanted a file that can be read"):
        load(tmp_path / "none.toml", probe_options=OPTIONS)
