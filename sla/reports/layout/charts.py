"""Charts as SVG, drawn once and used by every form: shapes and shades that survive a black and white copier.

No script, no link, no style sheet: presentation attributes only, which browsers and typesetters both obey.
Lengths are points. Names are escaped here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from fractions import Fraction

BREADTH = 440
"""As broad as the text of an A4 page after GB/T 9704."""
FONTS = "Noto Sans SC, Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, sans-serif"
INK, GREY, PALE = "#111", "#777", "#ddd"
_LONGEST_LABEL = 22


class Dot(NamedTuple):
    """One day of a series: value and bounds, each None where there is none."""

    label: str
    value: Fraction | None
    low: Fraction | None
    high: Fraction | None


def label(x: float, y: float, text: str, *, size: float = 7, anchor: str = "start", fill: str = INK) -> str:
    """A word or two."""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" text-anchor="{anchor}" fill="{fill}">{escape(text)}</text>'
    )


def line(x1: float, y1: float, x2: float, y2: float, *, width: float = 0.6, ink: str = INK, dash: str = "") -> str:
    """A straight line."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="M{x1:g} {y1:g}L{x2:g} {y2:g}" stroke="{ink}" stroke-width="{width:g}" fill="none"{dashed}/>'


def path(pieces: Iterable[str], *, fill: str = "none", ink: str = "none", width: float = 0.4) -> str:
    """Many strokes or areas of one look; nothing for none."""
    drawn = "".join(pieces)
    return f'<path d="{drawn}" fill="{fill}" stroke="{ink}" stroke-width="{width:g}"/>' if drawn else ""


def box(x: float, y: float, breadth: float, height: float) -> str:
    """A rectangle as a piece of a path."""
    return f"M{x:g} {y:g}h{breadth:g}v{height:g}h{-breadth:g}z"


def hatch(x: float, y: float, breadth: float, height: float) -> str:
    """Two slanting strokes across a rectangle, as a piece of a path: nobody looked."""
    half = f"M{x:g} {y + height / 2:g}l{breadth / 2:g} {-height / 2:g}"
    return (
        half
        + f"M{x + breadth / 2:g} {y + height:g}l{breadth / 2:g} {-height / 2:g}M{x:g} {y + height:g}"
        + (f"l{breadth:g} {-height:g}")
    )


def svg(parts: Iterable[str], height: float, breadth: float = BREADTH) -> str:
    """The whole drawing."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {breadth:g} {height:g}" width="{breadth:g}" '
        f'height="{height:g}" font-family="{FONTS}">{"".join(parts)}</svg>'
    )


def shortened(text: str, most: int = _LONGEST_LABEL) -> str:
    """A label that keeps to its place; full-width characters take two."""
    room, found = most, ""
    for character in text:
        room -= 2 if ord(character) > 0x2E7F else 1  # noqa: PLR2004 - where East Asian scripts begin
        if room < 0:
            return found[:-1] + "…"
        found += character
    return text


_FLOORS = (9_990, 9_900, 9_800, 9_500, 9_000, 8_000, 5_000, 0)
"""Where the axis may begin, in hundredths of a percent."""


def share_of_days(days: Sequence[Dot], target: Fraction, promised: str) -> str:
    """Day by day: a dot for the value, a stroke from the lower to the upper bound, the target as a dashed line."""
    height, left, top, bottom = 150.0, 38.0, 10.0, 124.0
    floor = _floor_of([*(dot.low for dot in days if dot.low is not None), target])
    step = (BREADTH - left - 8) / max(len(days), 1)

    def y(share: Fraction) -> float:
        kept = max(float(share) * 10_000, floor)
        return round(bottom - (kept - floor) / (10_000 - floor) * (bottom - top), 2)

    parts = [line(left, bottom, BREADTH - 6, bottom), line(left, top, left, bottom)]
    for mark in range(5):
        share = floor + (10_000 - floor) * mark / 4
        at = bottom - (bottom - top) * mark / 4
        parts += [
            line(left, at, BREADTH - 6, at, width=0.3, ink=PALE),
            label(left - 3, at + 2.5, _percent(share), anchor="end"),
        ]
    for number, dot in enumerate(days):
        x = round(left + step * (number + 0.5), 2)
        parts.append(label(x, bottom + 9, dot.label, size=6, anchor="middle"))
        parts += _dot(x, dot, y)
    parts += [line(left, y(target), BREADTH - 6, y(target), width=0.9, dash="4 2")]
    parts += [label(BREADTH - 6, height - 6, promised, anchor="end", size=6.5)]
    return svg(parts, height)


def _dot(x: float, dot: Dot, place: Callable[[Fraction], float]) -> list[str]:
    parts = []
    if dot.low is not None and dot.high is not None:
        low, high = place(dot.low), place(dot.high)
        parts.append(line(x, low, x, high, width=2.2, ink=GREY))
    if dot.value is not None:
        parts.append(f'<circle cx="{x:g}" cy="{place(dot.value):g}" r="2.1" fill="{INK}"/>')
    return parts


def _floor_of(shares: Sequence[Fraction]) -> int:
    lowest = min(float(share) for share in shares) * 10_000
    return next(floor for floor in _FLOORS if floor <= lowest)


def _percent(hundredths: float) -> str:
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".") + "%"


SHADES = ("#fff", "#ccc", "#999", "#555", "#000")
"""Of a heat map: nothing lost, then ever more."""
HATCHED, EMPTY = -1, -2
"""Nobody looked; no service was due."""
ROWS_OF_A_PAGE = 45


def heat_map(
    rows: Sequence[tuple[str, Sequence[int]]], columns: Sequence[str], key: Sequence[tuple[int, str]]
) -> str:
    """Assets × days: a place in SHADES, HATCHED or EMPTY for each; `key` says what each of them means."""
    left, top = 118.0, 12.0
    step = (BREADTH - left) / max(len(columns), 1)
    tall = 11.0 if len(rows) <= ROWS_OF_A_PAGE // 2 else 8.0
    areas: dict[int, list[str]] = {}
    parts = []
    for number, column in enumerate(columns):
        parts.append(label(left + step * (number + 0.5), top - 3, column, size=6, anchor="middle"))
    for row, (name, cells) in enumerate(rows):
        y = top + row * tall
        parts.append(label(left - 3, y + tall * 0.75, shortened(name), size=min(6.5, tall * 0.85), anchor="end"))
        begin = 0
        for number in range(1, len(cells) + 1):
            if number == len(cells) or cells[number] != cells[begin] or cells[begin] in (HATCHED, EMPTY):
                areas.setdefault(cells[begin], []).append(
                    _area(cells[begin], left + step * begin, y, step * (number - begin), tall)
                )
                begin = number
    bottom = top + len(rows) * tall
    parts += [_painted(kind, pieces) for kind, pieces in sorted(areas.items())]
    parts.append(path(_ruled(left, top, step, tall, columns=len(columns), rows=len(rows)), ink="#bbb", width=0.3))
    parts += _key(key, bottom + 8)
    return svg([part for part in parts if part], bottom + 22)


def _area(kind: int, x: float, y: float, breadth: float, height: float) -> str:
    x, y, breadth = round(x, 2), round(y, 2), round(breadth, 2)
    if kind == HATCHED:
        return hatch(x, y, breadth, height)
    if kind == EMPTY:
        return f"M{x + breadth / 2 - 0.8:g} {y + height / 2:g}h1.6"
    return box(x, y, breadth, height)


def _painted(kind: int, pieces: list[str]) -> str:
    if kind in (HATCHED, EMPTY):
        return path(pieces, ink=GREY, width=0.5)
    return "" if kind == 0 else path(pieces, fill=SHADES[kind])


def _ruled(left: float, top: float, step: float, tall: float, *, columns: int, rows: int) -> Iterable[str]:
    for number in range(columns + 1):
        yield f"M{left + step * number:.2f} {top:g}v{tall * rows:g}"
    for number in range(rows + 1):
        yield f"M{left:g} {top + tall * number:g}h{step * columns:.2f}"


def _key(key: Sequence[tuple[int, str]], y: float) -> list[str]:
    parts, x = [], 4.0
    for kind, words in key:
        parts.append(_painted(kind, [_area(kind, x, y, 9, 7)]))
        parts.append(path([box(x, y, 9, 7)], ink=GREY))
        parts.append(label(x + 12, y + 6, words, size=6.5))
        x += 18 + sum(6.5 if ord(each) > 0x2E7F else 3.6 for each in words)  # noqa: PLR2004 - as above
    return parts


class RoundMark(NamedTuple):
    """One day of an inspection calendar: its number, weekday (Monday 0), verdict ("" : none due), contradicted."""

    day: int
    weekday: int
    verdict: str
    is_contradicted: bool


def inspection_calendar(days: Sequence[RoundMark], weekdays: Sequence[str], key: Sequence[tuple[str, str]]) -> str:
    """A month: tick done, triangle late, cross missed, ring pending, and ! where monitoring contradicts."""
    step, tall, top, left = 60.0, 24.0, 12.0, 10.0
    parts = [label(left + step * (n + 0.5), top - 3, name, anchor="middle") for n, name in enumerate(weekdays)]
    row = 0
    for each in days:
        x, y = left + step * each.weekday, top + row * tall
        parts.append(path([box(x, y, step, tall)], ink=GREY))
        parts.append(label(x + 4, y + 9, str(each.day), size=7, fill=INK if each.verdict else GREY))
        if each.verdict:
            parts.append(mark(each.verdict, x + step / 2, y + tall / 2))
        if each.is_contradicted:
            parts.append(label(x + step - 12, y + 17, "!", size=13))
        row += each.weekday == 6  # noqa: PLR2004 - Sunday
    bottom = top + (row + (days[-1].weekday != 6 if days else 0)) * tall  # noqa: PLR2004 - Sunday
    x = left + 4
    for verdict, words in key:
        parts.append(label(x - 4, bottom + 16, "!", size=11) if verdict == "!" else mark(verdict, x, bottom + 12, 4))
        parts.append(label(x + 8, bottom + 14.5, words, size=7))
        x += 22 + sum(7 if ord(each) > 0x2E7F else 4 for each in words)  # noqa: PLR2004 - as above
    return svg(parts, bottom + 22)


def mark(verdict: str, x: float, y: float, size: float = 6) -> str:
    """A verdict's sign, centred on a point; told apart by shape alone."""
    half = size * 0.9
    if verdict == "done":
        return path(
            [f"M{x - half:g} {y:g}l{half * 0.7:g} {half * 0.8:g}L{x + half:g} {y - half * 0.8:g}"], ink=INK, width=1.6
        )
    if verdict == "late":
        return path([f"M{x:g} {y - half:g}L{x + half:g} {y + half:g}H{x - half:g}z"], ink=INK, width=1.2)
    if verdict == "missed":
        whole = 2 * half
        strokes = f"M{x - half:g} {y - half:g}l{whole:g} {whole:g}M{x - half:g} {y + half:g}l{whole:g} {-whole:g}"
        return path([strokes], ink=INK, width=1.8)
    return f'<circle cx="{x:g}" cy="{y:g}" r="{half:g}" fill="none" stroke="{INK}" stroke-width="1"/>'
