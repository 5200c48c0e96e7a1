"""The one table of records that a person can put on record by `sla-agent record`: arguments, and what they say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from agent.cli.files import sha256_of
from agent.cli.record_groups import assets_in, failing_in, scope_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping


class Argument(NamedTuple):
    """One argument: its name, its help in English, and what argparse is given besides."""

    name: str
    purpose: str
    more: Mapping[str, Any]


class RecordCommand(NamedTuple):
    """How one type of record is made on the command line, under its type's name or another `word`.

    `content`: its keys beside `type`, its instant and `by`. `instant`: the key that is this moment unless another
    is given; `at` also comes with `--by`, who said or did it. `parted`: the records that it stands for, one for each
    check of a group.
    """

    purpose: str
    arguments: tuple[Argument, ...]
    content: Callable[[argparse.Namespace], dict[str, Any]]
    instant: str = "at"
    word: str = ""
    parted: Callable[[argparse.Namespace, dict[str, Any]], list[dict[str, Any]]] = lambda _, record: [record]


def _check(options: argparse.Namespace) -> dict[str, Any]:
    return {"check": options.check}


def _each_check(options: argparse.Namespace, record: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**record, "check": check} for check in failing_in(options.state, options.check)]


def _rounds(options: argparse.Namespace, record: dict[str, Any]) -> list[dict[str, Any]]:
    """The round, and beside it one of the assets found faulty; those that nobody looked at are in neither."""
    faulty, left_out = assets_in(options.state, options.fault), assets_in(options.state, options.left_out)
    covered = [each for each in record["covers"] if each not in {*faulty, *left_out}]
    found = [{**record, "covers": covered}] if covered or not faulty else []
    if faulty:
        found.append({**record, "id": f"{record['id']}-fault", "covers": faulty, "result": "fault"})
    return found


def _claim(options: argparse.Namespace) -> dict[str, Any]:
    return {"id": options.id, "asset": options.asset, **_span(options), "cause": options.cause}


def _ruling(options: argparse.Namespace) -> dict[str, Any]:
    return {"claim": options.claim, "accepted": options.word == "accepted"}


def _maintenance(options: argparse.Namespace) -> dict[str, Any]:
    return {"id": options.id, "scope": scope_of(options.scope), **_span(options), "approved": options.approved}


def _inspection(options: argparse.Namespace) -> dict[str, Any]:
    found = {"covers": assets_in(options.state, options.covers), "result": options.result}
    if options.period is not None:
        found["period"] = options.period
    return {"id": options.id, "plan": options.plan, **found}


def _settled(options: argparse.Namespace) -> dict[str, Any]:
    amounts = {"payable": options.payable, "adjustment": options.adjustment}
    contract = {} if options.contract is None else {"contract": sha256_of(options.contract)}
    return {"month": options.month, **amounts, "party": options.party, **contract}


def _approved(options: argparse.Namespace) -> dict[str, Any]:
    return {"maintenance": options.maintenance}


def _withdrawn(options: argparse.Namespace) -> dict[str, Any]:
    pairs = (each.partition("=") for each in options.key)
    return {"of": {"type": options.of, **{key: value for key, _, value in pairs}}, "reason": options.reason}


def _delivered(options: argparse.Namespace) -> dict[str, Any]:
    return {"id": options.id, "plan": options.plan, "month": options.month, **_hash_of(options.file)}


def _diagnosed(options: argparse.Namespace) -> dict[str, Any]:
    return {"id": options.id, "asset": options.asset, "part": options.part}


def _replaced(options: argparse.Namespace) -> dict[str, Any]:
    return {"diagnosis": options.diagnosis, "temporary": options.temporary, "serial": options.serial}


def _scored(options: argparse.Namespace) -> dict[str, Any]:
    score = {"score": options.score, "of": options.of, "reason": options.reason}
    return {"plan": options.plan, "month": options.month, **score, **_hash_of(options.file)}


def _span(options: argparse.Namespace) -> dict[str, Any]:
    return {"from": options.begin, "to": options.end}


def _hash_of(path: Path | None) -> dict[str, str]:
    """The file's SHA-256; the file itself stays where it is. OSError where it cannot be read."""
    return {} if path is None else {"sha256": sha256_of(path)}


_CORRECTABLE = (
    "acknowledged", "arrived", "claim", "ruling", "maintenance", "approved", "inspection", "delivered", "diagnosed",
    "replaced", "scored",
)  # fmt: skip
_ID = Argument("id", "a number of its own", {"metavar": "ID"})
_ASSET = Argument("asset", "the asset", {"metavar": "ASSET"})
_FAILING = Argument(
    "check",
    "the check, as asset/name; or all that have an open incident of a group: all, kind=…, tags=…, ids=…",
    {"metavar": "CHECK"},
)
_MONTH = Argument("month", "the last month that it is about", {"metavar": "YYYY-MM"})
_SPAN = (
    Argument("--from", "beginning, RFC 3339", {"metavar": "T", "required": True, "dest": "begin"}),
    Argument("--to", "end, RFC 3339", {"metavar": "T", "required": True, "dest": "end"}),
)
_CAUSES = ("power", "third_party", "force_majeure", "customer", "planned")
RECORD_COMMANDS: Mapping[str, RecordCommand] = {
    "acknowledged": RecordCommand("The vendor took an incident on", (_FAILING,), _check, parted=_each_check),
    "arrived": RecordCommand("The vendor's people stand before the asset", (_FAILING,), _check, parted=_each_check),
    "claim": RecordCommand(
        "The vendor says that an outage was not its fault",
        (_ID, _ASSET, *_SPAN, Argument("--cause", "why", {"choices": _CAUSES, "required": True})),
        _claim,
    ),
    "ruling": RecordCommand(
        "The customer's word on a claim",
        (
            Argument("claim", "the claim's number", {"metavar": "CLAIM"}),
            Argument("word", "accepted or rejected", {"choices": ("accepted", "rejected")}),
        ),
        _ruling,
    ),
    "maintenance": RecordCommand(
        "Announced work",
        (
            _ID,
            *_SPAN,
            Argument("--announced-at", "when it was announced (default: now)", {"metavar": "T"}),
            Argument(
                "--scope",
                "on which assets: all, kind=…, ids=…, tags=…; several values with commas (none: all)",
                {"action": "append", "default": [], "metavar": "KEY=VALUES"},
            ),
            Argument("--approved", "the customer agreed to it", {"action": "store_true"}),
        ),
        _maintenance,
        instant="announced_at",
    ),
    "approved": RecordCommand(
        "The customer agrees to announced work",
        (Argument("maintenance", "the work's number", {"metavar": "ID"}),),
        _approved,
    ),
    "inspection": RecordCommand(
        "A round: which assets somebody looked at",
        (
            _ID,
            Argument("plan", "the contract's inspection obligation", {"metavar": "OBLIGATION"}),
            Argument(
                "--covers",
                "the assets, with commas; or a group of those in service: all, kind=…, tags=…",
                {"required": True, "metavar": "ASSETS"},
            ),
            Argument("--fault", "of these, what was found faulty", {"default": "", "metavar": "ASSETS"}),
            Argument(
                "--except",
                "of these, what nobody looked at",
                {"default": "", "metavar": "ASSETS", "dest": "left_out"},
            ),
            Argument("--period", "a day of the period that it is made good for", {"metavar": "YYYY-MM-DD"}),
            Argument("--result", "what was found", {"choices": ("ok", "fault"), "required": True}),
        ),
        _inspection,
        parted=_rounds,
    ),
    "settled": RecordCommand(
        "One party signed a month; it is settled when both have signed the same",
        (
            Argument("month", "the month", {"metavar": "YYYY-MM"}),
            Argument(
                "--payable",
                "payable for the month itself, e.g. 1200.00",
                {"required": True, "metavar": "AMOUNT"},
            ),
            Argument("--adjustment", "for earlier months, e.g. -50.00", {"default": "0.00", "metavar": "AMOUNT"}),
            Argument("--party", "who signed", {"choices": ("customer", "vendor"), "required": True}),
            Argument(
                "--contract",
                "the contract file that was signed under; its SHA-256 is recorded",
                {"metavar": "CONTRACT.toml", "type": Path},
            ),
        ),
        _settled,
    ),
    "delivered": RecordCommand(
        "A document came in",
        (
            _ID,
            Argument("plan", "the contract's report obligation", {"metavar": "OBLIGATION"}),
            _MONTH,
            Argument("--file", "the document; its SHA-256 is recorded", {"metavar": "FILE", "type": Path}),
        ),
        _delivered,
    ),
    "diagnosed": RecordCommand(
        "A part of an asset has to be replaced",
        (_ID, _ASSET, Argument("--part", "what has to be replaced", {"metavar": "PART", "default": ""})),
        _diagnosed,
    ),
    "replaced": RecordCommand(
        "The part of a diagnosis was replaced, or a spare was lent",
        (
            Argument("diagnosis", "the diagnosis' number", {"metavar": "ID"}),
            Argument("--temporary", "a spare was lent for the time being", {"action": "store_true"}),
            Argument("--serial", "the new part's serial number", {"metavar": "SERIAL", "default": ""}),
        ),
        _replaced,
    ),
    "scored": RecordCommand(
        "A person's score of a month",
        (
            Argument("plan", "the contract's manual obligation", {"metavar": "OBLIGATION"}),
            _MONTH,
            Argument("score", "the score, e.g. 92.5", {"metavar": "SCORE"}),
            Argument("--of", "the best possible score (default: 100)", {"metavar": "SCORE", "default": "100"}),
            Argument("--reason", "why", {"metavar": "TEXT", "required": True}),
            Argument(
                "--file",
                "what the score rests on; its SHA-256 is recorded",
                {"metavar": "FILE", "type": Path, "required": True},
            ),
        ),
        _scored,
    ),
    "corrected": RecordCommand(
        "A record was a mistake: it is as if it had never been",
        (
            Argument("of", "the type of the record", {"metavar": "TYPE", "choices": _CORRECTABLE}),
            Argument(
                "key",
                "as many of its keys as single it out, as evidence has them: id=C-1, check=…, at=…",
                {"metavar": "KEY=VALUE", "nargs": "+"},
            ),
            Argument("--reason", "why", {"metavar": "TEXT", "required": True}),
        ),
        _withdrawn,
        word="withdraw",
    ),
}
"""Record type → what `sla-agent record` asks for and makes of it, in the order of its help."""
