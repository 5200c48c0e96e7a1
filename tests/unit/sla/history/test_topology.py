"""Which asset is behind which, over time (SPEC §1, §3)."""

from __future__ import annotations

import itertools

import pytest

from sla.evidence.intervals import BEGINNING, END
from sla.evidence.records import Asset
from sla.history.definitions import DefinitionHistory, Part, undated
from sla.history.topology import CircleError, downstream, epochs_of


def asset_of(name: str, words: str) -> Asset:
    """An asset that is behind these words; `any:` before a word makes it one of `behind_any`."""
    return Asset(
        id=name,
        kind="k",
        behind=tuple(word for word in words.split() if ":" not in word),
        behind_any=tuple(word[4:] for word in words.split() if word.startswith("any:")),
    )


def assets(**behind: str) -> dict[str, DefinitionHistory[Asset]]:
    """name = what it is behind, words; `; 10 words` is what it is behind from the instant 10 on."""
    found = {}
    for name, said in behind.items():
        first, *later = said.split(";")
        cuts = [(BEGINNING, first), *((int(one.split()[0]), one.split(maxsplit=1)[1:]) for one in later)]
        defined = [(at, asset_of(name, words if isinstance(words, str) else " ".join(words))) for at, words in cuts]
        ends = [*(at for at, _ in defined[1:]), END]
        parts = tuple(Part(at, end, one, one) for (at, one), end in zip(defined, ends, strict=True))
        found[name] = DefinitionHistory(
            id=name, ids=(name,), definitions=tuple((0, one) for _, one in defined), parts=parts, service=((BEGINNING, END),)
        )  # fmt: skip
    return found


def test_each_asset_comes_after_all_that_it_is_behind():
    (epoch,) = epochs_of(assets(cam="link", link="core any:spare", spare="", core=""))
    order = epoch.order
    assert (epoch.begin, epoch.end) == (BEGINNING, END)
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


def test_below_an_asset_is_what_was_behind_it_at_any_time():
    assert downstream(assets(cam="a; 10 b", a="", b=""))["a"] == {"cam"}
    assert downstream(assets(cam="a; 10 b", a="", b=""))["b"] == {"cam"}


@pytest.mark.parametrize("behind", [{"a": "a"}, {"a": "b", "b": "any:a"}, {"a": "b", "b": "c", "c": "a", "d": ""}])
def test_a_circle_is_told_as_a_chain_of_which_each_is_behind_the_next(behind):
    found = assets(**behind)
    with pytest.raises(CircleError) as caught:
        epochs_of(found)
    chain = caught.value.circle
    assert chain[0] == chain[-1]
    for one, other in itertools.pairwise(chain):
        assert other in (*found[one].latest.behind, *found[one].latest.behind_any)
    assert str(caught.value) == " behind ".join(chain)


def test_a_change_that_one_order_suits_needs_no_epoch():
    assert len(epochs_of(assets(cam="a; 10 b", a="", b="a"))) == 1


def test_who_turns_round_is_no_circle_as_long_as_it_is_at_different_instants():
    # a is behind b up to 10, and b behind a from then on
    found = epochs_of(assets(a="b; 10", b="; 10 a"))
    assert [(each.begin, each.end, each.order) for each in found] == [
        (BEGINNING, 10, ("b", "a")),
        (10, END, ("a", "b")),
    ]


def test_a_circle_at_some_instant_is_refused_however_short():
    # from 10 to 20 each is behind the other
    with pytest.raises(CircleError):
        epochs_of(assets(a="b; 20", b="; 10 a"))


def test_before_it_is_defined_an_asset_is_behind_nothing():
    late = Asset(id="a", kind="k", behind=("b",))
    found = {
        "a": DefinitionHistory(
            id="a", ids=("a",), definitions=((0, late),), parts=(Part(10, END, late, late),), service=((10, END),)
        ),
        **assets(b="a; 10"),
    }
    assert [each.order for each in epochs_of(found)] == [("a", "b"), ("b", "a")]


def test_undated_assets_have_one_epoch():
    assert len(epochs_of({"a": undated(asset_of("a", "")), "b": undated(asset_of("b", "a"))})) == 1
