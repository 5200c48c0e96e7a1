"""What an obligation kind says about its results when it is asked why; `sla.explain.registry` has one for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sla.explain.model import Section, Statement, Step, Value
    from sla.incidents.incident import Incident
    from sla.measure.analysis import Analysis


def _nothing(*_of_anything: object) -> tuple[()]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KindExplanation:
    """How the results of one obligation kind are explained. Every result and item handed in is of that kind.

    `sections`: (result, analysis, month) → the clause in that month, its own section first, then the chains of
    the items that matter most.
    `item_name`: (item, time zone) → how an item is called in an id, behind the obligation's own id.
    `item_sections`: (result, item, analysis, month) → one item by itself.
    `item_figures`: item → its final figures beside the verdict; `value` and `deduction` are named for all kinds.
    `figure_names`: key of a figure that only this kind has → what it is called.
    `deduction_steps`: (result, analysis, month) → from the items to the deduction.
    `billed_sections`: (result, analysis, month) → the chains of the items that the deduction is made of.
    `about_incident`: (result, analysis, month, incident) → what the clause makes of an incident: a section, or
    why it is not about it; None for kinds that judge no incidents one by one.
    """

    sections: Callable[[Any, Analysis, str], tuple[Section, ...]]
    item_name: Callable[[Any, str], str]
    item_sections: Callable[[Any, Any, Analysis, str], tuple[Section, ...]]
    item_figures: Callable[[Any], Mapping[str, Value]] = lambda _item: {}
    figure_names: Mapping[str, Statement] = field(default_factory=dict)
    deduction_steps: Callable[[Any, Analysis, str], Iterable[Step]]
    billed_sections: Callable[[Any, Analysis, str], Iterable[Section]] = _nothing
    about_incident: Callable[[Any, Analysis, str, Incident], Section | Statement] | None = None
