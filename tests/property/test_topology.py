"""Which asset is behind which: order, circles and all that hangs behind one, for any network."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sla.evidence.intervals import BEGINNING, END
from sla.evidence.records import Asset
from sla.history.definitions import DefinitionHistory, Part, undated
from sla.history.topology import CircleError, downstream, epochs_of

NAMES = "abcdefgh"


def asset_of(name, edges, either):
    return Asset(
        id=name,
        kind="x",
        behind=tuple(sorted(up for low, up in edges if low == name)),
        behind_any=tuple(sorted(up for low, up in either if low == name)),
    )


def assets_of(edges, either):
    return {name: undated(asset_of(name, edges, either)) for name in NAMES}


def dated(first, second):
    """All assets behind what `first` says up to 10, and behind what `second` says from then on."""
    found = {}
    for name in NAMES:
        one, other = asset_of(name, first, set()), asset_of(name, second, set())
        parts = (Part(BEGINNING, 10, one, one), Part(10, END, other, other))
        found[name] = DefinitionHistory(
            id=name, ids=(name,), definitions=((0, one), (0, other)), parts=parts, service=((BEGINNING, END),)
        )
    return found


names = st.sampled_from(NAMES)
any_edges = st.sets(st.tuples(names, names), max_size=12)
falling = st.sets(st.tuples(names, names).map(lambda pair: (max(pair), min(pair))), max_size=14).map(
    lambda pairs: {pair for pair in pairs if pair[0] != pair[1]}
)
rising = falling.map(lambda pairs: {(up, low) for low, up in pairs})


def above(assets):
    """Asset → all that it is behind, through any number of steps, word for word."""
    found = {name: {*each.latest.behind, *each.latest.behind_any} for name, each in assets.items()}
    for _ in assets:
        found = {name: ups.union(*(found[up] for up in ups)) for name, ups in found.items()}
    return found


def circle_in(assets):
    try:
        epochs_of(assets)
    except CircleError as error:
        return error.circle
    return ()


@given(any_edges, any_edges)
def test_a_circle_is_found_where_something_is_behind_itself(edges, either):
    assets = assets_of(edges, either)
    circle = circle_in(assets)
    assert bool(circle) == any(name in ups for name, ups in above(assets).items())
    if circle:
        assert circle[0] == circle[-1]
        for low, up in zip(circle, circle[1:], strict=False):  # noqa: RUF007 - two by two, as it is told
            assert up in (*assets[low].latest.behind, *assets[low].latest.behind_any)


@given(any_edges, any_edges)
def test_over_time_a_circle_is_one_of_some_instant(first, second):
    parts = circle_in(assets_of(first, set())), circle_in(assets_of(second, set()))
    assert bool(circle_in(dated(first, second))) == any(parts)


@given(falling, rising)
def test_each_epoch_has_an_order_that_suits_its_instants(first, second):
    for epoch in epochs_of(dated(first, second)):
        for begin, edges in ((BEGINNING, first), (10, second)):
            if epoch.begin <= begin < epoch.end:
                assert all(epoch.order.index(up) < epoch.order.index(low) for low, up in edges)


@given(falling, falling)
def test_without_a_circle_each_comes_after_all_that_it_is_behind(edges, either):
    assets = assets_of(edges, either)
    (epoch,) = epochs_of(assets)
    assert sorted(epoch.order) == sorted(assets)
    for name, ups in above(assets).items():
        assert all(epoch.order.index(up) < epoch.order.index(name) for up in ups)


@given(falling, falling)
def test_below_one_is_whatever_has_it_above(edges, either):
    assets = assets_of(edges, either)
    ups = above(assets)
    assert downstream(assets) == {name: frozenset(low for low in assets if name in ups[low]) for name in assets}


@given(falling)
def test_both_ways_of_being_behind_hang_alike(edges):
    assert downstream(assets_of(edges, set())) == downstream(assets_of(set(), edges))
