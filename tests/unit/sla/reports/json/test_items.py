"""Items of every kind as JSON: each has its keys, and none has a value that an encoder cannot write."""

from __future__ import annotations

import orjson
import pytest

from sla.contract.file import read_contract
from sla.reports.json.month import member_writer, to_json
from sla.reports.json.registry import WRITERS
from tests.unit.sla.reports.test_monthly_kinds import ROOT, december

NAMED_BY = {
    "availability": {"asset", "up_s", "down_s", "changing_s", "unknown_s"},
    "repair": {
        "check",
        "detected",
        "began_after",
        "last_fail",
        "restored",
        "start",
        "deadline",
        "done",
        "measured_to",
    },
    "inspection": {"period", "covered", "required", "contradicted", "uncovered"},
    "quality": {"asset", "measured", "worst", "readings", "within", "available_s", "covered_s"},
    "repeat": {"check", "incidents", "too_many"},
    "online": {"day", "calls", "up", "down", "changing", "unknown"},
    "report": {"month", "deadline", "delivered", "by", "sha256"},
    "replace": {"diagnosis", "asset", "part", "diagnosed", "start", "deadline", "done"},
    "manual": {"month", "score", "of", "at", "by", "reason", "sha256", "replaced"},
}


def test_the_example_has_an_item_of_every_kind():
    found = {each.obligation.kind for each in december().judgement.obligations if each.items}
    assert found >= set(WRITERS) - {"inspection"}


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_an_item_says_what_it_is_about_and_its_verdict(kind):
    results = [each for each in december().judgement.obligations if each.obligation.kind == kind and each.items]
    for result in results:
        for item in result.items:
            written = WRITERS[kind].item(item)
            assert written.keys() >= {"verdict", *NAMED_BY[kind]}
            assert written["verdict"] == item.verdict
            orjson.dumps(written)


def test_a_member_is_written_by_the_writer_of_its_own_kind():
    judgement = december().judgement
    write = member_writer(judgement)
    for result in judgement.obligations:
        assert [write(item) for item in result.items] == [
            WRITERS[result.obligation.kind].item(item) for item in result.items
        ]
    assert {write(each)["check"] for each in judgement.incidents} == {
        each.incident.check for each in judgement.incidents
    }


def test_bounds_are_written_for_the_kinds_that_have_them_and_no_others():
    written = to_json(december().judgement)["obligations"]
    with_bounds = {each["kind"] for each in written if "low" in each}
    assert with_bounds == {"availability", "quality", "online"}
    assert all("worst" in each for each in written if each["kind"] == "online")
    assert all("measured" in each for each in written if each["kind"] == "quality")


def test_every_clause_of_the_contract_is_written_in_its_order():
    agreed = read_contract(ROOT / "config/examples/contract-full.toml")
    written = to_json(december().judgement)["obligations"]
    assert [(each["id"], each["kind"]) for each in written] == [(one.id, one.kind) for one in agreed.obligations]
