"""How the agent comes by its ledger, and what it says when it loses it.

What is damaged on disk, read afresh by a new process, is frozen under another name, and a new
ledger goes on that cites its head. Damage that a running agent meets only ends that agent: a disk
that fails shows damage that is gone with the next mount.
"""

from __future__ import annotations

import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from agent.alerts.messages import LONGEST_WORDS, Text
from agent.alerts.outbox import KINDS
from agent.alerts.send import deliver
from agent.ledger.definitions import definitions_of
from agent.ledger.own_time import own_time, report_what_is_ahead
from agent.state_dir import STATUS_FILE
from agent.watcher import past_of
from config.input.secrets import SecretMissingError
from config.text.i18n import in_language
from config.text.outside import one_line, visible
from sla.contract.model import Measurement
from sla.evidence.intervals import END
from sla.evidence.records import AgentEvent
from sla.history.known import known
from sla.ledger import Entry, Head, Ledger, LedgerDamagedError
from sla.ledger.backup import continue_damaged
from sla.ledger.check import check_tail
from sla.ledger.place import FILE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from agent.clock import AgentTime, Clock
    from agent.watcher import Past
    from config.site.model import Site
    from config.text.i18n import Language
    from sla.contract.model import Contract
    from sla.ledger import StoredEntry

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 1
PATIENCE_S = 20


def open_ledger(state: Path, site: str, origin: Mapping[str, str], clock: Clock) -> Ledger:
    """The ledger of a state directory, its newest entries checked. LedgerErrors but damage go through.

    `origin`: software, and the hashes of configuration and contract, for every entry.
    """
    known = _last_known(state)
    try:
        ledger = _opened_at_last(state, site, origin)
    except LedgerDamagedError as error:
        log.critical("the ledger is damaged, is kept, and a new one goes on from its head: %s", error)
        software, stamp = origin["software"], clock.now()
        continue_damaged(state, str(error), site=site, stamp=stamp, software=software, last_known=known)
        return _opened(state, site, origin)
    _note_what_is_lost(ledger, known, clock)
    return ledger


def _opened_at_last(state: Path, site: str, origin: Mapping[str, str]) -> Ledger:
    try:
        return _opened(state, site, origin)
    except LedgerDamagedError:
        time.sleep(LOOK_AGAIN_S)  # a disk that was just mounted again may need a moment
    return _opened(state, site, origin)


def _note_what_is_lost(ledger: Ledger, known: Head | None, clock: Clock) -> None:
    """An entry, where the ledger no longer holds the head that it had when the agent last told its status."""
    if known is None:
        return
    found = next(ledger.entries(after_seq=known.seq - 1), None)
    if found is not None and found.hash == known.hash:
        return
    head = ledger.head
    log.critical("the ledger ends at %d; it had an entry %d that is gone or another", head.seq, known.seq)
    body = {"known": _body(known), "found": _body(head)}
    ledger.commit(clock.now(), entries=[Entry(kind="lost", body=body, actor="agent")])


def _body(head: Head) -> dict[str, object]:
    return {"seq": head.seq, "hash": head.hash}


def _opened(state: Path, site: str, origin: Mapping[str, str]) -> Ledger:
    if (state / FILE).exists():
        found = check_tail(state)
        if found.problems and not found.is_unread:  # what cannot be read, `open` tells better
            raise LedgerDamagedError(found.problems[0])
    return Ledger.open(
        state,
        site=site,
        software=origin["software"],
        config_hash=origin["config"],
        contract_hash=origin["contract"],
    )


def _last_known(state: Path) -> Head | None:
    """The head that stood in the last status, which may be newer than what can be read."""
    try:
        found = json.loads((state / STATUS_FILE).read_text(encoding="utf-8"))["head"]
        head = Head(int(found["seq"]), str(found["hash"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return head if head.seq > 0 else None


class LedgerStart(NamedTuple):
    """What is known once the ledger is open: everything that the agent's parts are built from.

    `started_at`: the agent's time, ms; `alerts`: every entry of the outbox, oldest first.
    """

    time: AgentTime
    started_at: int
    past: Past
    alerts: list[StoredEntry]


def take_up(
    ledger: Ledger, site: Site, contract: Contract | None, origin: Mapping[str, str], clock: Clock
) -> LedgerStart:
    """Put the start and the site's definitions on record, and read what was there before. Blocking.

    Time goes on from the latest instant that the agent gave, even where the wall clock is behind it.
    """
    stamp = clock.now()
    time, set_back = own_time(ledger, ledger.evidence(), stamp)
    if set_back is not None:
        ledger.commit(stamp, entries=[Entry.of(set_back, actor="agent")])
    before = ledger.evidence()
    started_at = time.at(stamp.boot_ms)
    report_what_is_ahead(before, started_at)
    event = AgentEvent(at=started_at, event="start", details={**origin, "practice": site.practice})
    records = [*definitions_of(site, known(before, contract, END), started_at), event]
    alerts = list(ledger.entries(KINDS))
    ledger.commit(clock.now(), entries=[Entry.of(record, actor="agent") for record in records])
    rules = contract.measurement if contract else Measurement()
    return LedgerStart(time, started_at, past_of(ledger.evidence(), contract, rules, started_at), alerts)


def alert_that_nothing_is_kept(site: Site, why: str) -> None:
    """Tell every channel, past the ledger, that it cannot be written; for as long as patience lasts."""
    threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="unrecorded")
    tries = []
    for channel in site.channels:
        try:
            urls = channel.urls()
        except SecretMissingError:
            continue
        text = unrecorded_text(site, why, channel.language)
        tries += [threads.submit(deliver, url, text) for url in urls]
    wait(tries, timeout=PATIENCE_S)
    threads.shutdown(wait=False, cancel_futures=True)


def unrecorded_text(site: Site, why: str, language: Language) -> Text:
    """The one message that stands in no ledger, and says so."""
    say = partial(in_language, language=language)
    mark = say("[PRACTICE] ") if site.practice else ""
    lines = (
        say("Site: {name}").format(name=visible(site.name)),
        say("The ledger cannot be written: {why}").format(why=one_line(why, LONGEST_WORDS)),
        say("From now on nothing is recorded, until the agent has started again. What was acknowledged is kept."),
        say("This message stands in no ledger."),
    )
    return Text(subject=f"{mark}[{visible(site.name)}] {say('NOT RECORDED')}", body="\n".join(lines))
