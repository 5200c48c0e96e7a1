"""What an alert says, in both languages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agent.alerts.messages import MOST_BYTES, MessageContext, Notice, compose, local_text
from sla.contract.clauses.repair import RepairClause
from sla.contract.losses import OvertimeLoss
from sla.evidence.instants import parse_instant
from sla.evidence.records import Asset, Check, Scope
from sla.incidents.incident import Incident
from sla.ledger import Head
from sla.obligations.kind import IncidentDeadline

PLACE = MessageContext(name="湛河区", timezone="Asia/Shanghai", practice=False)
HEAD = Head(4711, "ab" * 32)
LINK = Asset(id="link-03", kind="link", name="中兴路光纤")
CAMERAS = tuple(Asset(id=f"cam-{n}", kind="camera", name=f"摄像机{n}", behind=("link-03",)) for n in range(50))
CLAUSE = RepairClause(
    id="R1",
    clause="5.2",
    title="一级故障修复时限",
    scope=Scope(severity=("critical",)),
    stage="restore",
    limit=4 * 3_600_000,
    clock="detected",
    deduct=OvertimeLoss(per_breach=Decimal("500.00")),
)


def at(text: str) -> int:
    return parse_instant(f"2026-10-01T{text}+08:00")


def incident(**changes) -> Incident:
    values = {
        "check": "link-03/icmp",
        "detected": at("08:00:30"),
        "began_after": at("08:00:00"),
        "last_fail": at("08:01:00"),
        "restored": None,
        "closed": False,
    }
    return Incident(**{**values, **changes})


def notice(**changes) -> Notice:
    check = Check(id="link-03/icmp", asset="link-03", interval_ms=30_000, severity="critical", reach=True)
    values = {"incident": incident(), "asset": LINK, "check": check, "seen": "no echo reply"}
    return Notice(**{**values, **changes})


def text(*notices: Notice, said="detected", language="en", place=PLACE):
    return compose(said, notices, place=place, head=HEAD, number="c0ffee", language=language)


def test_a_message_says_what_where_since_when_and_what_was_seen():
    found = text(notice())
    assert found.subject == "[湛河区] Fault: 中兴路光纤 (link-03)"
    for line in (
        "Site: 湛河区",
        "Asset: 中兴路光纤 (link-03)",
        "Check: link-03/icmp (critical)",
        "Began: after 2026-10-01 08:00:00 +0800, at the latest 2026-10-01 08:00:30 +0800",
        "Seen: no echo reply",
        "Message c0ffee",
        f"Ledger at the time of writing: entry 4711, {'ab' * 32}",
    ):
        assert line in found.body.splitlines()


def test_the_chinese_message_says_the_same_and_has_no_english_left():
    deadline = IncidentDeadline(clause=CLAUSE, stage=CLAUSE.stage, due_at=at("12:00:30"), is_estimate=False)
    found = text(notice(cuts_off=CAMERAS, deadlines=(deadline,)), language="zh")
    assert found.subject == "[湛河区] 故障：中兴路光纤 (link-03)"
    assert "资产：中兴路光纤 (link-03)" in found.body
    assert "切断 50 个资产" in found.body
    assert "ab" * 32 in found.body
    for word in ("Site", "Asset", "Check", "Began", "Seen", "Cuts", "Clause", "Message", "Ledger"):
        assert word not in found.body


def test_a_link_s_message_counts_and_names_what_it_cuts_off():
    (line,) = (each for each in text(notice(cuts_off=CAMERAS)).body.splitlines() if each.startswith("Cuts off"))
    assert line.startswith("Cuts off 50: 摄像机0 (cam-0), ")
    assert line.endswith("…")


def test_a_message_names_the_clause_and_its_deadline():
    due = IncidentDeadline(clause=CLAUSE, stage=CLAUSE.stage, due_at=at("12:00:30"), is_estimate=False)
    assert "Clause 5.2 一级故障修复时限: repair due 2026-10-01 12:00:30 +0800" in text(notice(deadlines=(due,))).body


def test_a_deadline_that_counts_from_delivery_says_so():
    due = IncidentDeadline(clause=CLAUSE, stage=CLAUSE.stage, due_at=at("12:00:30"), is_estimate=True)
    assert "if this message is delivered at once" in text(notice(deadlines=(due,))).body


def test_a_beginning_that_nobody_saw_is_said_to_be_unseen():
    assert "never seen working before" in text(notice(incident=incident(began_after=None))).body


def test_the_end_has_two_bounds_too():
    ended = incident(restored=at("08:30:10"))
    found = text(notice(incident=ended), said="restored")
    assert "Ended: after 2026-10-01 08:01:00 +0800, at the latest 2026-10-01 08:30:10 +0800" in found.body
    assert found.subject.endswith("Restored: 中兴路光纤 (link-03)")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_practice_is_marked_in_subject_and_body(language: str):
    marked = text(notice(), place=MessageContext(name="x", timezone="UTC", practice=True), language=language)
    plain_one = text(notice(), place=MessageContext(name="x", timezone="UTC", practice=False), language=language)
    word = "PRACTICE" if language == "en" else "演练"
    assert word in marked.subject
    assert word.lower() in marked.body.lower()
    assert word not in plain_one.subject
    assert word.lower() not in plain_one.body.lower()


def test_hundreds_of_incidents_make_one_message_that_a_robot_takes():
    many = [notice(asset=each, seen="x" * 5_000, cuts_off=CAMERAS) for each in CAMERAS * 10]
    found = text(*many)
    assert len(found.body.encode()) < MOST_BYTES + 2_000
    assert "and 499 more" in found.subject
    assert "listed in the ledger" in found.body
    assert "ab" * 32 in found.body


def test_what_a_device_says_cannot_break_out_of_its_line():
    found = text(notice(seen="down\nSite: elsewhere\r\x1b[31m\u202egnp"))
    assert "Seen: down Site: elsewhere [31m gnp" in found.body.splitlines()


def test_what_a_device_says_is_bounded():
    assert "Seen: " + "x" * 299 + "…" in text(notice(seen="x" * 1_000)).body.splitlines()


def test_instants_are_told_on_the_site_s_clock():
    assert local_text(parse_instant("2026-10-01T00:00:00Z"), "Asia/Shanghai") == "2026-10-01 08:00:00 +0800"
    assert local_text(parse_instant("2026-07-01T00:00:00Z"), "America/New_York") == "2026-06-30 20:00:00 -0400"
