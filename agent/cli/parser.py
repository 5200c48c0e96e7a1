"""`sla-agent`: what can be asked for, and how it is spelled. What is then done stands in `agent.cli.commands`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from agent.ledger.record_types import FURTHER_RECORDS, FurtherRecord
from agent.state_dir import STATE_DIR
from config.text.command_line import parser_in
from config.text.i18n import in_language

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from config.text.i18n import Language


class _Command(NamedTuple):
    """One command: its name, what it is for, and an example."""

    name: str
    purpose: str
    example: str


_RUN = _Command("run", "Watch a site in the foreground", "sla-agent run --site site.toml --state state")
_STATUS = _Command("status", "Tell what is up, down, cut off, unknown and late", "sla-agent status --state state")
_VALIDATE = _Command(
    "validate", "Check site and contract files; every mistake is told at once", "sla-agent validate --site site.toml"
)
_PROBE = _Command(
    "probe", "Look at one thing once and print what was seen", "sla-agent probe tcp 10.1.3.1 --set port=554"
)
_DISCOVER = _Command(
    "discover",
    "Draft an inventory of what answers in address ranges; a person corrects it",
    "sla-agent discover 10.1.3.0/24 10.1.4.0/24 --out draft.csv",
)
_BASELINE = _Command(
    "baseline",
    "Keep what a camera usually shows, by day or by night, to compare later pictures with",
    "sla-agent baseline cam-1.json day frame rtsp://10.1.3.11/stream1",
)
_RECORD = _Command(
    "record", "Put on record what somebody did or said", "sla-agent record arrived cam-1/rtsp --by 王工"
)
_IMPORT = _Command("import", "Take in a file of records, whole or not at all", "sla-agent import rounds.jsonl")
_EXPORT = _Command(
    "export", "Print everything as evidence, one record a line", "sla-agent export --from 2026-10-01T00:00:00+08:00"
)
_BACKUP = _Command("backup", "Copy the ledger while it is written", "sla-agent backup /mnt/usb/ledger-2026-11-01.db")
_RESTORE = _Command(
    "restore", "Put a backup in the ledger's place; what was there is kept", "sla-agent restore ledger-2026-11-01.db"
)
_LEDGER = _Command("ledger", "Look after the ledger", "sla-agent ledger stats --state state")
_SEAL = _Command("seal", "Close a month, for both parties to sign", "sla-agent seal 2026-10 > seal.txt")
_COUNTERSIGN = _Command(
    "countersign",
    "Sign a month's seal with your own key, on your own machine",
    "sla-agent countersign seal.txt --name zhanhe/vendor --key vendor.pem",
)
_PRACTICE = _Command(
    "practice", "See the whole product at work on this machine, on a practice site", "sla-agent practice --fast"
)


def parse(words: Sequence[str], language: Language) -> argparse.Namespace:
    """The command and its options; exits with 2 and a hint for bad usage."""
    return _ParserBuilder(language).parser().parse_args(list(words))


class _ParserBuilder:
    """Builds the parser in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

        def say(text: str) -> str:
            return in_language(text, language)

        self._say = say

    def parser(self) -> argparse.ArgumentParser:
        parser = self._new(None, "sla-agent", "Watches a site and proves what was seen. Commands:", "")
        commands = parser.add_subparsers(
            dest="command", required=True, metavar="COMMAND", title=self._say("commands")
        )
        self._run(self._sub(commands, _RUN))
        self._status(self._sub(commands, _STATUS))
        self._validate(self._sub(commands, _VALIDATE))
        self._look(self._sub(commands, _PROBE))
        self._discover(self._sub(commands, _DISCOVER))
        self._baseline(self._sub(commands, _BASELINE))
        self._records(self._sub(commands, _RECORD))
        self._import(self._sub(commands, _IMPORT))
        self._export(self._sub(commands, _EXPORT))
        self._backup(self._sub(commands, _BACKUP))
        self._backup(self._sub(commands, _RESTORE))
        self._ledger(self._sub(commands, _LEDGER))
        self._seal(self._sub(commands, _SEAL))
        self._countersign(self._sub(commands, _COUNTERSIGN))
        self._practice(self._sub(commands, _PRACTICE))
        return parser

    def _new(self, adder: Any, name: str, purpose: str, example: str, **more: Any) -> argparse.ArgumentParser:
        epilog = f"{self._say('example:')}\n  {example}" if example else ""
        return parser_in(self._language, name, purpose, adder=adder, epilog=epilog, **more)

    def _sub(self, commands: Any, command: _Command) -> argparse.ArgumentParser:
        return self._new(commands, command.name, command.purpose, command.example, help=self._say(command.purpose))

    def _path(self, parser: argparse.ArgumentParser, name: str, text: str, **more: Any) -> None:
        parser.add_argument(name, type=Path, help=self._say(text), **more)

    def _site(self, parser: argparse.ArgumentParser) -> None:
        self._path(parser, "--site", "the site file", required=True, metavar="SITE.toml")
        self._path(parser, "--contract", "the contract file", metavar="CONTRACT.toml")

    def _state(self, parser: argparse.ArgumentParser) -> None:
        text = "the directory that holds the ledger (default: {default})"
        help_text = self._say(text).format(default=STATE_DIR)
        parser.add_argument("--state", type=Path, default=STATE_DIR, metavar="DIR", help=help_text)

    def _run(self, parser: argparse.ArgumentParser) -> None:
        self._site(parser)
        self._state(parser)

    def _status(self, parser: argparse.ArgumentParser) -> None:
        self._state(parser)
        parser.add_argument("--json", action="store_true", help=self._say("for programs: all of it, as JSON"))
        parser.epilog = f"{parser.epilog}\n\n" + self._say(
            "Exit code: 0 all is well, 1 something is not up, late or undelivered, 3 no agent is running."
        )

    def _validate(self, parser: argparse.ArgumentParser) -> None:
        self._site(parser)

    def _discover(self, parser: argparse.ArgumentParser) -> None:
        ranges = self._say("an address range; nothing outside of those named is spoken to")
        parser.add_argument("ranges", nargs="+", metavar="CIDR", help=ranges)
        self._path(parser, "--out", "the CSV file (default: the standard output)", metavar="FILE.csv")

    def _baseline(self, parser: argparse.ArgumentParser) -> None:
        self._path(parser, "file", "the file of the camera's profiles", metavar="FILE.json")
        self._text(parser, "profile", "a name for it, like day or night", metavar="NAME")
        self._probe(parser, of="how the picture is had: frame (a stream) or snapshot (a still)")

    def _look(self, parser: argparse.ArgumentParser) -> None:
        self._probe(parser, nargs="?")
        more = self._say(
            "Without an address: what that kind looks for, with its options. Without a kind: which kinds there are."
        )
        more += "\n" + self._say("Exit code: 0 it was looked at, whatever was seen; 2 it could not be asked for so.")
        parser.epilog = f"{parser.epilog}\n\n{more}\n"

    def _probe(
        self, parser: argparse.ArgumentParser, of: str = "the probe kind, e.g. icmp, tcp, http, host", **more: Any
    ) -> None:
        parser.add_argument("kind", metavar="KIND", help=self._say(of), **more)
        parser.add_argument("address", metavar="ADDRESS", help=self._say("host, or what the kind wants"), **more)
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="KEY=VALUE",
            help=self._say("an option of the kind, as in the site file; may be given several times"),
        )
        parser.add_argument("--timeout", help=self._say("how long to wait (default: 10s)"))

    def _import(self, parser: argparse.ArgumentParser) -> None:
        self._path(parser, "file", "JSON Lines as `export` prints them; `-` reads the standard input", metavar="FILE")
        self._state(parser)

    def _export(self, parser: argparse.ArgumentParser) -> None:
        self._state(parser)
        self._text(parser, "--from", "from this instant on (RFC 3339)", metavar="T", dest="begin")
        self._text(parser, "--to", "up to this instant, not included", metavar="T", dest="end")
        text = "all of it with its chain, as one file that the other party can verify"
        self._path(parser, "--bundle", text, metavar="FILE.zip")
        self._text(parser, "--after", "with --bundle: only what follows this head", metavar="'SEQ HASH'")

    # The ledger

    def _backup(self, parser: argparse.ArgumentParser) -> None:
        self._path(parser, "file", "the backup", metavar="FILE.db")
        self._state(parser)

    def _ledger(self, parser: argparse.ArgumentParser) -> None:
        self._text(
            parser,
            "what",
            "stats: how much there is; compact: seal now what is due; check: is it as it was written; "
            "name: put a report's or contract's SHA-256 on record",
            choices=("stats", "compact", "check", "name"),
        )
        self._path(parser, "file", "with name: the file", metavar="FILE", nargs="?")
        self._state(parser)
        parser.add_argument("--json", action="store_true", help=self._say("for programs: all of it, as JSON"))

    def _seal(self, parser: argparse.ArgumentParser) -> None:
        self._text(parser, "month", "a month that is over", metavar="YYYY-MM")
        self._state(parser)
        self._path(parser, "--signed", "put this signed seal on record", metavar="SEAL.txt")
        self._text(parser, "--key", "with --signed: the signer's verification key", metavar="KEY")
        parser.add_argument(
            "--on-paper", action="store_true", help=self._say("put on record that it was signed on paper")
        )
        parties = ("vendor", "customer")
        self._text(parser, "--party", "who signed", choices=parties, default="vendor")
        self._text(parser, "--by", "who (default: you)", metavar="WHO")

    def _countersign(self, parser: argparse.ArgumentParser) -> None:
        self._path(parser, "file", "the seal's text", metavar="SEAL.txt")
        self._path(parser, "--key", "your Ed25519 private key (PEM)", metavar="KEY.pem", required=True)
        self._text(parser, "--name", "your name under it, without spaces", metavar="NAME", required=True)

    def _practice(self, parser: argparse.ArgumentParser) -> None:
        self._path(parser, "--dir", "where its files go (default: a new temporary directory)", metavar="DIR")
        parser.add_argument("--fast", action="store_true", help=self._say("a shorter outage, for machines"))

    def _text(self, parser: argparse.ArgumentParser, name: str, text: str, **more: Any) -> None:
        parser.add_argument(name, help=self._say(text), **more)

    # What may be put on record

    def _records(self, parser: argparse.ArgumentParser) -> None:
        types = parser.add_subparsers(dest="type", required=True, metavar="TYPE", title=self._say("what to record"))
        for name, (purpose, add) in self._record_types().items():
            record = self._new(types, name, purpose, "", help=self._say(purpose))
            add(record)
            self._state(record)
            if name != "maintenance":
                self._text(record, "--at", "when, RFC 3339 (default: now)", metavar="T")
                self._text(record, "--by", "who (default: you)", metavar="WHO")

    def _record_types(self) -> dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]]:
        return {
            "acknowledged": ("The vendor took an incident on", self._of_check),
            "arrived": ("The vendor's people stand before the asset", self._of_check),
            "claim": ("The vendor says that an outage was not its fault", self._claim),
            "ruling": ("The customer's word on a claim", self._ruling),
            "maintenance": ("Announced work", self._maintenance),
            "inspection": ("A round: which assets somebody looked at", self._inspection),
            "settled": ("Both parties signed a month", self._settled),
            **{name: (each.purpose, partial(self._further, each)) for name, each in FURTHER_RECORDS.items()},
        }

    def _further(self, record: FurtherRecord, parser: argparse.ArgumentParser) -> None:
        for argument in record.arguments:
            self._text(parser, argument.name, argument.text, **argument.more)

    def _of_check(self, parser: argparse.ArgumentParser) -> None:
        self._text(parser, "check", "the check, as asset/name", metavar="CHECK")

    def _span(self, parser: argparse.ArgumentParser) -> None:
        self._text(parser, "--from", "beginning, RFC 3339", metavar="T", required=True, dest="begin")
        self._text(parser, "--to", "end, RFC 3339", metavar="T", required=True, dest="end")

    def _claim(self, parser: argparse.ArgumentParser) -> None:
        self._text(parser, "id", "a number of its own", metavar="ID")
        self._text(parser, "asset", "the asset", metavar="ASSET")
        self._span(parser)
        causes = ("power", "third_party", "force_majeure", "customer", "planned")
        self._text(parser, "--cause", "why", choices=causes, required=True)

    def _ruling(self, parser: argparse.ArgumentParser) -> None:
        self._text(parser, "claim", "the claim's number", metavar="CLAIM")
        self._text(parser, "word", "accepted or rejected", choices=("accepted", "rejected"))

    def _maintenance(self, parser: argparse.ArgumentParser) -> None:
        self._text(parser, "id", "a number of its own", metavar="ID")
        self._span(parser)
        self._text(parser, "--announced-at", "when it was announced (default: now)", metavar="T")
        scope = "on which assets: kind=…, ids=…, tags=…; several values with commas (none: all)"
        self._text(parser, "--scope", scope, action="append", default=[], metavar="KEY=VALUES")
        parser.add_argument("--approved", action="store_true", help=self._say("the customer agreed to it"))

    def _inspection(self, parser: argparse.ArgumentParser) -> None:
        self._text(parser, "id", "a number of its own", metavar="ID")
        self._text(parser, "plan", "the contract's inspection obligation", metavar="OBLIGATION")
        self._text(parser, "--covers", "the assets, with commas", required=True, metavar="ASSETS")
        self._text(parser, "--result", "what was found", choices=("ok", "fault"), required=True)

    def _settled(self, parser: argparse.ArgumentParser) -> None:
        self._text(parser, "month", "the month", metavar="YYYY-MM")
        self._text(parser, "--payable", "payable for the month itself, e.g. 1200.00", required=True, metavar="AMOUNT")
        self._text(parser, "--adjustment", "for earlier months, e.g. -50.00", default="0.00", metavar="AMOUNT")
