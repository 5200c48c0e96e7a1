"""How the agent comes by its ledger, and what it says when it loses it."""

from __future__ import annotations

import json
import shutil

import pytest

from agent.ledger import start_up
from agent.ledger.start_up import alert_that_nothing_is_kept, open_ledger, unrecorded_text
from config.site.model import Channel, Site
from sla.ledger import Entry, LedgerBusyError, LedgerFullError, LedgerVersionError
from sla.ledger.schema import FILE
from tests.faults.forger import SITE, Forger, make_ledger, stamp
from tests.support.servers.providers import robot

ORIGIN = {"software": "1.0", "config": "", "contract": ""}
SOMETHING = Entry(kind="note", body={}, actor="x")


class Clock:
    def now(self):
        return stamp(60)

    def boot_ms(self):
        return stamp(60).boot_ms


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(start_up, "LOOK_AGAIN_S", 0)
    make_ledger(tmp_path / "state")
    return tmp_path / "state"


def opened(folder):
    return open_ledger(folder, SITE, ORIGIN, Clock())


def remember(folder, head):
    (folder / "status.json").write_text(json.dumps({"head": {"seq": head.seq, "hash": head.hash}}))


def kinds(ledger):
    found = [each.kind for each in ledger.entries()]
    ledger.close(stamp(61))
    return found


def test_a_whole_ledger_is_taken_up_and_nothing_is_said(folder):
    ledger = opened(folder)
    remember(folder, ledger.head)
    before = kinds(ledger)
    assert kinds(opened(folder)) == before


def test_a_torn_page_freezes_the_ledger_and_a_new_one_cites_its_head(folder):
    ledger = opened(folder)
    head = ledger.head
    remember(folder, head)
    ledger.close(stamp(61))
    with (folder / FILE).open("r+b") as file:
        file.write(bytes(4096))
    damaged = (folder / FILE).read_bytes()
    new = opened(folder)
    (entry,) = new.entries(("continues",))
    assert entry.body["last_known"] == {"seq": head.seq, "hash": head.hash}
    assert (folder / entry.body["kept"]["file"]).read_bytes() == damaged
    assert kinds(new) == ["continues"]


def test_an_entry_that_was_touched_in_the_last_days_freezes_the_ledger(folder):
    forger = Forger(folder)
    forger.connection.execute(
        "UPDATE entries SET data = CAST(replace(CAST(data AS TEXT), '王', '李') AS BLOB) WHERE seq = 4"
    )
    forger.done()
    ledger = opened(folder)
    (entry,) = ledger.entries(("continues",))
    assert "entry 4: not as it was written" in entry.body["why"]
    assert entry.body["kept"]["seq"] == 3
    ledger.close(stamp(61))


def test_what_is_no_damage_freezes_nothing(folder, monkeypatch):
    first = opened(folder)
    with pytest.raises(LedgerBusyError):
        opened(folder)
    first.close(stamp(61))
    forger = Forger(folder)
    forger.connection.execute("PRAGMA user_version = 99")
    forger.done()
    with pytest.raises(LedgerVersionError):
        opened(folder)
    assert [path.name for path in folder.glob("*.db")] == [FILE]


def test_a_ledger_that_lost_its_end_says_so(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "earlier")
    ledger = opened(folder)
    ledger.commit(stamp(62), entries=[SOMETHING])
    remember(tmp_path / "earlier", ledger.head)
    known = ledger.head
    ledger.close(stamp(63))
    ledger = opened(tmp_path / "earlier")
    (entry,) = ledger.entries(("lost",))
    assert entry.body["known"] == {"seq": known.seq, "hash": known.hash}
    ledger.close(stamp(64))


def test_a_status_that_cannot_be_read_is_passed_over(folder):
    for text in ("", "{}", '{"head": {"seq": 0, "hash": ""}}', '{"head": 7}'):
        (folder / "status.json").write_text(text)
        assert "lost" not in kinds(opened(folder))


@pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")  # a provider's library asks for it
def test_every_channel_hears_that_nothing_is_kept_past_the_ledger(monkeypatch):
    with robot() as told:
        monkeypatch.setenv("VENDOR_URL", told.url)
        channels = (
            Channel(name="vendor", party="vendor", url_env="VENDOR_URL", language="en"),
            Channel(name="gone", party="customer", url_env="NO_SUCH_URL"),
        )
        site = Site(site=SITE, name="栈河", timezone="Asia/Shanghai", assets=(), channels=channels)
        alert_that_nothing_is_kept(site, str(LedgerFullError("ledger.db: cannot be written (disk is full)")))
        (message,) = told.received
    assert message["title"] == "[栈河] NOT RECORDED"
    assert "disk is full" in message["message"]
    assert "stands in no ledger" in message["message"]
    assert "[PRACTICE]" not in unrecorded_text(site, "x", "en").subject
