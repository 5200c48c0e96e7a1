"""Whether what looks at an asset tells its faults apart and by their weight, where clauses are about incidents."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sla.explain.model import Number, say
from sla.lint.registry import LINTS
from sla.lint.scope_checks import names
from sla.lint.subject import WHOLE, Finding, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.evidence.records import Check
    from sla.explain.model import Value

_GRAVEST_FIRST = ("critical", "major", "minor")


def reach_findings(subject: Subject) -> Iterator[Finding]:
    """Assets whose checks would make one fault many, or a grave one a light one; nothing without surroundings."""
    asked = [clause for clause in subject.contract.obligations if LINTS[clause.kind].about_incidents]
    assets = {asset.id for clause in asked for asset in subject.assets_of(clause)}
    checks: dict[str, list[Check]] = defaultdict(list)
    for check in subject.around.checks.values() if subject.around else ():
        if check.asset in assets:
            checks[check.asset].append(check)
    if unreached := sorted(asset for asset, found in checks.items() if _is_unreached(found)):
        values: dict[str, Value] = {"count": Number(len(unreached)), "names": names(unreached)}
        statement = say(
            "{count} assets have several checks that count, and none to reach them: {names}."
            " When one is dead, each check is an incident with a deadline of its own.",
            **values,
        )
        mend = say("Make one check of each its reach check.")
        yield Finding(subject.at(asked[0], "scope"), WHOLE, "no_reach", statement, mend)
    if lighter := sorted(asset for asset, found in checks.items() if _is_lighter(found)):
        values = {"count": Number(len(lighter)), "names": names(lighter)}
        statement = say(
            "The reach check of {count} assets is less severe than others of theirs, which it hides: {names}.",
            **values,
        )
        mend = say("Give the reach check the highest severity of its asset's checks.")
        yield Finding(subject.at(asked[0], "scope"), WHOLE, "hidden", statement, mend)


def _is_unreached(checks: Sequence[Check]) -> bool:
    return sum(check.counts for check in checks) > 1 and not any(check.reach for check in checks)


def _is_lighter(checks: Sequence[Check]) -> bool:
    """Whether a reach check is less severe than another check of the asset."""
    gravest = min(_GRAVEST_FIRST.index(check.severity) for check in checks)
    return any(check.reach and _GRAVEST_FIRST.index(check.severity) > gravest for check in checks)
