"""The acceptance standard as a paper, and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from config.text.figures import plain
from sla.reports.layout.document import Bullets, Document, Facts, Figure, Grid, Heading, Paragraph
from sla.reports.standard.model import PARTS, standard_of
from sla.reports.text.phrases import Phrases
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from config.text.i18n import Language
    from sla.contract.model import Contract
    from sla.reports.layout.document import Block
    from sla.reports.standard.model import Standard, StandardIndicator

_NAMES = {
    "subject": "What it is about",
    "formula": "Formula",
    "source": "Source of the data",
    "period": "Period",
    "limit": "Limit",
    "consequence": "Consequence",
    "exclusions": "Not counted",
    "procedure": "Procedure",
}


def standard_document(contract: Contract, language: Language) -> Document:
    """The standard as a paper in GB/T 9704's order of headings."""
    standard = standard_of(contract, language)
    words = Phrases(contract, language)
    parts: tuple[tuple[str, list[Block]], ...] = (
        ("What this standard is", _about(standard, words)),
        ("Terms", [Facts(standard.terms)]),
        ("Measurement", [Bullets(standard.measurement)]),
        ("Service calendars", [Facts(standard.calendars)]),
        ("Exclusions", [Bullets(standard.exclusions, numbered=True)]),
        ("Indicators at a glance", [_overview(standard, words)]),
        ("Indicators one by one", _indicators(standard, words)),
        ("Score and payment", [*_bands(words), Bullets(standard.payment)]),
        ("Acceptance procedure", [Bullets(standard.procedure, numbered=True)]),
    )
    blocks: list[Block] = []
    for place, (title, inside) in enumerate(parts, 1):
        blocks += [Heading(1, words.number(place) + words.say(title)), *inside]
    return Document(
        title=words.say("Acceptance standard"),
        subtitle=harmless(f"{contract.contract} {contract.title}"),
        language=language,
        blocks=tuple(blocks),
        foot=(words.say("Contract {id}", id=harmless(contract.contract)),),
        dated=contract.term.first,
    )


def _about(standard: Standard, words: Phrases) -> list[Block]:
    contract, say = standard.contract, words.say
    term = f"{contract.term.first.isoformat()} – {contract.term.last.isoformat()}"
    return [
        Paragraph(
            say(
                "It says for each clause of the contract how it is measured, when it is kept, and"
                " what follows if it is"
                " not. Every indicator is objective and has a number; whatever is not written here is not counted."
            )
        ),
        Facts(
            (
                (say("Contract"), harmless(f"{contract.contract} {contract.title}")),
                (say("Customer"), harmless(contract.customer["name"])),
                (say("Vendor"), harmless(contract.vendor["name"])),
                (say("Term"), f"{term} ({contract.timezone})"),
                _fee(words),
            )
        ),
    ]


def _fee(words: Phrases) -> tuple[str, Figure]:
    """What the fee is called, and how much it is before any change."""
    fee = words.contract.fee
    if fee.monthly is not None:
        return words.say("Fee of a month"), Figure(text=words.money(fee.monthly), value=fee.monthly, form="money")
    total = fee.total or Decimal(0)
    return words.say("Fee"), Figure(text=words.money(total), value=total, form="money")


def _overview(standard: Standard, words: Phrases) -> Grid:
    names = ("Clause", "No.", "Indicator", "Limit", "Period", "Consequence")
    return Grid(
        columns=tuple(words.say(name) for name in names),
        rows=tuple(
            (each.clause, each.id, each.title, each.limit, each.period, each.consequence)
            for each in standard.indicators
        ),
        widths=(2, 2, 5, 7, 8, 10),
    )


def _indicators(standard: Standard, words: Phrases) -> list[Block]:
    blocks: list[Block] = []
    for place, each in enumerate(standard.indicators, 1):
        title = f"{words.number(place, 2)}{each.id} {each.title}"
        blocks += [Heading(2, title), _indicator(each, words)]
    return blocks


def _indicator(each: StandardIndicator, words: Phrases) -> Grid:
    rows = [(words.say("Clause"), each.clause), (words.say("Kind"), each.kind)]
    rows += [(words.say(_NAMES[part]), getattr(each, part)) for part in PARTS]
    return Grid(columns=(words.say("Item"), words.say("What is agreed")), rows=tuple(rows), widths=(2, 9))


def _bands(words: Phrases) -> list[Block]:
    bands = sorted(words.contract.bands, key=lambda band: band.at_least, reverse=True)
    rows = tuple(
        (
            Figure(text=f"≥ {plain(band.at_least)}", value=band.at_least),
            harmless(band.grade),
            Figure(text=words.share(band.pay), value=band.pay, form="share"),
        )
        for band in bands
    )
    columns = (words.say("Score"), words.say("Grade"), words.say("Share of the fee"))
    return [Grid(columns=columns, rows=rows, right=frozenset({0, 2}))] if rows else []


def standard_json(contract: Contract, language: Language) -> dict[str, Any]:
    """The texts of the acceptance standard as one JSON object."""
    standard = standard_of(contract, language)
    return {
        "contract": contract.contract,
        "title": contract.title,
        "language": language,
        "terms": [{"term": term, "meaning": meaning} for term, meaning in standard.terms],
        "calendars": [{"calendar": name, "hours": hours} for name, hours in standard.calendars],
        "measurement": list(standard.measurement),
        "exclusions": list(standard.exclusions),
        "indicators": [asdict(each) for each in standard.indicators],
        "bands": [
            {"from": str(band.at_least), "grade": band.grade, "pay": float(band.pay)} for band in contract.bands
        ],
        "payment": list(standard.payment),
        "procedure": list(standard.procedure),
    }
