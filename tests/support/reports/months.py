"""Months for reports: rich, empty, blind, big, and with names that nobody should trust."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sla.contract.file import read_contract
from sla.evidence.records import Asset, Check, Claim, Reading, Ruling
from sla.judge.judge import judge_analysis
from sla.measure.analysis import Analysis
from sla.reports.basis import Basis, Source
from tests.support.timelines import at, evidence_of, records

if TYPE_CHECKING:
    from sla.contract.model import Contract
    from sla.evidence.evidence import Evidence
    from sla.evidence.records import Record

EXAMPLE = Path(__file__).parents[3] / "config/examples/contract.toml"
MONTH = "2026-10"
MARK = "sha256:" + "0123456789abcdef" * 4

RICH = """
asset link-1 link
asset platform service
asset db service
check link-1/reach 1h critical reach
check platform/http 1h critical
check db/tcp 1h major
link-1/reach 2026-10-01 00:00 ok 10-12 08:00 fail 10-12 14:00 ok 10-20 09:00 fail 10-20 11:00 ok 11-01 01:00
platform/http 2026-10-01 00:00 ok 10-05 03:00 fail 10-05 09:00 ok 10-22 00:00 gap 10-22 05:00 ok 11-01 01:00
db/tcp 2026-10-01 00:00 ok 10-22 00:00 gap 10-22 05:00 ok 10-31 22:00 fail 11-01 01:00
notified link-1/reach 2026-10-12 08:01
acknowledged link-1/reach 2026-10-12 08:20
arrived link-1/reach 2026-10-12 10:00
notified platform/http 2026-10-05 03:02
acknowledged platform/http 2026-10-05 04:10
notified link-1/reach 2026-10-20 09:01
claim C-17 link-1 2026-10-12 09:00 2026-10-12 12:00 power said 2026-10-12 18:00 accepted 2026-10-14 09:00
claim C-18 cam-03 2026-10-08 00:00 2026-10-09 00:00 third_party said 2026-10-10 10:00 rejected 2026-10-14 09:30
claim C-19 cam-04 2026-10-03 00:00 2026-10-04 00:00 customer said 2026-10-31 10:00
claim C-11 platform 2026-09-10 00:00 2026-09-10 06:00 power said 2026-09-11 10:00 accepted 2026-10-09 09:30
maintenance M-4 ids=link-1 2026-10-20 08:30 2026-10-20 09:45 said 2026-10-18 09:00
maintenance M-5 kind=service 2026-10-25 01:00 2026-10-25 03:00 said 2026-10-24 20:00
settled 2026-09 73341.66 0.00 2026-10-08 10:00
inspection I-8 I1 platform,db,link-1 2026-10-08 09:30
inspection I-9 I1 platform,db,link-1 2026-10-10 02:00 for=2026-10-09
inspection I-12 I1 platform,db,link-1 2026-10-12 11:00
agent 2026-10-22 00:00 stop
agent 2026-10-22 05:00 start
agent 2026-10-27 13:00 clock_step
""" + "\n".join(
    f"asset cam-{n:02d} camera behind=link-1\ncheck cam-{n:02d}/rtsp 1h major reach\ncam-{n:02d}/rtsp 2026-10-01 00:00 ok "
    + ("10-07 12:00 fail 10-09 18:00 ok " if n == 3 else "")
    + "10-12 08:00 fail 10-12 14:00 ok 10-22 00:00 gap 10-22 05:00 ok 11-01 01:00"
    for n in range(1, 6)
)
"""Every kind of clause, both ends of incidents, claims of every fate, a month signed and changed since, a gap."""

EMPTY = "agent 2026-11-01 01:00 start"
"""Nothing was there, nothing was seen."""

BLIND = """
asset cam-1 camera
asset platform service
check cam-1/rtsp 1h critical reach
check platform/http 1h critical
cam-1/rtsp 2026-10-30 00:00 ok 10-31 00:00
platform/http 2026-10-30 00:00 ok 10-31 00:00
agent 2026-11-01 01:00 start
"""
"""So little was seen that nothing can be assessed."""


def basis(evidence: Evidence, contract: Contract | None = None, month: str = MONTH) -> Basis:
    """That month under the example contract."""
    analysis = Analysis(contract or read_contract(EXAMPLE), evidence, evidence.latest_at() or 0)
    judgement = judge_analysis(analysis, month)
    return Basis(judgement=judgement, analysis=analysis, source=Source(mark=MARK))


def rich() -> Basis:
    """The rich month."""
    return basis(evidence_of(records(RICH)))


def empty() -> Basis:
    """The empty one."""
    return basis(evidence_of(records(EMPTY)))


def blind() -> Basis:
    """The one that cannot be assessed; rounds are not asked for, since a missing round is known to be missing."""
    contract = read_contract(EXAMPLE)
    watched = tuple(each for each in contract.obligations if each.id != "I1")
    return basis(evidence_of(records(BLIND)), replace(contract, obligations=watched))


HOSTILE = (
    "<script>alert(1)</script>",
    "</text><image href='http://x/'/>",
    '=HYPERLINK("http://x","y")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    '#import "@preview/x:1.0.0": y',
    '$ x^2 $ *bold* _it_ `raw` #panic("no")',
    "{{ 7*7 }} {% raw %}",
    "&lt; & > \" '",
    "\u202etxt.exe",
    "line\nbreak\ttab\x1b[31m",
    "rare \U00020bb7\u3402\u9fa5 \U0002a6d6 龘䶮",
    "emoji \U0001f4f7",
    "N" * 3000,
    "很长的名字" * 200,
)


def hostile() -> Basis:
    """Every name of the rich month is one that means something to some form."""
    contract = read_contract(EXAMPLE)
    party = {"name": HOSTILE[0] + HOSTILE[2]}
    clauses = tuple(
        replace(each, title=HOSTILE[n], clause=HOSTILE[n + 5]) for n, each in enumerate(contract.obligations)
    )
    contract = replace(contract, title=HOSTILE[6], customer=party, vendor={"name": HOSTILE[12]}, obligations=clauses)
    found: list[Record] = []
    for n, name in enumerate(HOSTILE):
        found += [
            Asset(id=name, kind="camera", name=HOSTILE[n - 1]),
            Check(id=f"{name}/x", asset=name, interval_ms=3_600_000),
        ]
        found += [
            Reading(
                check=f"{name}/x",
                at=at("2026-10-01 00:00") + hour * 3_600_000,
                outcome="fail" if 50 < hour < 60 else "ok",
            )
            for hour in range(745)
        ]
        found.append(
            Claim(
                id=name,
                asset=name,
                begin=at("2026-10-03 03:00"),
                end=at("2026-10-03 05:00"),
                cause="power",
                by=name,
                at=at("2026-10-04 00:00"),
            )
        )
        found.append(Ruling(claim=name, accepted=n % 2 == 0, by=name, at=at("2026-10-05 00:00")))
    return basis(evidence_of(found), contract)


def big_month(cameras: int, outages: int) -> Evidence:
    """Cameras behind one link, with so many outages all in all; readings are hourly."""
    text = [
        "asset link-1 link",
        "check link-1/reach 1h critical reach",
        "asset platform service",
        "check platform/http 1h critical",
    ]
    text.append("link-1/reach 2026-10-01 00:00 ok 10-12 08:00 fail 10-12 14:00 ok 11-01 01:00")
    text.append("platform/http 2026-10-01 00:00 ok 11-01 01:00")
    text.append(
        "claim C-1 link-1 2026-10-12 09:00 2026-10-12 12:00 power said 2026-10-12 18:00 accepted 2026-10-14 09:00"
    )
    for n in range(cameras):
        name = f"cam-{n:04d}"
        own = (
            f"10-{2 + n % 9:02d} {n % 20:02d}:00 fail 10-{2 + n % 9:02d} {n % 20 + 2:02d}:00 ok "
            if n < outages - 1
            else ""
        )
        text += [f"asset {name} camera behind=link-1", f"check {name}/rtsp 1h major reach"]
        text.append(
            f"{name}/rtsp 2026-10-01 00:00 ok {own}10-12 08:00 fail 10-12 14:00 ok 10-22 00:00 gap 10-22 05:00 ok 11-01 01:00"
        )
    return evidence_of(records("\n".join(text)))


def as_json(found: Basis) -> dict[str, object]:
    """The month's JSON, read back."""
    from sla.reports import written_json

    loaded: dict[str, object] = json.loads(written_json(found.judgement, found.analysis))
    return loaded
