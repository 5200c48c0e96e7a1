"""A process that watches a site until SIGTERM or Ctrl-C."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import signal
from typing import TYPE_CHECKING

from agent.alerts.send import silence_libraries
from agent.clock import SystemClock
from agent.composition import Setting, compose
from agent.ending import Ending
from agent.garbage_collection import exempt_what_is_there
from agent.ledger.start_up import alert_that_nothing_is_kept, open_ledger
from agent.log_lines import log_to_stderr
from agent.version import software
from config.site.file import load
from probes.registry import OPTIONS, PROBES, with_one_decoder
from sla.contract.file import read_contract
from sla.ledger.errors import LedgerError

if TYPE_CHECKING:
    from pathlib import Path

STOPPED, FAILED = 0, 1


def watch_site(site_file: Path, contract_file: Path | None, state_dir: Path) -> int:
    """Run an agent. 0 after a clean end, 1 where an error ended it. ConfigError, LedgerError: it could not begin."""
    log_to_stderr()
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    silence_libraries()
    site = load(site_file, probe_options=OPTIONS)
    contract = None if contract_file is None else read_contract(contract_file)
    contract_hash = "" if contract_file is None else hashlib.sha256(contract_file.read_bytes()).hexdigest()
    origin = {"software": software(), "config": site.fingerprint, "contract": contract_hash}
    setting = Setting(site, contract, state_dir, with_one_decoder(PROBES), origin)
    failure = asyncio.run(_watch(setting))
    return STOPPED if failure is None else FAILED


async def _watch(setting: Setting) -> BaseException | None:
    clock, ending = SystemClock(), Ending()
    ledger = open_ledger(setting.state_dir, setting.site.site, setting.origin, clock)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ending.ask)
    main_loop = compose(setting, ledger, clock, ending)
    exempt_what_is_there()
    failure = await main_loop.run()
    if isinstance(failure, LedgerError):
        alert_that_nothing_is_kept(setting.site, str(failure))
    return failure
