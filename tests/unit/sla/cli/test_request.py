"""What a call of `sla-check` names is read once, only if it is needed, and refused in a sentence."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from config.input.mistakes import ConfigError
from config.input.usage import UsageError
from sla.evidence.instants import parse_instant


def test_a_month_is_read_as_it_stands_or_refused_in_both_languages(request_of):
    assert request_of(["--month", "2026-10"]).month == "2026-10"
    with pytest.raises(UsageError) as refused:
        _ = request_of(["--month", "2026-1"]).month
    assert str(refused.value) == "--month: '2026-1' is no month; wanted YYYY-MM, like 2026-10"
    assert refused.value.text("zh") == "--month：'2026-1' 不是月份；应为 YYYY-MM，如 2026-10"


def test_each_file_is_read_once(request_of, good):
    request = request_of(good)
    assert request.contract is request.contract
    assert request.evidence is request.evidence
    assert request.judgement is request.judgement
    Path(request.options.evidence).unlink()
    assert request.judgement.month == "2026-10"


def test_nothing_is_read_that_is_not_asked_for(request_of):
    request = request_of(["--month", "2026-10", "--contract", "/nowhere/c.toml", "--evidence", "/nowhere/e.jsonl"])
    assert request.month == "2026-10"
    with pytest.raises(ConfigError, match=r"/nowhere/c\.toml"):
        _ = request.contract
    with pytest.raises(FileNotFoundError):
        _ = request.evidence


def test_as_of_is_what_was_said_or_the_last_instant_of_the_evidence(request_of, good):
    said = "2026-10-15T12:00:00+08:00"
    assert request_of([*good, "--as-of", said]).as_of == parse_instant(said)
    assert request_of(good).as_of == parse_instant("2026-11-01T00:00:00+08:00")


@pytest.mark.parametrize("said", ["", "now", "2026-10-15", "2026-10-15T12:00:00"])
def test_as_of_without_an_offset_is_refused(request_of, good, said):
    with pytest.raises(UsageError, match=r"^--as-of: .* is no instant; wanted RFC 3339"):
        _ = request_of([*good, "--as-of", said]).as_of


def test_evidence_without_any_instant_wants_one_said(request_of, good):
    Path(good[-1]).write_text('{"type": "asset", "id": "a", "kind": "k", "name": ""}\n', encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        _ = request_of(good).as_of
    assert str(refused.value) == f"{good[-1]}: no record has an instant; say --as-of"
    assert refused.value.text("zh") == f"{good[-1]}：没有任何记录带有时刻；请给出 --as-of"


def test_the_source_of_a_report_is_the_hash_of_its_evidence(request_of, good):
    source = request_of(good).source
    assert (source.kind, source.mark) == ("evidence", f"sha256:{sha256(Path(good[-1]).read_bytes()).hexdigest()}")


def test_the_basis_of_a_report_is_what_was_judged(request_of, good):
    request = request_of(good)
    assert request.basis.judgement is request.judgement
    assert request.basis.source == request.source
    assert request.document is request.document
