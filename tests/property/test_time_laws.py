"""Laws of the measure over time (SPEC §1, §9): what is signed stays, what was known is dated, bounds hold the truth."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sla.contract.file import read_contract
from sla.evidence.instants import parse_instant
from sla.evidence.lines import read_lines
from sla.evidence.records import Reading
from sla.evidence.refusals import EvidenceError
from sla.judge.judge import judge
from sla.reports.json.month import to_json
from tests.support.timelines import (
    HOUR,
    MINUTE,
    at,
    availability,
    calendar,
    contract,
    evidence_of,
    inspection,
    json_lines,
    records,
    repair,
)
from tests.support.worlds.worlds import random_world

if TYPE_CHECKING:
    from sla.contract.model import Contract
    from sla.evidence.evidence import Evidence

NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""Where an example takes so long that a smaller one would not be found in time."""
SEEDS = range(70_000, 70_024)
every_world = pytest.mark.parametrize("seed", SEEDS)
REFUSED = "refused"


def loaded(seed: int, folder) -> tuple[Contract, list[bytes], str, int | None]:
    """A random world's contract, evidence lines, month and as_of."""
    world = random_world(seed)
    path = folder / "contract.toml"
    path.write_text(world.contract_text, encoding="utf-8")
    as_of = None if world.as_of is None else parse_instant(world.as_of)
    lines = [line.encode() + b"\n" for line in world.evidence_text.splitlines()]
    return read_contract(path), lines, world.month, as_of


def told(what: Contract, evidence: Evidence, month: str, as_of: int) -> str:
    """The result as it is written, or that it was refused."""
    try:
        return json.dumps(to_json(judge(what, evidence, month, as_of)), ensure_ascii=False)
    except EvidenceError:
        return REFUSED


def stamps(lines: list[bytes]) -> list[tuple[int, bytes]]:
    """(since when it is known, the line) of each line, worked out from its own keys (SPEC §1)."""
    found = []
    for line in lines:
        keys = json.loads(line)
        own = keys.get("announced_at" if keys["type"] == "maintenance" else "at")
        if keys["type"] in ("asset", "check"):
            own = None if "recorded_at" in keys else keys.get("from")
        both = [parse_instant(each) for each in (own, keys.get("recorded_at")) if each]
        found.append((max(both, default=-(10**18)), line))
    return found


@every_world
def test_evidence_cut_at_an_instant_is_evidence_judged_as_of_it(seed, tmp_path):
    what, lines, month, _ = loaded(seed, tmp_path)
    known = stamps(lines)
    instants = sorted({at for at, _ in known if at > 0})
    for cut in Random(seed).sample(instants, 3):
        whole = read_lines(lines, "all")
        part = read_lines([line for at, line in known if at <= cut], "part")
        assert told(what, whole, month, cut) == told(what, part, month, cut)


@every_world
def test_the_order_of_lines_is_of_no_matter_whatever_they_say(seed, tmp_path):
    what, lines, month, as_of = loaded(seed, tmp_path)
    shuffled = list(lines)
    Random(seed).shuffle(shuffled)
    one, other = read_lines(lines, "a"), read_lines(shuffled, "b")
    as_of = one.latest_at() if as_of is None else as_of
    assert told(what, one, month, as_of) == told(what, other, month, as_of)
    assert told(what, one, month, as_of) == told(what, one, month, as_of)


@every_world
def test_what_is_payable_lies_in_its_range_every_month(seed, tmp_path):
    what, lines, _, as_of = loaded(seed, tmp_path)
    evidence = read_lines(lines, "a")
    as_of = evidence.latest_at() if as_of is None else as_of
    for month in ("2024-02", "2026-02", "2026-03", "2026-10", "2026-11", random_world(seed).month):
        try:
            payment = judge(what, evidence, month, as_of).payment
        except EvidenceError:
            return
        assert 0 <= payment.low <= payment.payable <= payment.high <= payment.fee + payment.earned


def test_the_worlds_above_are_not_all_refused(tmp_path):
    """The negative control: laws about worlds that nobody judges would say nothing."""
    judged = 0
    for seed in SEEDS:
        what, lines, month, as_of = loaded(seed, tmp_path)
        evidence = read_lines(lines, "a")
        judged += told(what, evidence, month, evidence.latest_at() if as_of is None else as_of) != REFUSED
    assert judged > len(SEEDS) / 2


# ---- what is signed stays

PLACE = """
asset link link
asset cam camera behind=link tags=north
asset spare camera behind_any=link,cam
check link/icmp 6h reach critical
check cam/icmp 6h reach
check cam/rtsp 6h critical
check spare/icmp 6h reach minor
"""
CHECKS = ("link/icmp", "cam/icmp", "cam/rtsp", "spare/icmp")
WHAT = contract(
    availability("95%", {"kind": "camera"}, deduct={"per": "1%", "amount": "10"}),
    availability("90%", id="A2", measure="each", calendar="office", deduct={"amount_each": "7"}),
    repair("4h", deduct={"per_started": "5h", "amount": "3"}),
    repair("9h", {"severity": "critical", "tags": "north"}, id="R2", stage="respond", deduct={"per_breach": "5"}),
    inspection("week", {"kind": "camera"}, deduct={"per_missed": "9", "per_asset": "1"}),
    term="2026-08-01 2026-12-31",
    stable_for="12h",
    settle="1h",
    calendars={"office": calendar("08:00-18:00", "workdays", "CN")},
)
SIGNED = "settled 2026-08 1.00 0.00 09-05 09:00\nsettled 2026-09 1.00 0.00 10-05 09:00\n"
LATER = at("11-30 00:00")
EDITS = (
    "asset link link{dated}",
    "asset link box{dated}",
    "asset cam camera{dated}",
    "asset cam camera behind=spare{dated}",
    "asset cam camera behind_any=link,spare tags=south{dated}",
    "asset spare box behind=cam{dated}",
    "asset new camera behind=link{dated}",
    "check link/icmp 12h{dated}",
    "check cam/icmp 1h reach minor counts=no{dated}",
    "check cam/icmp 6h reach{dated}",
    "check cam/rtsp 3h minor{dated}",
    "check cam/rtsp 6h counts=no{dated}",
    "check spare/icmp 6h critical{dated}",
    "check new/icmp 6h asset=new reach{dated}",
)
DATES = (
    "",
    " from=08-10T00:00",
    " from=09-20T12:00",
    " from=10-03T00:00",
    " to=08-20T00:00",
    " from=09-01T00:00 to=09-30T00:00",
)

stretches = st.lists(st.tuples(st.sampled_from(["ok", "ok", "fail", "none", "gap"]), st.integers(1, 40)), max_size=10)
edits = st.lists(st.tuples(st.sampled_from(EDITS), st.sampled_from(DATES)), min_size=1, max_size=3)


def looked(check: str, begin: int, end: int, found) -> list[Reading]:
    """A reading every six hours of [begin, end), as the stretches say and ok behind them."""
    words = [word for word, count in found for _ in range(count)]
    instants = range(begin, end, 6 * HOUR)
    seen = zip(instants, [*words, *["ok"] * len(instants)], strict=False)
    return [Reading(check=check, at=each, outcome=word) for each, word in seen if word != "gap"]


def past(found) -> list[Reading]:
    """August and September as they may have been, the last two days but one well, and nobody looked on the last."""
    begin, calm, end = at("08-01 00:00"), at("09-27 00:00"), at("09-29 12:00")
    return [
        reading
        for check, stretch in zip(CHECKS, found, strict=True)
        for reading in [*looked(check, begin, calm, stretch), *looked(check, calm, end, [])]
    ]


def future(found) -> list[Reading]:
    begin, end = at("10-02 00:00"), at("10-20 00:00")
    return [each for check, stretch in zip(CHECKS, found, strict=True) for each in looked(check, begin, end, stretch)]


four = st.tuples(stretches, stretches, stretches, stretches)
CLAIM = "claim c1 link 08-12 00:00 08-20 00:00 power said 08-21 00:00 accepted 08-22 00:00\n"


def edited(chosen, stamp: str) -> str:
    return "".join(f"{edit.format(dated=dated)} recorded {stamp}\n" for edit, dated in dict(chosen).items())


def signed_months(said, as_of=LATER):
    """Both signed months, or that they were refused.

    Without the range: a fault detected in October may have begun in September, as nobody looked in between.
    """
    evidence = evidence_of(said)
    try:
        return [
            (each.verdict, each.value, each.low, each.high, each.coverage, each.deduction, each.items)
            for month in ("2026-08", "2026-09")
            for each in judge(WHAT, evidence, month, as_of).obligations
        ]
    except EvidenceError:
        return REFUSED


@given(four, four, edits)
@settings(max_examples=25, deadline=None, phases=NO_SHRINKING)
def test_a_definition_recorded_after_the_signatures_changes_nothing_of_what_was_signed(before, after, chosen):
    """Nothing is open at E here: every incident is closed by then, and nobody looks from 09-29 12:00 to 10-02."""
    seen = [*records(PLACE + CLAIM + SIGNED), *past(before), *future(after)]
    changed = signed_months([*seen, *records(edited(chosen, "10-06 09:00"))])
    if changed != REFUSED:  # a circle, two reach checks: the ledger takes no such definition in
        assert changed == signed_months(seen)


def test_the_same_definitions_recorded_before_the_signatures_do_change_it():
    """The negative control."""
    calm = [[("ok", 4), ("fail", 20)]] * 4
    seen = [*records(PLACE + CLAIM + SIGNED), *past(calm), *future(calm)]
    before = signed_months(seen)
    found = [signed_months([*seen, *records(edited([(each, "")], "08-02 09:00"))]) for each in EDITS]
    assert sum(each not in (REFUSED, before) for each in found) > 3


# ---- the truth lies in the range

CAMERAS = "asset a camera\nasset b camera\ncheck a/x 1h\ncheck b/x 1h\n"
DAY_TERM = {"term": "2026-10-01 2026-10-02", "fee": "1000.00", "bands": [("80", "优", "100%"), ("0", "差", "70%")]}
STEPS = {"deduct": {"per": "1%", "amount": "3"}, "points": "50", "lose": {"per": "1%", "amount": "1"}}
SHARES = [
    contract(
        availability("95%", **STEPS),
        availability("90%", id="A2", measure="each", **STEPS),
        doubt=doubt,
        unknown=unknown,
        **DAY_TERM,
    )
    for doubt in ("vendor", "customer", "split")
    for unknown in ("exclude", "up", "down")
]
seen_words = st.lists(st.sampled_from(["ok", "ok", "ok", "fail", "gap", "gap"]), min_size=49, max_size=49)


def hourly(check: str, words) -> list[Reading]:
    begin = at("10-01 00:00")
    return [Reading(check=check, at=begin + n * HOUR, outcome=word) for n, word in enumerate(words) if word != "gap"]


def filled(words, truth):
    """What was seen, and the truth where nobody looked for more than G = 3 h, or before or after all that was seen."""
    found, begin = list(words), 0
    while begin < len(words):
        end = begin
        while end < len(words) and words[end] == "gap":
            end += 1
        is_dark = end - begin > 2 or begin == 0 or end == len(words)
        if is_dark:
            found[begin:end] = truth[begin:end]
        begin = max(end, begin + 1)
    return found


@given(
    seen_words,
    seen_words,
    *[st.lists(st.sampled_from(["ok", "fail"]), min_size=49, max_size=49)] * 2,
    st.sampled_from(SHARES),
)
@settings(max_examples=60, deadline=None)
def test_whatever_happened_where_nobody_looked_availability_pays_within_the_range(a, b, one, other, what):
    def payment(*found):
        evidence = evidence_of([*records(CAMERAS), *hourly("a/x", found[0]), *hourly("b/x", found[1])])
        return judge(what, evidence, "2026-10", at("10-03 00:00")).payment

    seen, true = payment(a, b), payment(filled(a, one), filled(b, other))
    assert seen.low <= true.payable <= seen.high
    assert seen.low <= true.low
    assert true.high <= seen.high


ONE = "asset a camera\ncheck a/x 10m critical\n"
FAULT = "a/x 10-01 00:00 ok 06:00 fail*{fails}\na/x 10-01 {back} ok 10-02 00:00\n"


@given(
    st.integers(1, 20),
    st.integers(0, 40),
    st.sampled_from(["1h", "3h", "6h"]),
    st.sampled_from(["vendor", "customer", "split"]),
)
@settings(max_examples=80, deadline=None)
def test_whenever_it_was_mended_while_nobody_looked_a_repair_costs_within_the_range(fails, more, limit, doubt):
    """Seen failing from 06:00 on and well from 14:00 on; it failed `more` times on of the looks that nobody made."""
    loss = {"deduct": {"per_started": "1h", "amount": "10"}}
    what = contract(repair(limit, **loss), doubt=doubt, term="2026-10-01 2026-10-31")

    def result(said):
        return judge(what, evidence_of(said), "2026-10", at("10-03 00:00")).obligations[0]

    seen = records(ONE + FAULT.format(fails=fails, back="14:00"))
    dark = [at("10-01 06:00") + n * 10 * MINUTE for n in range(fails, 48)]
    truth = [Reading(check="a/x", at=each, outcome="fail" if n < more else "ok") for n, each in enumerate(dark)]
    found, true = result(seen), result([*seen, *truth])
    assert found.least.deduction <= true.deduction <= found.most.deduction
    assert found.least.deduction <= found.deduction <= found.most.deduction


@given(st.lists(st.booleans(), min_size=4, max_size=4), st.integers(0, 4 * 24))
@settings(max_examples=60, deadline=None)
def test_whatever_rounds_are_still_made_they_cost_within_the_range(made, hours):
    """Four days of October, judged after so many hours, and again when all is over."""
    what = contract(inspection(deduct={"per_missed": "10", "per_asset": "1"}), term="2026-10-01 2026-10-04")
    rounds = "".join(f"inspection i{n} I1 a,b 10-0{n + 1} 12:00\n" for n, each in enumerate(made) if each)
    begun = at("10-01 00:00") + hours * HOUR
    evidence = evidence_of(records(CAMERAS + rounds))
    seen = judge(what, evidence, "2026-10", begun).obligations[0]
    so_far = [
        item
        for item in judge(what, evidence, "2026-10", at("10-31 00:00")).obligations[0].items
        if item.begin <= begun
    ]
    due = sum(10 + 2 for item in so_far if item.verdict == "missed")
    assert seen.least.deduction <= due <= seen.most.deduction


def test_what_was_filled_in_is_seen_to_matter():
    """The negative control of the laws on ranges: truth does change what is payable, and reaches both bounds."""
    words, what = ["ok"] * 10 + ["gap"] * 30 + ["ok"] * 9, replace(SHARES[0], bands=())

    def payment(*found):
        evidence = evidence_of([*records(CAMERAS), *hourly("a/x", found[0]), *hourly("b/x", found[1])])
        return judge(what, evidence, "2026-10", at("10-03 00:00")).payment

    seen = payment(words, words)
    good, bad = (payment(*[filled(words, [word] * 49)] * 2).payable for word in ("ok", "fail"))
    assert good == seen.high
    assert seen.low <= bad < seen.payable
    assert len(json_lines(records(CAMERAS))) == 4
