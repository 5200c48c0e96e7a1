"""Draws the sample pictures of docs/year.md and docs/standard.md, from the example contract and a made-up year.

    .venv/bin/python docs/samples/make_year.py

Needs pdftoppm (poppler-utils).
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from make import picture  # noqa: E402

from sla.contract.file import read_contract  # noqa: E402
from sla.evaluation.figures_file import read_figures  # noqa: E402
from sla.evaluation.self_evaluation import evaluate  # noqa: E402
from sla.judge.period import judge_period, parse_period  # noqa: E402
from sla.measure.analysis import Analysis  # noqa: E402
from sla.reports.evaluation.document import self_evaluation_document  # noqa: E402
from sla.reports.layout.forms import laid_out  # noqa: E402
from sla.reports.period.document import period_document  # noqa: E402
from sla.reports.standard.document import standard_document  # noqa: E402
from tests.support.timelines import at, evidence  # noqa: E402

EXAMPLES = HERE.parents[1] / "config" / "examples"
WORLD = """
asset cam-0001 camera
asset cam-0002 camera
asset link-03 link
asset platform service
check cam-0001/rtsp 30m major reach
check cam-0002/rtsp 30m critical reach
check link-03/icmp 30m critical reach
check platform/http 30m critical reach
cam-0001/rtsp 2026-01-01 00:00 ok 02-10 08:00 fail 15:00 ok 05-03 07:00 fail 05-04 18:00 ok 12-31 24:00
cam-0002/rtsp 2026-01-01 00:00 ok 03-10 08:00 fail 19:00 ok 08-30 22:00 fail 09-02 03:00 ok 12-31 24:00
link-03/icmp 2026-01-01 00:00 ok 06-10 08:00 fail 09:00 ok 12-31 24:00
platform/http 2026-01-01 00:00 ok 04-10 08:00 fail 14:00 ok 07-20 00:00 gap 07-26 00:00 ok 12-31 24:00
notified cam-0001/rtsp 2026-02-10 08:01
notified cam-0002/rtsp 2026-03-10 08:01
notified cam-0002/rtsp 2026-08-30 22:01
notified platform/http 2026-04-10 08:01
settled 2026-01 75341.66 0.00 2026-02-05 09:00
"""


def rounds() -> str:
    """A round each day but every eleventh."""
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    said = [f"inspection i{day:%j} I1 platform,link-03 {day} 09:00" for day in days if day.day % 11]
    return "\n".join(said)


def main() -> None:
    """Every picture, one after the other."""
    contract = read_contract(EXAMPLES / "contract.toml")
    analysis = Analysis(contract, evidence(WORLD + rounds()), at("2026-12-31 24:00"))
    year = judge_period(analysis, parse_period("2026"))
    table = evaluate(read_figures(EXAMPLES / "figures.toml"), year)
    papers = {
        "year": (period_document(year, "zh"), 2),
        "self-evaluation": (self_evaluation_document(table, "zh"), 1),
        "standard": (standard_document(contract, "zh"), 2),
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, (document, number) in papers.items():
            path = Path(folder) / f"{name}.pdf"
            content = laid_out("pdf", document)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            picture(path, number, name)


if __name__ == "__main__":
    main()
