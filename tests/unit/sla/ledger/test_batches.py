"""The text of a batch of readings: one line a reading, in one order, and its hash in the chain."""

from __future__ import annotations

import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from sla.ledger.batches import batch_body, batch_text
from sla.ledger.blocks import OUTCOMES, BlockRow

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
rows = st.builds(
    BlockRow,
    at=st.integers(0, 9),
    outcome=st.integers(0, 2),
    batch=st.just(7),
    reason=texts,
    metrics=st.sampled_from(["", '{"rtt_ms":0.412}', '[{"a":1},{"x":null}]']),
)
batches = st.lists(st.tuples(texts, rows), max_size=12)


def test_a_line_is_what_the_documentation_shows():
    row = BlockRow(1_790_812_800_123, OUTCOMES.index("ok"), 0, "", '{"rtt_ms":0.412}')
    assert batch_text([("link-03/icmp", row)]) == b'["link-03/icmp",1790812800123,"ok","",{"rtt_ms":0.412}]\n'


def test_without_metrics_a_line_says_so_with_an_empty_object():
    row = BlockRow(5, OUTCOMES.index("fail"), 0, "断线", "")
    assert batch_text([("摄像机", row)]).decode() == '["摄像机",5,"fail","断线",{}]\n'


def test_readings_stand_by_check_instant_outcome_and_what_they_say():
    ok, fail, none = (OUTCOMES.index(each) for each in ("ok", "fail", "none"))
    found = [
        ("b", BlockRow(1, ok, 0, "", "")),
        ("a", BlockRow(2, ok, 0, "", "")),
        ("a", BlockRow(1, none, 0, "z", "")),
        ("a", BlockRow(1, none, 0, "a", "")),
        ("a", BlockRow(1, fail, 0, "", "")),
    ]
    lines = [json.loads(line)[:4] for line in batch_text(found).splitlines()]
    assert lines == [
        ["a", 1, "fail", ""], ["a", 1, "none", "a"], ["a", 1, "none", "z"], ["a", 2, "ok", ""], ["b", 1, "ok", ""],
    ]  # fmt: skip


@given(batches, st.randoms(use_true_random=False))
def test_the_order_in_which_readings_came_is_of_no_matter(found, random):
    shuffled = list(found)
    random.shuffle(shuffled)
    assert batch_text(shuffled) == batch_text(found)


@given(batches)
def test_every_line_is_json_that_gives_its_reading_back(found):
    lines = [json.loads(line) for line in batch_text(found).decode().split("\n")[:-1]]
    assert len(lines) == len(found)
    wanted = sorted((check, row.at, OUTCOMES[row.outcome], row.reason) for check, row in found)
    assert sorted((check, at, outcome, reason) for check, at, outcome, reason, _ in lines) == wanted


@given(batches)
def test_the_chain_holds_number_count_length_and_hash(found):
    text = batch_text(found)
    assert batch_body(7, found) == {
        "batch": 7,
        "count": len(found),
        "bytes": len(text),
        "sha256": hashlib.sha256(text).hexdigest(),
    }


@given(st.lists(st.tuples(texts, rows), min_size=1, max_size=8, unique=True), st.data())
def test_a_reading_more_or_less_is_another_hash(found, data):
    place = data.draw(st.integers(0, len(found) - 1))
    assert batch_body(7, found)["sha256"] != batch_body(7, found[:place] + found[place + 1 :])["sha256"]
