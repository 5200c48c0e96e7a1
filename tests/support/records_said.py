"""Records as their JSON objects: one good example of every type, and any record that may be said at all."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sla.evidence.instants import format_instant

HASH = "0123456789abcdef" * 4
AT = "2026-10-02T08:00:00Z"
SPAN = {"from": "2026-10-01T08:00:00Z", "to": "2026-10-01T09:00:00Z"}
EXAMPLES: dict[str, dict[str, Any]] = {
    "asset": {"id": "cam", "kind": "camera", "name": "门口", "tags": ["north"], "behind": [], "behind_any": []},
    "check": {
        "id": "cam/icmp",
        "asset": "cam",
        "interval_s": 60,
        "severity": "critical",
        "counts": True,
        "reach": True,
        "probe": "icmp",
    },
    "reading": {
        "check": "cam/icmp",
        "at": AT,
        "outcome": "ok",
        "reason": "",
        "source": "",
        "metrics": {"rtt_ms": 0.25},
    },
    "notified": {"check": "cam/icmp", "at": AT, "channel": "mail"},
    "acknowledged": {"check": "cam/icmp", "at": AT, "by": "王"},
    "arrived": {"check": "cam/icmp", "at": AT, "by": "王"},
    "claim": {"id": "c1", "asset": "cam", **SPAN, "cause": "power", "by": "乙", "at": AT},
    "ruling": {"claim": "c1", "accepted": True, "by": "甲", "at": AT, "reason": ""},
    "maintenance": {
        "id": "m1",
        "scope": {"kind": ["camera"]},
        **SPAN,
        "announced_at": "2026-09-01T08:00:00Z",
        "approved": True,
    },
    "approved": {"maintenance": "m1", "by": "甲", "at": AT},
    "inspection": {
        "id": "i1",
        "plan": "P",
        "at": AT,
        "by": "李",
        "covers": ["cam"],
        "result": "ok",
        "note": {"a": 0.5},
    },
    "delivered": {"id": "d1", "plan": "D", "month": "2026-10", "at": AT, "by": "乙", "sha256": HASH},
    "diagnosed": {"id": "x1", "asset": "cam", "at": AT, "by": "王", "part": "电源"},
    "replaced": {"diagnosis": "x1", "at": AT, "by": "王", "temporary": True, "serial": "SN-7"},
    "scored": {
        "plan": "M",
        "month": "2026-10",
        "score": "92.5",
        "of": "100",
        "reason": "问卷 41 份",
        "sha256": HASH,
        "at": AT,
        "by": "甲",
    },
    "settled": {
        "month": "2026-09",
        "payable": "1.00",
        "adjustment": "-0.50",
        "at": AT,
        "by": "甲",
        "party": "customer",
        "contract": HASH,
    },
    "corrected": {"of": {"type": "arrived", "check": "cam/icmp"}, "by": "乙", "at": AT, "reason": "另一台"},
    "agent": {"at": AT, "event": "start", "version": "1", "practice": True},
}
"""Type of record → the keys of one record beside `type`; all of them together are evidence that fits."""


def example(name: str, /, **changed: Any) -> dict[str, Any]:
    """The JSON object of the example of that type, with these keys changed; None leaves a key out."""
    keys = {"type": name, **EXAMPLES[name], **changed}
    return {key: value for key, value in keys.items() if value is not None}


EVERYTHING = tuple(example(name) for name in EXAMPLES)

characters = st.characters(exclude_categories=["Cs"])
texts = st.text(characters, max_size=6)
names = st.text(characters, min_size=1, max_size=6)
lists = st.lists(names, max_size=3, unique=True)
flags = st.booleans()
instants = st.integers(-(10**12), 10**13).map(format_instant)
months = st.builds("{:04d}-{:02d}".format, st.integers(2, 9998), st.integers(1, 12))
hashes = st.text("0123456789abcdef", min_size=64, max_size=64)
money = st.builds("{}{}.{:02d}".format, st.sampled_from(["", "-"]), st.integers(0, 10**6), st.integers(0, 99))
numbers = st.integers(-(10**6), 10**6) | st.floats(allow_nan=False, allow_infinity=False)
extras = st.dictionaries(
    names.map("x_{}".format), st.none() | flags | texts | st.lists(texts, max_size=2), max_size=2
)


@st.composite
def spans(draw) -> dict[str, str]:
    begin = draw(st.integers(0, 10**13))
    return {"from": format_instant(begin), "to": format_instant(begin + draw(st.integers(1, 10**9)))}


@st.composite
def scores(draw) -> dict[str, str]:
    of = draw(st.integers(1, 999))
    return {"score": f"{draw(st.integers(0, of - 1))}.{draw(st.integers(0, 99)):02d}", "of": str(of)}


_SCOPE = {key: st.lists(names, max_size=2, unique=True) for key in ("kind", "ids", "tags", "severity")}
_SAID = {"at": instants, "by": texts}
_KEYS: dict[str, dict[str, Any]] = {
    "asset": {
        "id": names,
        "kind": names,
        "name": texts,
        "tags": lists,
        "behind": lists,
        "behind_any": lists,
        "replaces": names,
    },
    "check": {
        "id": names,
        "asset": names,
        "interval_s": st.integers(1, 10**6) | st.integers(1, 10**6).map(lambda n: n / 1000),
        "severity": st.sampled_from(["critical", "major", "minor"]),
        "counts": flags,
        "reach": flags,
        "replaces": names,
    },
    "reading": {
        "check": names,
        "at": instants,
        "outcome": st.sampled_from(["ok", "fail", "none"]),
        "reason": texts,
        "source": texts,
        "metrics": st.dictionaries(names, numbers, max_size=3),
    },
    "notified": {"check": names, "at": instants, "channel": texts},
    "acknowledged": {"check": names, **_SAID},
    "arrived": {"check": names, **_SAID},
    "claim": {
        "id": names,
        "asset": names,
        "cause": st.sampled_from(["power", "third_party", "force_majeure", "customer", "planned"]),
        **_SAID,
    },
    "ruling": {"claim": names, "accepted": flags, "reason": texts, **_SAID},
    "maintenance": {
        "id": names,
        "scope": st.fixed_dictionaries({}, optional=_SCOPE),
        "announced_at": instants,
        "approved": flags,
    },
    "approved": {"maintenance": names, **_SAID},
    "inspection": {
        "id": names,
        "plan": names,
        "covers": lists,
        "result": st.sampled_from(["ok", "fault"]),
        "period": st.dates().map(str),
        **_SAID,
    },
    "delivered": {"id": names, "plan": names, "month": months, "sha256": st.just("") | hashes, **_SAID},
    "diagnosed": {"id": names, "asset": names, "part": texts, **_SAID},
    "replaced": {"diagnosis": names, "temporary": flags, "serial": texts, **_SAID},
    "scored": {"plan": names, "month": months, "reason": names, "sha256": hashes, **_SAID},
    "settled": {
        "month": months,
        "payable": money,
        "adjustment": money,
        "party": st.sampled_from(["customer", "vendor"]),
        "contract": st.just("") | hashes,
        **_SAID,
    },
    "corrected": {
        "of": st.fixed_dictionaries({"type": st.sampled_from(["ruling", "arrived"]), "at": instants}),
        "reason": texts,
        **_SAID,
    },
    "agent": {"at": instants, "event": names},
}
_TOGETHER = {"asset": spans(), "check": spans(), "claim": spans(), "maintenance": spans(), "scored": scores()}


@st.composite
def said(draw, name: str | None = None) -> dict[str, Any]:
    """The JSON object of any record (of that type), every key of it given, some that SPEC does not name among them."""
    kind = draw(st.sampled_from(sorted(_KEYS))) if name is None else name
    together = draw(_TOGETHER[kind]) if kind in _TOGETHER else {}
    keys = draw(st.fixed_dictionaries({**_KEYS[kind], "recorded_at": instants}))
    return {"type": kind, **keys, **together, **draw(extras)}
