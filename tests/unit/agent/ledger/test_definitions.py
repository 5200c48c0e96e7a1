"""What the ledger is told of a site: definitions that begin and end, and none of them rewritten."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.ledger.definitions import definitions_of
from config.site.model import Site, SiteAsset
from sla.evidence.evidence import evidence_from
from sla.evidence.listed import ListedReadings
from sla.evidence.records import Asset, Check
from sla.history.known import known
from tests.support.agents.checks import check_plan
from tests.support.agents.parts import small_site

SITE = small_site()
NOW = 1_000_000
PING = check_plan(id="link/icmp", asset="link", probe="icmp", reach=True)
PAGE = check_plan(id="link/page", asset="link", probe="http")


def site_of(*plans, **more) -> Site:
    asset = SiteAsset(id="link", kind="link", name="l", address="10.0.0.1", checks=plans, **more)
    return Site(site="s", name="s", timezone="Asia/Shanghai", assets=(asset,))


def known_of(*records):
    return known(evidence_from(records, ListedReadings()), None, 1 << 53)


def said(site: Site, *stored, now: int = NOW) -> list:
    """What is to be put on record beside what is there."""
    return list(definitions_of(site, known_of(*stored), now))


def kept(site: Site, *stored, now: int = NOW) -> list:
    """Everything on record after a start at `now`."""
    return [*stored, *(replace(each, recorded_at=now) for each in said(site, *stored, now=now))]


def shown(found) -> list[tuple[str, int | None, int | None]]:
    return [(each.id, each.begin, each.end) for each in found]


def test_everything_of_the_site_is_there_and_assets_come_before_their_checks():
    found = said(SITE)
    assert [each.id for each in found if isinstance(each, Asset)] == ["link", "cam-1", "cam-2", "cam-3"]
    assert [each.id for each in found if isinstance(each, Check)] == [plan.id for plan in SITE.checks]
    assert known_of(*found).checks.keys() == {plan.id for plan in SITE.checks}


def test_at_the_first_start_the_site_has_always_been_so():
    assert {each.begin for each in said(SITE)} == {None}


def test_an_address_is_no_evidence():
    assert "10.0." not in repr(said(SITE))


def test_what_is_behind_what_and_how_often_it_is_probed_is_evidence():
    found = {each.id: each for each in said(SITE)}
    assert found["cam-1"].behind == ("link",)
    check = found["link/icmp"]
    assert (check.interval_ms, check.reach, check.severity) == (60_000, True, "critical")
    assert check.extra["probe"] == "icmp"


def test_a_site_that_is_as_before_says_nothing_again():
    assert said(SITE, *kept(SITE)) == []


def test_what_is_different_holds_from_now_on_and_what_was_said_stays():
    before = kept(site_of(PING), now=5)
    (change,) = said(site_of(replace(PING, interval_ms=300_000)), *before)
    assert (change.id, change.begin, change.end, change.interval_ms) == ("link/icmp", NOW, None, 300_000)
    history = known_of(*before, replace(change, recorded_at=NOW)).checks["link/icmp"]
    assert (history.at(NOW - 1).interval_ms, history.at(NOW).interval_ms) == (60_000, 300_000)


def test_what_is_changed_back_is_said_again_from_then_on():
    first = kept(site_of(PING), now=5)
    second = kept(site_of(replace(PING, interval_ms=300_000)), *first, now=10)
    (back,) = said(site_of(PING), *second)
    assert (back.begin, back.interval_ms) == (NOW, 60_000)


def test_what_is_new_in_a_ledger_that_knows_the_site_begins_now():
    assert shown(said(site_of(PING, PAGE), *kept(site_of(PING), now=5))) == [("link/page", NOW, None)]


def test_what_the_site_no_longer_has_ends_now_and_comes_back_when_it_is_named_again():
    before = kept(site_of(PING, PAGE), now=5)
    assert shown(said(site_of(PING), *before)) == [("link/page", NOW, NOW)]
    gone = kept(site_of(PING), *before, now=10)
    assert said(site_of(PING), *gone) == []
    again = kept(site_of(PING, PAGE), *gone)
    assert shown(again[-1:]) == [("link/page", NOW, None)]
    assert known_of(*again).checks["link/page"].service[1:] == ((NOW, 1 << 53),)


def test_an_asset_that_is_gone_ends_with_all_its_checks():
    before = kept(SITE, now=5)
    rest = replace(SITE, assets=tuple(each for each in SITE.assets if each.id != "cam-1"))
    assert shown(said(rest, *before)) == [("cam-1", NOW, NOW), ("cam-1/icmp", NOW, NOW)]


def test_a_check_of_reach_gives_way_to_another_without_a_contradiction():
    before = kept(site_of(replace(PING, id="link/ping")), now=5)
    after = known_of(*kept(site_of(PING), *before))
    assert after.checks["link/ping"].service == ((-(1 << 53), NOW),)
    assert after.checks["link/icmp"].service == ((NOW, 1 << 53),)


@pytest.mark.parametrize("begin", [NOW - 5, NOW + 5])
def test_the_site_says_from_when_a_change_holds_and_that_is_said_once(begin):
    before = kept(site_of(PING), now=5)
    site = site_of(replace(PING, interval_ms=300_000, begin=begin))
    after = kept(site, *before)
    assert shown(after[2:]) == [("link/icmp", begin, None)]
    assert said(site, *after, now=NOW + 1) == []
    assert said(site, *after, now=NOW + 10) == []


def test_a_from_that_was_used_is_not_used_for_the_next_change():
    begun = kept(site_of(replace(PING, begin=3)), now=5)
    (change,) = said(site_of(replace(PING, begin=3, interval_ms=300_000)), *begun)
    assert change.begin == NOW


@pytest.mark.parametrize(("end", "begin"), [(NOW - 5, NOW - 5), (NOW + 5, NOW)])
def test_the_site_says_when_a_service_ends_and_that_is_said_once(end, begin):
    before = kept(site_of(PING), now=5)
    site = site_of(replace(PING, end=end))
    after = kept(site, *before)
    assert shown(after[2:]) == [("link/icmp", begin, end)]
    assert said(site, *after, now=NOW + 1) == []
    assert said(site, *after, now=NOW + 10) == []


def test_a_service_that_was_to_begin_and_is_taken_out_of_the_site_never_does():
    site = site_of(PING, replace(PAGE, begin=NOW + 5))
    after = kept(site_of(PING), *kept(site, *kept(site_of(PING), now=5), now=7))
    assert known_of(*after).checks["link/page"].service == ()


def test_an_asset_under_a_new_name_takes_its_checks_with_it():
    before = kept(site_of(PING, PAGE), now=5)
    cable = SiteAsset(
        id="cable",
        kind="link",
        name="l",
        address="10.0.0.1",
        replaces="link",
        checks=(replace(PING, id="cable/icmp", asset="cable"), replace(PAGE, id="cable/page", asset="cable")),
    )
    site = Site(site="s", name="s", timezone="Asia/Shanghai", assets=(cable,))
    after = kept(site, *before)
    assert [(each.id, each.replaces, each.begin) for each in after[3:]] == [
        ("cable", "link", NOW),
        ("cable/icmp", "link/icmp", NOW),
        ("cable/page", "link/page", NOW),
    ]
    found = known_of(*after)
    assert (found.checks["cable/icmp"].ids, found.checks["cable/icmp"].service) == (
        ("link/icmp", "cable/icmp"),
        ((-(1 << 53), 1 << 53),),
    )
    assert said(site, *after, now=NOW + 10) == []
