"""One asset or check under several ids in turn (SPEC §1, `replaces`)."""

from __future__ import annotations

import pytest

from sla.evidence.intervals import ALWAYS, BEGINNING, END
from sla.evidence.records import Acknowledged, Claim, Inspection, Maintenance, Scope
from sla.evidence.refusals import EvidenceError
from sla.history.known import known
from tests.support.timelines import at, availability, contract, evidence

WHAT = contract(availability(), term="2026-08-01 2026-12-31")
SIGNED = "settled 2026-09 1.00 0.00 10-05 09:00\n"
OLD = "asset old camera\ncheck old/icmp 60s asset=old\n"
NEW = "asset new dome from=09-10T00:00 replaces=old\n"
PING = "check new/icmp 60s asset=new from=09-10T00:00 replaces=old/icmp\n"


def found_of(said, as_of="12-31 24:00"):
    return known(evidence(said), WHAT, at(as_of))


def refused(said):
    with pytest.raises(EvidenceError) as caught:
        found_of(said)
    return [each.reason.text() for each in caught.value.problems]


def test_two_ids_are_one_under_the_newest_name():
    found = found_of(OLD + NEW)
    assert list(found.assets) == ["new"]
    history = found.assets["new"]
    assert (history.ids, history.service) == (("old", "new"), ALWAYS)
    assert [(part.definition.id, part.definition.kind, part.said.id) for part in history.parts] == [
        ("new", "camera", "old"),
        ("new", "dome", "new"),
    ]
    assert (found.asset_named("old"), found.asset_named("new"), found.asset_named("x")) == ("new", "new", "x")


def test_until_the_new_name_is_known_the_old_one_is_the_newest():
    told = OLD + NEW.replace("\n", " recorded 10-20 09:00\n")
    assert list(found_of(told, as_of="10-20 08:59").assets) == ["old"]
    assert list(found_of(told, as_of="10-20 09:00").assets) == ["new"]


def test_a_line_of_three_is_one():
    found = found_of(OLD + NEW + "asset third dome from=10-10T00:00 replaces=new\n")
    assert found.assets["third"].ids == ("old", "new", "third")
    assert found.check_named("old/icmp") == "old/icmp"
    assert found.checks["old/icmp"].latest.asset == "third"


def test_the_one_before_goes_on_up_to_the_next_name_whatever_its_to():
    found = found_of("asset old camera to=09-01T00:00\n" + NEW)
    assert found.assets["new"].service == ALWAYS


def test_under_one_name_a_to_is_a_break():
    found = found_of("asset old camera to=09-01T00:00\nasset old camera from=09-10T00:00\n")
    assert found.assets["old"].service == ((BEGINNING, at("09-01 00:00")), (at("09-10 00:00"), END))


def test_a_new_name_that_ends_ends_the_line():
    found = found_of(OLD + "asset new dome from=09-10T00:00 to=09-20T00:00 replaces=old\n")
    assert found.assets["new"].service == ((BEGINNING, at("09-20 00:00")),)


def test_records_and_scopes_that_name_any_of_them_mean_it():
    found = found_of(
        OLD + NEW + PING + "claim c1 old 09-11 08:00 09:00 power said 10:00\n"
        "acknowledged old/icmp 09-11 08:30\ninspection i1 I1 old,new 09-11 09:00\n"
        "maintenance m1 ids=old 09-11 02:00 03:00 said 09-01 01:00\n"
    )
    assert [each.asset for each in found.of(Claim)] == ["new"]
    assert [each.check for each in found.of(Acknowledged)] == ["new/icmp"]
    assert [each.covers for each in found.of(Inspection)] == [("new",)]
    assert [each.scope.ids for each in found.of(Maintenance)] == [("new",)]
    assert found.scope(Scope(ids=("old", "x"))).ids == ("new", "x")
    assert found.scope(Scope(kind=("camera",))) == Scope(kind=("camera",))


def test_behind_means_the_newest_name_too():
    found = found_of(OLD + NEW + "asset cam camera behind=old\n")
    assert found.assets["cam"].latest.behind == ("new",)


def test_an_id_that_is_replaced_and_that_nobody_defined_is_one_with_nothing():
    found = found_of("asset new dome replaces=gone\n")
    assert (list(found.assets), found.assets["new"].ids) == (["new"], ("new",))


def test_a_circle_is_refused():
    said = "asset a x from=09-01T00:00 replaces=b\nasset b x from=09-02T00:00 replaces=a\n"
    assert any(each.startswith("replaces: a circle, ") for each in refused(said))


def test_two_that_replace_one_are_refused():
    said = OLD + NEW + "asset other dome from=09-12T00:00 replaces=old\n"
    assert refused(said) == ["replaces: 'new' and 'other' both replace 'old'; at most one"]


def test_one_that_replaces_itself_is_refused():
    assert refused("asset a x replaces=a\n")


def test_a_replaces_first_recorded_with_a_from_before_its_e_is_refused():
    late = OLD + SIGNED + "asset new dome from=09-10T00:00 replaces=old recorded 10-06 09:00\n"
    assert refused(late) == [
        "replaces: 'new' would become another's new name in a month that both parties have signed"
    ]
    assert list(found_of(late, as_of="10-05 12:00").assets) == ["old"]  # no later line undoes an earlier report
    in_time = OLD + SIGNED + "asset new dome from=10-01T00:00 replaces=old recorded 10-06 09:00\n"
    assert list(found_of(in_time).assets) == ["new"]


def test_once_recorded_in_time_it_may_be_said_again():
    again = OLD + NEW + SIGNED + "asset new box from=09-10T00:00 replaces=old recorded 10-06 09:00\n"
    assert list(found_of(again).assets) == ["new"]


def test_a_replaces_for_an_id_that_was_in_service_before_it_is_refused():
    said = OLD + "asset new dome from=09-01T00:00\n" + NEW
    assert refused(said) == ["replaces: 'new' was in service before it is said to replace 'old'"]


def test_a_check_under_a_new_name_keeps_its_readings():
    found = found_of(OLD + NEW + PING)
    assert found.checks["new/icmp"].ids == ("old/icmp", "new/icmp")
    assert found.checks["new/icmp"].latest.asset == "new"
