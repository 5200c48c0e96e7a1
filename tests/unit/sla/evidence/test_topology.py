"""Which asset is behind which (SPEC §1, §3)."""

from __future__ import annotations

import itertools

import pytest

from sla.evidence.records import Asset
from sla.evidence.topology import circle_in, downstream, top_down


def assets(**behind: str) -> dict[str, Asset]:
    """name = what it is behind, words; `any:` before a word makes it one of `behind_any`."""
    return {
        name: Asset(
            id=name,
            kind="k",
            behind=tuple(word for word in words.split() if ":" not in word),
            behind_any=tuple(word[4:] for word in words.split() if word.startswith("any:")),
        )
        for name, words in behind.items()
    }


def test_each_asset_comes_after_all_that_it_is_behind():
    order = top_down(assets(cam="link", link="core any:spare", spare="", core=""))
    assert order.index("core") < order.index("link") < order.index("cam")
    assert order.index("spare") < order.index("link")


def test_below_an_asset_is_everything_behind_it_through_any_number_of_steps():
    below = downstream(assets(cam="link", link="core any:spare", spare="", core=""))
    assert below == {
        "core": {"link", "cam"},
        "spare": {"link", "cam"},
        "link": {"cam"},
        "cam": frozenset(),
    }


def test_without_a_circle_there_is_none():
    assert circle_in(assets(cam="link", link="")) == ()


@pytest.mark.parametrize("behind", [{"a": "a"}, {"a": "b", "b": "any:a"}, {"a": "b", "b": "c", "c": "a", "d": ""}])
def test_a_circle_is_told_as_a_chain_of_which_each_is_behind_the_next(behind):
    found = assets(**behind)
    chain = circle_in(found)
    assert chain[0] == chain[-1]
    for one, other in itertools.pairwise(chain):
        assert other in (*found[one].behind, *found[one].behind_any)
