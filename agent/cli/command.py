"""What a command of `sla-agent` is: a row of the table, a module, and the form that its arguments go into."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from agent.state_dir import STATE_DIR
from config.text.i18n import in_language

if TYPE_CHECKING:
    import argparse

    from config.text.i18n import Language


class Command(NamedTuple):
    """One command: its name, what it is for, an example, and the module that does it."""

    name: str
    purpose: str
    example: str
    module: str

    def load(self) -> CommandModule:
        """The module of the command, which is loaded now."""
        return cast("CommandModule", import_module(self.module))


class CommandModule(Protocol):
    """One module of `agent.cli`: quick to load, since its arguments are wanted for `--help`."""

    @staticmethod
    def add_arguments(form: ArgumentForm) -> None:
        """Add what may be given with the command."""

    @staticmethod
    def run(options: argparse.Namespace) -> int:
        """Do it; the exit code. Raises RefusalError or OSError: why it cannot be done."""


class ArgumentForm:
    """The arguments of one command, with help in one language."""

    def __init__(self, parser: argparse.ArgumentParser, language: Language) -> None:
        self.parser = parser
        self.language = language

    def say(self, text: str) -> str:
        """A text of the catalogue in the form's language."""
        return in_language(text, self.language)

    def text(self, name: str, purpose: str, **more: Any) -> None:
        """An argument that is a text; `purpose` is translated, `more` is argparse's."""
        self.parser.add_argument(name, help=self.say(purpose), **more)

    def path(self, name: str, purpose: str, **more: Any) -> None:
        """An argument that is a path; `purpose` is translated, `more` is argparse's."""
        self.text(name, purpose, type=Path, **more)

    def flag(self, name: str, purpose: str) -> None:
        """An option that is given or not; `purpose` is translated."""
        self.text(name, purpose, action="store_true")

    def site_files(self) -> None:
        """`--site` and `--contract`."""
        self.path("--site", "the site file", required=True, metavar="SITE.toml")
        self.path("--contract", "the contract file", metavar="CONTRACT.toml")

    def state(self) -> None:
        """`--state`, the state directory."""
        purpose = self.say("the directory that holds the ledger (default: {default})").format(default=STATE_DIR)
        self.parser.add_argument("--state", type=Path, default=STATE_DIR, metavar="DIR", help=purpose)

    def probe(self, kind: str, **more: Any) -> None:
        """What is probed by hand: kind (its help is `kind`), address, options, and how long to wait."""
        self.text("kind", kind, metavar="KIND", **more)
        self.text("address", "host, or what the kind wants", metavar="ADDRESS", **more)
        purpose = "an option of the kind, as in the site file; may be given several times"
        self.text("--set", purpose, action="append", default=[], metavar="KEY=VALUE")
        self.text("--timeout", "how long to wait (default: 10s)")

    def after_example(self, *lines: str) -> None:
        """Lines of the catalogue below the example."""
        self.parser.epilog = f"{self.parser.epilog}\n\n" + "\n".join(self.say(line) for line in lines)
