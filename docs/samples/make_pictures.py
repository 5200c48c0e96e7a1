"""Measures the diagnosis of pictures on drawn streets: the table of docs/pictures.md and its sheet of samples.

    .venv/bin/python docs/samples/make_pictures.py

Takes some minutes. A smaller run of the same is in the tests (tests/unit/probes/picture/test_streets.py).
"""

from __future__ import annotations

import io
import sys
from collections import Counter
from multiprocessing import Pool
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from probes.picture.assessment import PictureOptions, verdict  # noqa: E402
from tests.support.pictures.corpus import Said, baselines, found_in, told  # noqa: E402
from tests.support.pictures.places import Street  # noqa: E402
from tests.support.pictures.streets import DENSE_FOG, FAULTS, FAULTY_IN, HEALTHY, moment  # noqa: E402

STREETS = range(400, 416)
SEEDS = (1, 2)
GUIDE = HERE.parent / "pictures.md"
BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->\n"
ACROSS, WIDE, HIGH, LINE = 6, 208, 117, 17
BY_NIGHT = ("night", "quiet night")


def main() -> None:
    """The table, then the sheet."""
    with Pool() as pool:
        said = [each for part in pool.imap(of_street, STREETS) for each in part]
    text = GUIDE.read_text(encoding="utf-8")
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    GUIDE.write_text(before + BEGIN + table(said) + END + after, encoding="utf-8")
    sheet().save(HERE / "pictures.jpg", quality=72, optimize=True)


def of_street(number: int) -> list[Said]:
    """Everything that is said of one street."""
    return list(told(Street(number), SEEDS, kinds=(*HEALTHY, *DENSE_FOG)))


def table(said: list[Said]) -> str:
    """False alarms among the healthy, and how many of each fault are told and named."""
    healthy = [each for each in said if not each.fault and each.kind not in DENSE_FOG]
    alarms = Counter(each.beside.outcome for each in healthy)
    alone = Counter(each.alone.outcome for each in said if not each.fault)
    rows = [
        "| pictures | how many | said |",
        "|---|---|---|",
        f"| healthy, beside baselines | {len(healthy)} | {alarms['fail']} false alarms, {alarms['none']} `none` |",
        f"| healthy and dense fog, no baseline | {sum(alone.values())} | {alone['fail']} false alarms |",
    ]
    for kind in DENSE_FOG:
        seen = Counter(each.beside.reason or "ok" for each in said if each.kind == kind)
        rows.append(f"| {kind} | {seen.total()} | {', '.join(f'{n} {name}' for name, n in seen.most_common())} |")
    for fault in FAULTS:
        for when, chosen in (("by day", False), ("by night", True)):
            of = [each for each in said if each.fault == fault and (each.kind in BY_NIGHT) == chosen]
            right, named = sum(each.is_right for each in of), sum(each.is_named for each in of)
            rows.append(f"| {fault}, {when} | {len(of)} | {right} told, {named} by its name |")
    return "\n".join(rows) + "\n"


def sheet() -> Image.Image:
    """Samples of it all, with what is said of each."""
    asked = [(kind, "") for kind in (*HEALTHY, *DENSE_FOG)]
    asked += [(kind, fault) for fault in FAULTS for kind in (FAULTY_IN[0], FAULTY_IN[3])]
    streets = [Street(number) for number in (401, 402)]
    known = [baselines(each) for each in streets]
    made = Image.new("RGB", (ACROSS * WIDE, -(-len(asked) // ACROSS) * (HIGH + LINE)), "white")
    draw = ImageDraw.Draw(made)
    for place, (kind, fault) in enumerate(asked):
        which = place % 2 if not fault else place // 2 % 2
        data = moment(streets[which], kind, 1, fault)
        said = verdict(found_in(data), PictureOptions(), known[which])
        x, y = place % ACROSS * WIDE, place // ACROSS * (HIGH + LINE)
        made.paste(Image.open(io.BytesIO(data)).resize((WIDE - 4, HIGH - 2)), (x + 2, y + 2))
        words = said.reason.removeprefix("picture ") or kind + ": ok"
        draw.text(
            (x + 4, y + HIGH), words, "black" if said.outcome != "fail" else "#b00000", ImageFont.load_default(12)
        )
    return made


if __name__ == "__main__":
    main()
