"""Which asset is behind which: order, circles and all that hangs behind one, for any network."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sla.evidence.records import Asset
from sla.evidence.topology import circle_in, downstream, top_down

NAMES = "abcdefgh"


def assets_of(edges, either):
    return {
        name: Asset(
            id=name,
            kind="x",
            behind=tuple(sorted(up for low, up in edges if low == name)),
            behind_any=tuple(sorted(up for low, up in either if low == name)),
        )
        for name in NAMES
    }


names = st.sampled_from(NAMES)
any_edges = st.sets(st.tuples(names, names), max_size=12)
falling = st.sets(st.tuples(names, names).map(lambda pair: (max(pair), min(pair))), max_size=14).map(
    lambda pairs: {pair for pair in pairs if pair[0] != pair[1]}
)


def above(assets):
    """Asset → all that it is behind, through any number of steps, word for word."""
    found = {name: {*asset.behind, *asset.behind_any} for name, asset in assets.items()}
    for _ in assets:
        found = {name: ups.union(*(found[up] for up in ups)) for name, ups in found.items()}
    return found


@given(any_edges, any_edges)
def test_a_circle_is_found_where_something_is_behind_itself(edges, either):
    assets = assets_of(edges, either)
    circle = circle_in(assets)
    assert bool(circle) == any(name in ups for name, ups in above(assets).items())
    if circle:
        assert circle[0] == circle[-1]
        for low, up in zip(circle, circle[1:], strict=False):  # noqa: RUF007 - two by two, as it is told
            assert up in (*assets[low].behind, *assets[low].behind_any)


@given(falling, falling)
def test_without_a_circle_each_comes_after_all_that_it_is_behind(edges, either):
    assets = assets_of(edges, either)
    assert circle_in(assets) == ()
    order = top_down(assets)
    assert sorted(order) == sorted(assets)
    for name, ups in above(assets).items():
        assert all(order.index(up) < order.index(name) for up in ups)


@given(falling, falling)
def test_below_one_is_whatever_has_it_above(edges, either):
    assets = assets_of(edges, either)
    ups = above(assets)
    assert downstream(assets) == {name: frozenset(low for low in assets if name in ups[low]) for name in assets}


@given(falling)
def test_both_ways_of_being_behind_hang_alike(edges):
    assert downstream(assets_of(edges, set())) == downstream(assets_of(set(), edges))
