"""What the ledger is told of a site: assets and checks, and which check of reach gives way to another."""

from __future__ import annotations

from dataclasses import replace

from agent.ledger.definitions import definitions_of
from config.site.model import Site, SiteAsset
from sla.evidence.evidence import evidence_from
from sla.evidence.listed import ListedReadings
from sla.evidence.records import Asset, Check
from tests.support.agents.checks import check_plan
from tests.support.agents.parts import small_site

SITE = small_site()


def site_of(*plans) -> Site:
    asset = SiteAsset(id="link", kind="link", name="l", address="10.0.0.1", checks=plans)
    return Site(site="s", name="s", timezone="Asia/Shanghai", assets=(asset,))


def test_everything_of_the_site_is_there_and_assets_come_before_their_checks():
    found = list(definitions_of(SITE, {}))
    assert [each.id for each in found if isinstance(each, Asset)] == ["link", "cam-1", "cam-2", "cam-3"]
    assert [each.id for each in found if isinstance(each, Check)] == [plan.id for plan in SITE.checks]
    assert evidence_from(found, ListedReadings()).checks.keys() == {plan.id for plan in SITE.checks}


def test_an_address_is_no_evidence():
    assert "10.0." not in repr(list(definitions_of(SITE, {})))


def test_what_is_behind_what_and_how_often_it_is_probed_is_evidence():
    found = {each.id: each for each in definitions_of(SITE, {})}
    assert found["cam-1"].behind == ("link",)
    check = found["link/icmp"]
    assert (check.interval_ms, check.reach, check.severity) == (60_000, True, "critical")
    assert check.extra["probe"] == "icmp"


def test_a_check_of_reach_that_the_site_has_no_longer_gives_that_up_to_its_successor():
    """Two reach checks of one asset would be refused as evidence."""
    old = Check(id="link/ping", asset="link", interval_ms=60_000, reach=True)
    site = site_of(check_plan(id="link/icmp", asset="link", probe="icmp", reach=True))
    found = list(definitions_of(site, {old.id: old}))
    assert replace(old, reach=False) in found
    by_id = {each.id: each for each in found if isinstance(each, Check)}
    assert [name for name, check in by_id.items() if check.reach] == ["link/icmp"]


def test_an_old_check_of_reach_without_a_successor_stays_one():
    old = Check(id="link/ping", asset="link", interval_ms=60_000, reach=True)
    site = site_of(check_plan(id="link/page", asset="link", probe="http"))
    assert [each.id for each in definitions_of(site, {old.id: old}) if isinstance(each, Check)] == ["link/page"]


def test_a_check_that_the_site_still_has_is_defined_as_it_is_now():
    old = Check(id="link/icmp", asset="link", interval_ms=300_000, reach=True)
    site = site_of(check_plan(id="link/icmp", asset="link", probe="icmp", reach=True))
    checks = [each for each in definitions_of(site, {old.id: old}) if isinstance(each, Check)]
    assert [(each.id, each.interval_ms, each.reach) for each in checks] == [("link/icmp", 60_000, True)]
