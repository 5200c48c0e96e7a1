"""Laws of the monthly report on random small worlds: what stands behind a figure comes to that figure."""

from __future__ import annotations

import pytest

from sla.contract.file import read_contract
from sla.evidence.file import read_evidence
from sla.evidence.instants import parse_instant
from sla.evidence.intervals import intersection, union
from sla.evidence.refusals import EvidenceError
from sla.judge.daily import NOTHING, daily_times, day_edges, days_of
from sla.judge.judge import judge, judge_analysis
from sla.measure.analysis import Analysis
from sla.measure.grounds import Grounds
from sla.obligations.availability import AvailabilityItem
from sla.reports.basis import Basis
from sla.reports.layout.document import Figure, Grid, Picture, text_of
from sla.reports.layout.forms import laid_out
from sla.reports.monthly.document import monthly_document
from tests.support.reports.columns import column
from tests.support.reports.texts import html_text, squeezed, texts_of
from tests.support.worlds.worlds import random_world

every_world = pytest.mark.parametrize("seed", range(62_000, 62_040))


@pytest.fixture
def basis(seed, tmp_path):
    world = random_world(seed)
    contract, evidence = tmp_path / "contract.toml", tmp_path / "evidence.jsonl"
    contract.write_text(world.contract_text, encoding="utf-8")
    evidence.write_text(world.evidence_text, encoding="utf-8")
    found = read_evidence(evidence)
    as_of = found.latest_at() if world.as_of is None else parse_instant(world.as_of)
    try:
        analysis = Analysis(read_contract(contract), found, as_of)
    except EvidenceError:
        pytest.skip("a world that is refused")
    return Basis(judgement=judge_analysis(analysis, world.month), analysis=analysis)


@every_world
def test_days_add_up_to_the_items_of_the_month(seed, basis):
    judgement, analysis = basis.judgement, basis.analysis
    edges = day_edges(days_of(judgement.month), judgement.contract.timezone)
    for result in judgement.obligations:
        for item in result.items:
            if isinstance(item, AvailabilityItem):
                clause = result.obligation
                service = analysis.service_time(judgement.month, clause)
                service = intersection(service, analysis.in_scope(clause.scope, item.asset))
                whole = sum(daily_times(item.asset, service, analysis, edges), NOTHING)
                assert (whole.up, whole.down, whole.changing, whole.unknown) == (
                    item.up,
                    item.down,
                    item.changing,
                    item.unknown,
                )


@every_world
def test_the_grounds_of_an_asset_are_its_excused_time(seed, basis):
    grounds = Grounds(basis.analysis)
    for asset in basis.analysis.known.assets:
        assert union(*(each.spans for each in grounds.of(asset))) == basis.analysis.excuses.of(asset)


@every_world
def test_an_analysis_that_is_asked_for_other_months_judges_alike(seed, basis):
    monthly_document(basis, "en")
    analysis = basis.analysis
    again = judge(analysis.contract, analysis.evidence, basis.judgement.month, analysis.as_of)
    assert judge_analysis(analysis, basis.judgement.month) == again == basis.judgement


@every_world
def test_every_world_has_a_report_in_which_raw_less_excused_is_net(seed, basis):
    document = monthly_document(basis, "zh")
    page = squeezed(html_text(laid_out("html", document)))
    assert [text for text in texts_of(document) if squeezed(text) not in page] == []
    assert all(block.svg.startswith("<svg") for block in document.blocks if isinstance(block, Picture))
    for block in document.blocks:
        if isinstance(block, Grid) and block.title.startswith("各故障计时"):
            times = (column(block, each)[:-1] for each in ("原始值", "免责时间", "净值"))
            for raw, excused, net in zip(*times, strict=True):
                assert raw.value - excused.value == net.value
                assert excused.value >= 0


@every_world
def test_sums_of_tables_are_the_sums_of_their_columns(seed, basis):
    for block in monthly_document(basis, "zh").blocks:
        for row in block.rows if isinstance(block, Grid) else ():
            for place, cell in enumerate(row):
                if isinstance(cell, Figure) and cell.formula == "SUM":
                    above = [each[place] for each in block.rows[: block.rows.index(row)]]
                    assert sum(each.value for each in above if isinstance(each, Figure)) == cell.value, text_of(cell)
