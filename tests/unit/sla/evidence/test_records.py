"""Scopes (SPEC §5): all given keys must hold, any value of one is enough."""

from __future__ import annotations

import pytest

from sla.evidence.records import RECORDS, Asset, Check, Scope

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


def test_the_record_types_are_those_of_the_text():
    assert set(RECORDS) == {
        "asset", "check", "reading", "notified", "acknowledged", "arrived",
        "claim", "ruling", "maintenance", "inspection", "settled", "agent",
        "delivered", "diagnosed", "replaced", "scored",
    }  # fmt: skip
