"""The composition root of `sla-agent`, and nothing else: here the parts are put together."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING

from agent.cli.commands import COMMANDS
from agent.cli.ledger import LEDGER_COMMANDS
from agent.cli.parser import parse
from agent.cli.usage import UsageError, software
from config.input.mistakes import RefusalError
from config.text.command_line import language_of, language_of_environment
from config.text.phrases import told_in
from sla.evidence.evidence import EvidenceError
from sla.ledger.errors import LedgerError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from config import Site
    from sla.contract.model import Contract

STOPPED, FAILED, BAD_USE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `sla-agent`; the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    language = language_of(words, language_of_environment())
    options = parse(words, language)
    try:
        _refuse_closed_output(options.command)
        if options.command == "practice":
            from agent.demo.practice import practice  # noqa: PLC0415 - only a practice needs the practice

            return practice(options)
        commands = {**COMMANDS, **LEDGER_COMMANDS, "run": run}
        return commands[options.command](options)
    except RefusalError as error:
        return _refuse(error.text(language))
    except (EvidenceError, LedgerError, ConnectionError) as error:
        return _refuse(told_in(str(error), language))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BAD_USE
    except OSError as error:
        return _refuse(f"{error.filename or ''}: {error.strerror or error}")


def _refuse_closed_output(command: str) -> None:
    if sys.stdout is None and command != "run":
        raise UsageError("standard output is closed")


def _refuse(text: str) -> int:
    if sys.stderr is not None:
        sys.stderr.write(text.rstrip("\n") + "\n")
    return BAD_USE


def run(options: argparse.Namespace) -> int:
    """Watch a site until SIGTERM (or Ctrl-C)."""
    from config import load  # noqa: PLC0415 - the other commands answer without what only this one needs
    from probes.registry import OPTIONS  # noqa: PLC0415 - likewise
    from sla.contract.file import read_contract  # noqa: PLC0415 - likewise

    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    site = load(options.site, probe_options=OPTIONS)
    contract = None if options.contract is None else read_contract(options.contract)
    fingerprint = "" if options.contract is None else _fingerprint(options.contract)
    failure = asyncio.run(_live(site, contract, fingerprint, options.state))
    return STOPPED if failure is None else FAILED


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


async def _live(site: Site, contract: Contract | None, contract_hash: str, state: Path) -> BaseException | None:
    from agent.alerts.send import keep_quiet  # noqa: PLC0415 - likewise
    from agent.clock import SystemClock  # noqa: PLC0415 - likewise
    from agent.ledger.recorder import Recorder  # noqa: PLC0415 - likewise
    from agent.ledger.start_up import alert_that_nothing_is_kept, open_ledger  # noqa: PLC0415 - likewise
    from agent.main_loop import Agent  # noqa: PLC0415 - likewise
    from probes.registry import PROBES, with_one_decoder  # noqa: PLC0415 - likewise

    keep_quiet()
    clock = SystemClock()
    origin = {"software": software(), "config": site.fingerprint, "contract": contract_hash}
    ledger = open_ledger(state, site.site, origin, clock)
    agent = Agent(
        site=site,
        contract=contract,
        state=state,
        clock=clock,
        recorder=Recorder(ledger, clock),
        kinds=with_one_decoder(PROBES),
        origin=origin,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, agent.stop)
    failure = await agent.live()
    if isinstance(failure, LedgerError):
        alert_that_nothing_is_kept(site, str(failure))
    return failure


if __name__ == "__main__":
    sys.exit(main())
