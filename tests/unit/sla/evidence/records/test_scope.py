"""Scopes (SPEC §5): all given keys must hold, any value of one is enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.input.mistakes import MalformedError
from sla.evidence.records import Asset, Check, Scope
from sla.evidence.records.scope import scope_from_json, scope_to_json

CAM = Asset(id="cam-1", kind="camera", tags=("north", "school"))
CHECK = Check(id="cam-1/icmp", asset="cam-1", interval_ms=60_000, severity="critical")


@pytest.mark.parametrize(
    ("scope", "holds"),
    [
        (Scope(), True),
        (Scope(kind=("link", "camera")), True),
        (Scope(kind=("link",)), False),
        (Scope(ids=("cam-1",)), True),
        (Scope(ids=("cam-2",)), False),
        (Scope(tags=("south", "school")), True),
        (Scope(tags=("south",)), False),
        (Scope(kind=("camera",), tags=("north",), ids=("cam-1",)), True),
        (Scope(kind=("camera",), tags=("south",)), False),
        (Scope(kind=()), False),
    ],
)
def test_a_scope_holds_an_asset_of_which_every_given_key_has_a_value(scope, holds):
    assert scope.holds_asset(CAM) is holds
    assert scope.holds_check(CAM, CHECK) is holds


def test_severity_is_asked_of_checks_only():
    assert Scope(severity=("minor",)).holds_asset(CAM) is True
    assert Scope(severity=("minor",)).holds_check(CAM, CHECK) is False
    assert Scope(severity=("minor", "critical")).holds_check(CAM, CHECK) is True


@given(
    st.lists(st.sampled_from(["camera", "link"]), max_size=2, unique=True),
    st.lists(st.sampled_from(["cam-1", "cam-2"]), max_size=2, unique=True),
)
def test_a_scope_is_written_as_lists_and_read_back(kinds, ids):
    scope = Scope(kind=tuple(kinds), ids=tuple(ids))
    assert scope_to_json(scope) == {"kind": kinds, "ids": ids}
    assert scope_from_json(scope_to_json(scope)) == scope
    assert scope_from_json({}) == Scope()
    assert scope_to_json(Scope()) == {}


def test_one_value_stands_for_a_list_of_one():
    assert scope_from_json({"kind": "camera", "tags": ["north", "north"]}) == Scope(kind=("camera",), tags=("north",))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("all", "got 'all', wanted an object of kind, ids, tags, severity"),
        ({"kin": "camera"}, "got 'kin', wanted a scope key: kind, ids, tags, severity"),
        ({"kind": ""}, "got '', wanted a string that is not empty"),
        ({"ids": 5}, "got 5, wanted a list of strings"),
        ({"ids": [""]}, "got '', wanted a string that is not empty"),
    ],
)
def test_what_is_no_scope_is_refused(value, reason):
    with pytest.raises(MalformedError) as caught:
        scope_from_json(value)
    assert str(caught.value) == reason
