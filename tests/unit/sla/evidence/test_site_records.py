"""What a site file says, as records: nothing of it that evidence has a place for is lost on the way."""

from dataclasses import fields

import pytest

from config.site.file import load
from probes.registry import OPTIONS
from sla.evidence.records import Asset, Check
from sla.evidence.site_records import asset_of, check_of
from sla.lint.files import around_site

SITE = """
site = "s"
timezone = "Asia/Shanghai"
[[assets]]
id = "ring-a"
kind = "link"
[[assets]]
id = "ring-b"
kind = "link"
[[assets]]
id = "hub"
kind = "switch"
[[assets]]
id = "cam-1"
kind = "camera"
name = "枪机"
tags = ["north", "pole"]
behind = "hub"
behind_any = ["ring-a", "ring-b"]
address = "192.0.2.1"
[[assets.checks]]
probe = "icmp"
interval = "30s"
severity = "minor"
reach = true
counts = false
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text(SITE, encoding="utf-8")
    return path


def same(made, given, kind):
    """Every field that both have, with the same value."""
    common = {each.name for each in fields(kind)} & {each.name for each in fields(given)}
    assert common >= {each.name for each in fields(kind)} - {"extra", "recorded_at", "begin", "end", "replaces"}
    assert [name for name in common if getattr(made, name) != getattr(given, name)] == []


def test_an_asset_loses_nothing_but_its_address(file):
    for given in load(file, probe_options=OPTIONS).assets:
        same(asset_of(given), given, Asset)
        assert asset_of(given).extra == {}


def test_a_check_says_by_which_probe_it_is_seen(file):
    (plan,) = load(file, probe_options=OPTIONS).checks
    same(check_of(plan), plan, Check)
    assert check_of(plan).extra == {"probe": "icmp"}


def test_a_contract_is_linted_around_the_same_assets_that_the_ledger_would_hold(file):
    """`behind_any` was dropped on this way."""
    site, around = load(file, probe_options=OPTIONS), around_site(file)
    assert around.assets == {each.id: asset_of(each) for each in site.assets}
    assert around.assets["cam-1"].behind_any == ("ring-a", "ring-b")
    assert around.checks == {each.id: check_of(each) for each in site.checks}
