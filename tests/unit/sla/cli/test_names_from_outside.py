"""What `sla-check` complains of holds names that others wrote: on a terminal they steer nothing, and stay on their line."""

import json
from pathlib import Path

import pytest

from tests.support.sla_check import sla_check

EXAMPLE = Path(__file__).parents[4] / "config" / "examples" / "contract.toml"
NASTY = "x\x1b[31m\u202e\x07\u200b"
ASSET = {"type": "asset", "id": "a", "kind": "camera"}
CLAIM = {
    "type": "claim",
    "id": NASTY,
    "asset": "a",
    "from": "2026-10-01T00:00:00Z",
    "cause": "power",
    "at": "2026-10-02T00:00:00Z",
}
RULING = {"type": "ruling", "claim": NASTY, "at": "2026-10-02T00:00:00Z"}
CHECK = {"type": "check", "asset": "a", "interval_s": 60, "severity": "critical", "reach": True}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "records",
    [
        [CLAIM | {"to": "2026-10-01T01:00:00Z"}, CLAIM | {"to": "2026-10-01T02:00:00Z"}],
        [RULING | {"accepted": True}, RULING | {"accepted": False}],
        [CHECK | {"id": f"a/{NASTY}"}, CHECK | {"id": f"a/{NASTY}2"}],
        [{"type": NASTY}],
        [ASSET | {"id": NASTY, "behind": NASTY}],
        [{"type": "reading", "check": NASTY, "at": "2026-10-01T00:00:00Z", "outcome": NASTY}],
    ],
    ids=lambda records: "+".join(each["type"] if each["type"].isalpha() else "?" for each in records),
)
def test_evidence_that_is_refused_steers_no_terminal(tmp_path, records, language):
    file = tmp_path / "e.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in [ASSET, *records]), encoding="utf-8")
    words = ["--month", "2026-10", "--contract", str(EXAMPLE), "--evidence", str(file), "--lang", language]
    answered = sla_check([*words, "--as-of", "2026-10-31T00:00:00Z"])
    assert (answered.code, answered.out) == (2, "")
    assert r"x\x1b[31m\u202e\x07\u200b" in answered.err
    assert answered.err.replace("\n", "").isprintable()
    assert len(answered.err.splitlines()) <= len(records)
