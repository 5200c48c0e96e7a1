"""What commands ask of the ledger, and what is refused before anything is written."""

from __future__ import annotations

import asyncio

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from agent.requests.table import REQUESTS, answered
from config.input.mistakes import RefusalError
from sla.ledger import Ledger
from sla.ledger.signing import signed
from tests.faults.forger import SITE, make_ledger, stamp

LATER = 60 * 24 * 40


@pytest.fixture
def ledger(tmp_path):
    make_ledger(tmp_path / "state")
    found = Ledger.open(tmp_path / "state", site=SITE, software="1")
    yield found
    found.close(stamp(LATER))


class Open:
    """A host that has the ledger open already."""

    def __init__(self, ledger):
        self.ledger = ledger
        self.outdated = 0

    def status(self):
        return {"state": "running"}

    def require_ledger(self):
        pass

    async def write(self, work):
        return work(self.ledger, stamp(LATER))

    def outdate(self):
        self.outdated += 1


def ask(ledger, name, **request):
    return asyncio.run(answered(Open(ledger), "local:wang", {"ask": name, **request}))


def refusal(ledger, name, **request):
    with pytest.raises(RefusalError) as refused:
        ask(ledger, name, **request)
    return str(refused.value)


@pytest.mark.parametrize("name", [None, "", "the way", 7, "Seal"])
def test_what_nobody_answers_is_refused_with_the_names_of_all_requests(ledger, name):
    assert refusal(ledger, name) == f"ask: wanted {', '.join(REQUESTS)}"


def test_a_note_is_an_entry_of_who_asked(ledger):
    answer = ask(ledger, "note", kind="backup", body={"file": "b.db"})
    (entry,) = ledger.entries(("backup",))
    assert (entry.actor, entry.seq, entry.hash) == ("local:wang", answer["seq"], answer["hash"])


@pytest.mark.parametrize("request_", [{"kind": "month_seal", "body": {}}, {"kind": "backup"}, {}])
def test_a_note_of_another_kind_is_refused(ledger, request_):
    before = ledger.head
    assert "wanted one of backup, bundle, report" in refusal(ledger, "note", **request_)
    assert ledger.head == before


def test_compacting_seals_what_is_due(ledger):
    assert ask(ledger, "compact")["sealed"] == 2
    assert ask(ledger, "compact")["sealed"] == 0


@pytest.mark.parametrize(("month", "why"), [("2026-13", "month"), ("2027-01", "not over yet"), (None, "month")])
def test_a_month_that_cannot_be_sealed_is_refused(ledger, month, why):
    before = ledger.head
    assert why in refusal(ledger, "seal", month=month)
    assert ledger.head == before


def test_a_seal_is_given_once_and_signed_by_both(ledger):
    text = ask(ledger, "seal", month="2026-10")["text"]
    assert ask(ledger, "seal", month="2026-10")["text"] == text
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    note, key = signed(text, pem, "zhanhe/vendor")
    said = {"month": "2026-10", "by": "李"}
    once = ask(ledger, "countersign", party="vendor", text=note, key=key, **said)
    assert (
        ask(ledger, "countersign", party="vendor", text=note, key=key, **said) == once
    )  # said twice, it counts once
    ask(ledger, "countersign", party="customer", **said)
    assert [each.body["how"] for each in ledger.entries(("countersigned",))] == ["ed25519", "paper"]


def test_a_signature_that_does_not_fit_is_refused(ledger):
    said = {"month": "2026-10", "party": "vendor", "by": "李"}
    assert "seal it first" in refusal(ledger, "countersign", **said)
    text = ask(ledger, "seal", month="2026-10")["text"]
    before = ledger.head
    pems = [
        Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) for _ in "ab"
    ]
    (note, _), (_, other) = (signed(text, pem, "zhanhe/vendor") for pem in pems)
    assert "no signature under it is by this key" in refusal(ledger, "countersign", text=note, key=other, **said)
    assert "no verification key" in refusal(ledger, "countersign", text=note, key="x", **said)
    touched = note.replace("/2026-10", "/2026-09")
    assert "not that of this ledger's seal" in refusal(ledger, "countersign", text=touched, key=other, **said)
    assert "party" in refusal(ledger, "countersign", month="2026-10", party="host", by="x")
    assert "by whom" in refusal(ledger, "countersign", month="2026-10", party="vendor")
    assert ledger.head == before
