"""config/examples/contract-full.toml: every obligation kind once, loaded, judged, and in step with docs/obligations.md."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from sla.contract.file import read_contract
from sla.contract.tables.registry import CLAUSES
from sla.judge.judge import judge
from sla.obligations.registry import OBLIGATIONS
from sla.reports.json.month import to_json
from tests.support.clauses import HASH
from tests.support.timelines import at, evidence, evidence_of, records

ROOT = Path(__file__).parents[4]
EXAMPLE = ROOT / "config" / "examples" / "contract-full.toml"
BLOCKS = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "obligations.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def contract():
    return read_contract(EXAMPLE)


def clause(contract, name):
    return next(each for each in contract.obligations if each.id == name)


def test_the_standard_s_golden_copy_is_the_example():
    copy = ROOT / "tests" / "golden" / "standard" / EXAMPLE.name
    assert copy.read_bytes() == EXAMPLE.read_bytes(), (
        f"copy {EXAMPLE.name} to tests/golden/standard, then make golden"
    )


def test_it_has_a_clause_of_each_kind_and_a_hundred_points(contract):
    assert {each.kind for each in contract.obligations} == set(CLAUSES) == set(OBLIGATIONS)
    assert sum(each.points or 0 for each in contract.obligations) == 100


def test_its_limits_are_read_as_they_stand(contract):
    loss, rtt = clause(contract, "Q1"), clause(contract, "Q2")
    assert (loss.limit, loss.side, loss.share, loss.percentile) == (
        Decimal("0.001"),
        "at_most",
        Fraction(99, 100),
        False,
    )
    assert (rtt.checks, rtt.share, rtt.percentile, rtt.deduct.per_unit) == (("reach",), Fraction(95, 100), True, 5)
    margin, clock = clause(contract, "Q4"), clause(contract, "Q5")
    assert (margin.limit, margin.side, clock.absolute) == (3, "at_least", True)
    assert clause(contract, "O1").at == (8 * 60, 14 * 60, 20 * 60)


def test_with_no_evidence_at_all_nothing_is_met(contract):
    found = judge(contract, evidence(""), "2026-10", at("2026-12-31 24:00"))
    assert {each.verdict for each in found.obligations} <= {"breached", "not_applicable"}
    silent = {each.obligation.id for each in found.obligations if each.verdict == "breached"}
    assert silent == {"D1"}, (
        "only a clause whose silence is itself a breach is breached without evidence; name it here"
    )


def test_of_assets_that_nobody_looked_at_nothing_that_hangs_on_readings_is_met(contract):
    said = "asset cam camera\nasset link link\nasset web service\ncheck cam/rtsp 1m critical\ncheck link/reach 1m critical\n"
    found = judge(contract, evidence(said), "2026-10", at("2026-12-31 24:00"))
    verdicts = {each.obligation.id: each.verdict for each in found.obligations}
    assert all(verdicts[each] == "not_assessable" for each in ("A1", "O1", "Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "F1"))
    assert "met" not in verdicts.values()


def test_every_kind_s_items_are_written_as_json(contract):
    said = """
    asset cam camera
    check cam/rtsp 1h critical
    asset link link
    check link/reach 1h critical
    cam/rtsp 10-01 00:00 ok 11-01 01:00
    diagnosed x1 cam 10-02 10:00
    replaced x1 10-03 09:00
    delivered d1 D1 2026-09 10-12 09:00
    scored M1 2026-12 95 100 2027-01-05 09:00
    """
    plain = "\n".join(line for line in said.splitlines() if line.split()[:1] and line.split()[0] not in FURTHER)
    further = [
        FURTHER[words[0]](words) for line in said.splitlines() if (words := line.split()) and words[0] in FURTHER
    ]
    known = evidence_of([*records(plain), *further])
    october = {
        each["id"]: each for each in to_json(judge(contract, known, "2026-10", at("2027-01-31 24:00")))["obligations"]
    }
    assert october["O1"]["items"][0]["day"] == "2026-10-01"
    assert (october["O1"]["worst"], october["O1"]["low"], october["O1"]["coverage"]) == (1.0, 1.0, 1.0)
    assert (october["Q1"]["measured"], october["Q1"]["items"][0]["readings"]) == (None, 0)
    assert october["F1"]["items"][0]["incidents"] == []
    assert october["Q2"]["items"][0]["worst"] is None
    assert [item["verdict"] for item in october["S2"]["items"]] == ["met"]
    assert october["D1"]["items"][0]["delivered"] == "2026-10-12T01:00:00Z"
    december = {
        each["id"]: each for each in to_json(judge(contract, known, "2026-12", at("2027-01-31 24:00")))["obligations"]
    }
    assert december["M1"]["items"][0] == {
        "month": "2026-12", "verdict": "met", "value": 0.95, "score": "95", "of": "100", "at": "2027-01-05T01:00:00Z",
        "by": "", "reason": "理由", "sha256": HASH, "replaced": 0,
    }  # fmt: skip


def _further(words):
    from tests.support import clauses

    kind, *rest = words
    makers = {
        "diagnosed": lambda name, asset, *when: clauses.diagnosed(name, asset, " ".join(when)),
        "replaced": lambda name, *when: clauses.replaced(name, " ".join(when)),
        "delivered": lambda name, plan, month, *when: clauses.delivered(name, month, " ".join(when), plan),
        "scored": lambda plan, month, score, of, *when: clauses.scored(month, score, " ".join(when), of, plan),
    }
    return makers[kind](*rest)


FURTHER = dict.fromkeys(("diagnosed", "replaced", "delivered", "scored"), _further)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: tomllib.loads(block)["obligations"][0]["kind"])
def test_the_example_clauses_of_the_text_load(block, tmp_path):
    head = EXAMPLE.read_text(encoding="utf-8").split("# 可用率")[0]
    (tmp_path / "c.toml").write_text(head + block, encoding="utf-8")
    (found,) = read_contract(tmp_path / "c.toml").obligations
    assert found.kind in (ROOT / "docs" / "obligations.md").read_text(encoding="utf-8")


def test_the_text_names_every_kind_of_its_own():
    told = {tomllib.loads(block)["obligations"][0]["kind"] for block in BLOCKS}
    assert told == set(CLAUSES) - {"availability", "repair", "inspection"}
