"""The options of `sla-check`, and their help."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.text.command_line import parser_in
from config.text.i18n import in_language

if TYPE_CHECKING:
    import argparse

    from config.text.i18n import Language

FORMATS = {"text": "txt", "json": "json", "html": "html", "pdf": "pdf", "docx": "docx", "xlsx": "xlsx"}
"""Form of a result → the suffix of its file."""

_EXAMPLES = """
  sla-check --month 2026-10 --contract contract.toml --ledger /var/lib/sla-agent
  sla-check --month 2026-10 --contract contract.toml --evidence e.jsonl --all reports
  sla-check --month 2026-10 --contract contract.toml --evidence e.jsonl --explain R1
  sla-check --lint contract.toml --site site.toml
  sla-check verify bundle.zip --heads heads.txt
"""


def parser_for(language: Language) -> argparse.ArgumentParser:
    """The options in three groups: what is asked, what it rests on, what becomes of the answer."""

    def say(text: str) -> str:
        return in_language(text, language)

    codes = say("Exit code: 0 every obligation met, 1 one breached, 3 one not assessable, 2 bad input.")
    parser = parser_in(
        language,
        "sla-check",
        "Judge a month of a contract from the evidence, and say what is payable.",
        epilog=f"{codes}\n\n{say('examples:')}{_EXAMPLES}",
    )
    _add_questions(parser.add_argument_group(say("what is asked")), say)
    _add_grounds(parser.add_argument_group(say("what it rests on")), say)
    _add_results(parser.add_argument_group(say("what becomes of the answer")), say)
    return parser


def _add_questions(group: Any, say: Any) -> None:
    add = group.add_argument
    add("--month", metavar="YYYY-MM", help=say("the month to judge, e.g. 2026-10"))
    add("--explain", metavar="ID", help=say("explain an obligation, an item, an incident, a deduction, or payment"))
    text = say("judge the same evidence under another contract, side by side")
    add("--what-if", type=Path, metavar="C2.toml", help=text)
    add("--quarter", metavar="YYYY-Qn", help=say("a quarter, e.g. 2026-Q3: its months added up"))
    add("--year", metavar="YYYY", help=say("a year, e.g. 2026: its months added up"))
    text = say("the year's self-evaluation table from these figures (with --year)")
    add("--self-evaluation", type=Path, metavar="FIGURES.toml", help=text)
    add("--standard", action="store_true", help=say("write the acceptance standard that the contract amounts to"))
    add("--lint", type=Path, metavar="C.toml", help=say("tell which clauses of a contract cannot be tested, and why"))


def _add_grounds(group: Any, say: Any) -> None:
    group.add_argument("--contract", type=Path, metavar="C.toml", help=say("the contract file"))
    source = group.add_mutually_exclusive_group()
    source.add_argument("--evidence", type=Path, metavar="E.jsonl", help=say("an evidence file (JSON Lines)"))
    text = say("a ledger file, or the agent's state directory")
    source.add_argument("--ledger", type=Path, metavar="L.db", help=text)
    text = say("judge with what was known at this instant (RFC 3339)")
    group.add_argument("--as-of", metavar="T", help=text)
    text = say("with --lint: the site that the contract is about")
    group.add_argument("--site", type=Path, metavar="SITE.toml", help=text)


def _add_results(group: Any, say: Any) -> None:
    add = group.add_argument
    add("--format", choices=FORMATS, default="text", help=say("form of the result"))
    add("--output", type=Path, metavar="FILE", help=say("write to this file, not to the terminal"))
    add("--all", type=Path, metavar="DIR", help=say("write every form into this directory"))
    add("--sign", type=Path, metavar="CERT.p12", help=say("sign the PDF with this certificate of yours"))
    add("--sign-password-file", type=Path, metavar="FILE", help=say("its password; else $SLA_SIGN_PASSWORD"))
