"""Verifies a ledger's bundle against heads that you kept yourself. One file, standard library only, offline.

    python3 verifier.py BUNDLE --heads FILE [--file REPORT] [--lang zh|en]

What a bundle (a zip file) holds: `bundle.json`, what it says of itself; `entries.jsonl`, the entries of
the ledger, one a line, each byte as it was hashed; `readings.jsonl`, the readings, batch after batch.

    h(i) = SHA-256( 0x00 | SHA-256(site)[:16] | i as 8 bytes, big endian | h(i-1) | line i ),  h(0) = 32 zero bytes

A head is i and h(i). FILE is any text with heads in it as they stood in your messages, mails or papers:
a number and, after it, 64 hexadecimal digits. Take them from where the other party cannot have changed them,
never from the bundle. If h(i) is the one that you kept, then no entry up to i was changed, left out or put in
since, and the readings are those whose hash stands in the entries. Nothing is proven of what follows your last
head, nor that what was written down was true when it was written.

Exit code: 0 proven up to your last head, 1 something was changed, 2 cannot be read, 3 no head of yours to compare.
"""

# ruff: noqa: E501 - one message a line, however long

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PROVEN, CHANGED, UNREADABLE, UNCOMPARED = 0, 1, 2, 3
GENESIS = "0" * 64
HEAD = re.compile(
    r"(?<![0-9A-Za-z.+/-])(?<!\d[:：])(\d{1,15})(?:[\s,，:：;；|=\"'“”]|条|hash){1,24}([0-9A-Fa-f]{64})(?![0-9A-Za-z])"
)
STEP_MS = 1000
"""A wall clock that goes back further than this needs an entry that says so …"""
NEAR = 50
"""… at most that many entries later."""
MOST_LINE = 64 << 20

SHOWN = ("restore", "continues", "halted", "lost", "damage", "countersigned")  # entries for whoever verifies to read

# fmt: off
TEXTS = {  # one message a line, in two languages
    "unreadable": ("cannot be read as a bundle: {why}", "不能作为证据包读取：{why}"),
    "line": ("entry {seq}: not as it was written: {why}", "第 {seq} 条：与写入时不符：{why}"),
    "end": ("the bundle says that it ends at entry {seq} with {hash}; it does not", "证据包自称止于第 {seq} 条 {hash}，实际不是"),
    "head": ("your head of entry {seq} is {yours}; here it is {found}", "您保存的第 {seq} 条链头为 {yours}，此处为 {found}"),
    "cut": ("you hold a head of entry {seq}; the bundle ends at {last}: its end is missing", "您持有第 {seq} 条的链头，证据包止于 {last}：末尾缺失"),
    "split": ("your own heads of entry {seq} differ: {yours}: two ledgers were shown", "您保存的第 {seq} 条链头互不相同：{yours}：曾出示两本台账"),
    "batch": ("readings of batch {batch}: {why}", "第 {batch} 批读数：{why}"),
    "back": ("entry {seq}: the wall clock goes back {by} s and no entry says why", "第 {seq} 条：时钟倒退 {by} 秒且无说明"),
    "boot": ("entry {seq}: the clock since boot goes back", "第 {seq} 条：开机计时倒退"),
    "seal": ("entry {seq}: the tree root of the first {size} entries is not {root}", "第 {seq} 条：前 {size} 条的树根不是 {root}"),
    "file": ("{name}: its SHA-256 stands in no entry", "{name}：没有任何条目载有其 SHA-256"),
    "named": ("{name}: named in entry {seq}, {at}", "{name}：载于第 {seq} 条，{at}"),
    "extent": ("site {site}: entries {first} to {last}, {begin} to {end}", "站点 {site}：第 {first} 至 {last} 条，{begin} 至 {end}"),
    "used": ("heads of yours that were compared: {count} (entries {seqs})", "已与您保存的链头比较：{count} 个（第 {seqs} 条）"),
    "before": ("heads of yours from before this bundle begins, not compared: {count}", "早于证据包起点、未比较的链头：{count} 个"),
    "stretch": ("longest stretch without a head of yours: {hours} h, entries {a} to {b}", "最长无您链头的时段：{hours} 小时，第 {a} 至 {b} 条"),
    "tail": ("entries after your last head, which nobody but their writer vouches for: {count}", "您最后一个链头之后、无人见证的条目：{count} 条"),
    "readings": ("readings that are those in the chain: {count} in {batches} batches", "与链一致的读数：{count} 条，{batches} 批"),
    "erased": ("batches erased by retention (entry {seq}), not here: {count}", "按保存期限删除（第 {seq} 条）而不在此的批次：{count}"),
    "origin": ("from entry {seq}: software {software}, site file {config}, contract {contract}", "自第 {seq} 条起：软件 {software}，站点文件 {config}，合同 {contract}"),
    "entry": ("entry {seq}, {at}: {kind} {body}", "第 {seq} 条，{at}：{kind} {body}"),
    "sealed": ("month {month}: sealed at entry {seq}, tree root as it should be", "{month} 月：封存于第 {seq} 条，树根相符"),
    "proven": ("PROVEN: nothing up to entry {seq} was changed since {at}", "已证实：第 {seq} 条及以前自 {at} 起未被改动"),
    "changed": ("CHANGED: {count} findings", "有改动：{count} 项"),
    "uncompared": ("NOT PROVEN: consistent in itself, but compared with no head of yours", "未证实：自身一致，但没有您保存的链头可比"),
}
# fmt: on


class Damaged(Exception):  # noqa: N818 - what it is
    """The bundle cannot be read any further."""


@dataclass(slots=True)
class Verified:
    """What was found: (key of TEXTS, its values). `problems` speak of tampering or damage, `notes` do not."""

    problems: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    proven_seq: int = 0
    proven_at: int = 0

    def problem(self, key: str, **values: Any) -> None:
        """Add a finding that speaks of tampering or damage: a key of TEXTS and its values."""
        self.problems.append((key, values))

    def note(self, key: str, **values: Any) -> None:
        """Add a finding that only informs: a key of TEXTS and its values."""
        self.notes.append((key, values))

    @property
    def verdict(self) -> int:
        """The exit code: CHANGED with any problem, else PROVEN, or UNCOMPARED without a head."""
        if self.problems:
            return CHANGED
        return PROVEN if self.proven_seq else UNCOMPARED

    def text(self, language: str) -> str:
        """All of it as lines of text, the verdict last."""
        ends: dict[int, tuple[str, dict[str, Any]]] = {
            PROVEN: ("proven", {"seq": self.proven_seq, "at": instant(self.proven_at)}),
            CHANGED: ("changed", {"count": len(self.problems)}),
            UNCOMPARED: ("uncompared", {}),
        }
        column = 0 if language == "en" else 1
        return "\n".join(
            TEXTS[key][column].format(**values) for key, values in [*self.notes, *self.problems, ends[self.verdict]]
        )


def instant(ms: int) -> str:
    """Milliseconds since the epoch as RFC 3339 in UTC, to the second."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def heads_in(text: str) -> list[tuple[int, str]]:
    """Every head in a text: (sequence number, hash)."""
    return [(int(seq), digest.lower()) for seq, digest in HEAD.findall(text)]


class Tree:
    """The Merkle tree of RFC 6962 over h(1) … h(n), kept as the roots of its complete subtrees."""

    def __init__(self) -> None:
        self.size = 0
        self._roots: list[tuple[int, bytes]] = []

    def add(self, digest: bytes) -> None:
        """Add the next leaf: the hash of an entry, 32 bytes."""
        height, node = 0, hashlib.sha256(b"\0" + digest).digest()
        while self._roots and self._roots[-1][0] == height:
            node = hashlib.sha256(b"\1" + self._roots.pop()[1] + node).digest()
            height += 1
        self._roots.append((height, node))
        self.size += 1

    def root(self) -> str:
        """The root over all leaves, 64 hex digits."""
        if not self._roots:
            return hashlib.sha256(b"").hexdigest()
        node = self._roots[-1][1]
        for _, left in reversed(self._roots[:-1]):
            node = hashlib.sha256(b"\1" + left + node).digest()
        return node.hex()


@dataclass(slots=True)
class Walk:
    """One walk along the chain, and what has to be remembered on the way."""

    site: str
    seq: int
    digest: bytes
    findings: Verified
    wanted: dict[int, set[str]]
    """Your heads."""
    files: dict[str, str]
    """SHA-256 → name of each file that should be named in an entry."""
    is_whole: bool
    times: dict[int, int] = field(default_factory=dict)
    """Wall clock of the entries that you hold a head of, and of the first and last."""
    batches: dict[int, dict[str, Any]] = field(default_factory=dict)
    erased: list[tuple[int, int]] = field(default_factory=list)
    """(first batch that is kept, entry that says so)."""
    tree: Tree = field(default_factory=Tree)
    _origin: tuple[str, ...] = ()
    newest: dict[str, Any] = field(default_factory=dict)
    _went_back: tuple[int, int] | None = None
    _mark: bytes = b""

    def take(self, line: bytes) -> dict[str, Any]:
        """Check the next entry; Damaged where the chain breaks."""
        seq = self.seq + 1
        entry = _entry(line, seq)
        for key, value in (("seq", seq), ("site", self.site), ("prev", self.digest.hex())):
            if entry.get(key) != value:
                raise Damaged("line", {"seq": seq, "why": f"{key} {entry.get(key)!r} ≠ {value!r}"})
        if not self._mark:
            self._mark = hashlib.sha256(self.site.encode()).digest()[:16]
        self.digest = hashlib.sha256(b"\0" + self._mark + seq.to_bytes(8, "big") + self.digest + line).digest()
        self.seq = seq
        if self.is_whole:
            if entry["kind"] == "month_seal":
                self._check_seal(entry["body"])
            self.tree.add(self.digest)
        self.compare()
        self._check_clocks(entry)
        self._note_origin(entry)
        self._remember(entry, line)
        return entry

    def compare(self) -> None:
        """Compare the hash of the entry just taken with the heads of that number that were kept elsewhere."""
        found = self.digest.hex()
        for yours in self.wanted.get(self.seq, ()):
            if yours == found:
                self.findings.proven_seq = self.seq
            else:
                self.findings.problem("head", seq=self.seq, yours=yours, found=found)

    def _check_clocks(self, entry: dict[str, Any]) -> None:
        before, self.newest = self.newest, entry
        if before and before["boot_id"] == entry["boot_id"] and entry["boot_ms"] < before["boot_ms"]:
            self.findings.problem("boot", seq=self.seq)
        if before and entry["wall_ms"] < before["wall_ms"] - STEP_MS and self._went_back is None:
            self._went_back = (self.seq, before["wall_ms"] - entry["wall_ms"])
        if entry["kind"] == "agent" and entry["body"].get("event") in ("clock_step", "start"):
            self._went_back = None
        if self._went_back and self.seq > self._went_back[0] + NEAR:
            self.settle_clock()

    def settle_clock(self) -> None:
        """A clock that went back was not explained."""
        if self._went_back:
            self.findings.problem("back", seq=self._went_back[0], by=self._went_back[1] // 1000)
            self._went_back = None

    def _note_origin(self, entry: dict[str, Any]) -> None:
        origin = tuple(str(entry.get(key, "")) for key in ("software", "config", "contract"))
        if origin != self._origin:
            self._origin = origin
            software, config, contract = (part or "-" for part in origin)
            self.findings.note("origin", seq=self.seq, software=software, config=config, contract=contract)

    def _remember(self, entry: dict[str, Any], line: bytes) -> None:
        if not self.times or self.seq in self.wanted:
            self.times[self.seq] = entry["wall_ms"]
        if entry["kind"] == "readings":
            self._remember_batch(entry["body"])
        elif entry["kind"] == "retention":
            self.erased.append((entry["body"]["first_batch_kept"], self.seq))
        elif entry["kind"] in SHOWN:
            body = json.dumps(entry["body"], ensure_ascii=False)
            self.findings.note("entry", seq=self.seq, at=instant(entry["wall_ms"]), kind=entry["kind"], body=body)
        for digest in [each for each in self.files if each.encode() in line]:
            name = self.files.pop(digest)
            self.findings.note("named", name=name, seq=self.seq, at=instant(entry["wall_ms"]))

    def _remember_batch(self, body: dict[str, Any]) -> None:
        batch, expected = body["batch"], next(reversed(self.batches), body["batch"] - 1) + 1
        if batch != expected or (self.is_whole and not self.batches and batch != 0):
            self.findings.problem("batch", batch=batch, why=f"entry {self.seq}, ≠ {expected}")
        self.batches[batch] = body

    def _check_seal(self, body: dict[str, Any]) -> None:
        if (body["size"], body["root"]) == (self.tree.size, self.tree.root()):
            self.findings.note("sealed", month=body["month"], seq=self.seq)
        else:
            self.findings.problem("seal", seq=self.seq, size=body["size"], root=body["root"])


def _entry(line: bytes, seq: int) -> dict[str, Any]:
    """The entry that a line says, if the line is its one canonical form."""
    try:
        entry: dict[str, Any] = json.loads(line)
        again = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        if again.encode() != line:
            raise Damaged("line", {"seq": seq, "why": "≠ canonical JSON"})
        if not isinstance(entry["body"], dict) or not isinstance(entry["wall_ms"], int):
            raise Damaged("line", {"seq": seq, "why": "≠ entry"})
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Damaged("line", {"seq": seq, "why": f"{type(error).__name__}: {error}"}) from None
    return entry


def _lines(file: IO[bytes], seq: int) -> Iterator[bytes]:
    while line := file.readline(MOST_LINE):
        seq += 1
        if not line.endswith(b"\n"):
            raise Damaged("line", {"seq": seq, "why": "no end of line"})
        yield line[:-1]


def _check_readings(walk: Walk, file: IO[bytes], ranges: list[list[int]]) -> None:
    """Hash the text of each batch; `ranges` says which batches stand in the file, in which order."""
    count, seen = 0, set()
    for first, last in ranges:
        for batch in range(first, last + 1):
            body = walk.batches.get(batch)
            if body is None or batch in seen:
                walk.findings.problem("batch", batch=batch, why="no such entry" if body is None else "twice")
                return
            seen.add(batch)
            text = file.read(body["bytes"])
            if hashlib.sha256(text).hexdigest() != body["sha256"] or text.count(b"\n") != body["count"]:
                walk.findings.problem("batch", batch=batch, why="SHA-256 ≠")
                return
            count += body["count"]
    if file.read(1):
        walk.findings.problem("batch", batch="?", why="more than the entries say")
    kept, seq = max(walk.erased, default=(0, 0))
    missing = [batch for batch in walk.batches if batch not in seen]
    for batch in [batch for batch in missing if batch >= kept][:10]:
        walk.findings.problem("batch", batch=batch, why="missing")
    if kept and missing:
        walk.findings.note("erased", seq=seq, count=sum(batch < kept for batch in missing))
    walk.findings.note("readings", count=count, batches=len(seen))


def _measure_stretches(walk: Walk) -> None:
    """From when to when the bundle goes, and between which heads of yours, or its ends, most time passed."""
    first, begin = min(walk.times.items())
    end = walk.times[walk.seq] = walk.newest["wall_ms"]
    walk.findings.note("extent", site=walk.site, first=first, last=walk.seq, begin=instant(begin), end=instant(end))
    marks = sorted(walk.times)
    spans = [(walk.times[b] - walk.times[a], a, b) for a, b in pairwise(marks)]
    if spans:
        span, a, b = max(spans)
        walk.findings.note("stretch", hours=round(span / 3_600_000, 1), a=a, b=b)
    walk.findings.proven_at = walk.times.get(walk.findings.proven_seq, begin)
    walk.findings.note("tail", count=walk.seq - walk.findings.proven_seq)


def verify(bundle: str, heads: Sequence[tuple[int, str]], files: Sequence[str] = ()) -> Verified:
    """Everything that can be said of a bundle with these heads."""
    findings = Verified()
    wanted: dict[int, set[str]] = {}
    for seq, digest in heads:
        wanted.setdefault(seq, set()).add(digest)
    for seq, digests in wanted.items():
        if len(digests) > 1:
            findings.problem("split", seq=seq, yours=", ".join(sorted(digests)))
    try:
        named = {hashlib.sha256(Path(name).read_bytes()).hexdigest(): name for name in files}
        with zipfile.ZipFile(bundle) as archive:
            _verify(archive, findings, wanted, named)
        for name in named.values():
            findings.problem("file", name=name)
    except Damaged as error:
        findings.problem(error.args[0], **error.args[1])
    except Exception as error:  # noqa: BLE001 - whatever a damaged file brings about, it is no proof
        findings.problem("unreadable", why=f"{type(error).__name__}: {error}")
    return findings


def _verify(archive: zipfile.ZipFile, findings: Verified, wanted: dict[int, set[str]], named: dict[str, str]) -> None:
    if len(set(archive.namelist())) != len(archive.namelist()):
        raise Damaged("unreadable", {"why": "two files of one name"})
    about = json.loads(archive.read("bundle.json"))
    base = about["base"]
    if about["format"] != "sla-bundle/1" or (base["seq"] == 0 and base["hash"] != GENESIS):
        raise Damaged("unreadable", {"why": f"format {about['format']!r}"})
    walk = Walk(about["site"], base["seq"], bytes.fromhex(base["hash"]), findings, wanted, named, base["seq"] == 0)
    walk.compare()
    with archive.open("entries.jsonl") as file:
        for line in _lines(file, base["seq"]):
            walk.take(line)
    walk.settle_clock()
    if (walk.seq, walk.digest.hex()) != (about["head"]["seq"], about["head"]["hash"]):
        findings.problem("end", **about["head"])
    _compare_heads(walk, wanted, base["seq"])
    with archive.open("readings.jsonl") as file:
        _check_readings(walk, file, about["batches"])
    _measure_stretches(walk)


def _compare_heads(walk: Walk, wanted: dict[int, set[str]], base: int) -> None:
    for seq in sorted(seq for seq in wanted if seq > walk.seq):
        walk.findings.problem("cut", seq=seq, last=walk.seq)
    agreed = sorted(seq for seq in wanted if base <= seq <= walk.seq)
    shown = ", ".join(map(str, agreed[:5])) + (" …" if len(agreed) > 5 else "")  # noqa: PLR2004 - a readable line
    walk.findings.note("used", count=len(agreed), seqs=shown or "-")
    if early := sum(seq < base for seq in wanted):
        walk.findings.note("before", count=early)


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify as the command line says; the exit code is told at the top of this file."""
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shape, allow_abbrev=False)
    parser.add_argument("bundle")
    parser.add_argument("--heads", action="append", default=[], help="a text with the heads that you kept")
    parser.add_argument("--file", action="append", default=[], help="a report or contract named in the ledger")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    options = parser.parse_args(arguments)
    try:
        Path(options.bundle).stat()  # a name mistyped is no tampering
        heads = [head for name in options.heads for head in heads_in(Path(name).read_text(errors="replace"))]
        findings = verify(options.bundle, heads, options.file)
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
        return UNREADABLE
    sys.stdout.write(findings.text(options.lang) + "\n")
    return findings.verdict


if __name__ == "__main__":
    sys.exit(main())
