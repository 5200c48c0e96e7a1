"""How long the monthly report of 800 cameras takes, in each form, from a month judged: the limit is 10 s.

    .venv/bin/python bench/reports.py

The month holds 60 outages of the link and of single cameras, claims, maintenance and a gap; readings are hourly,
since a report asks for runs and not for readings.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from sla.contract.file import read_contract  # noqa: E402
from sla.judge.judge import judge_analysis  # noqa: E402
from sla.measure.analysis import Analysis  # noqa: E402
from sla.reports import render  # noqa: E402
from sla.reports.basis import Basis, Source  # noqa: E402
from sla.reports.monthly.document import monthly_document  # noqa: E402
from tests.support.reports.months import big_month  # noqa: E402

LIMIT_S = 10.0


def main() -> int:
    evidence = big_month(cameras=800, outages=60)
    contract = read_contract(ROOT / "config/examples/contract.toml")
    began = time.perf_counter()
    analysis = Analysis(contract, evidence, evidence.latest_at() or 0)
    judgement = judge_analysis(analysis, "2026-10")
    print(f"judged    {time.perf_counter() - began:6.2f} s")
    began = time.perf_counter()
    document = monthly_document(Basis(judgement=judgement, analysis=analysis, source=Source(mark="1 ab")), "zh")
    print(f"model     {time.perf_counter() - began:6.2f} s")
    slow = []
    for form in ("text", "json", "html", "xlsx", "docx", "pdf"):
        began = time.perf_counter()
        size = len(render(form, judgement, lambda: document))
        took = time.perf_counter() - began
        slow += [form] if took > LIMIT_S else []
        print(f"{form:<9} {took:6.2f} s  {size / 1e6:6.2f} MB")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
