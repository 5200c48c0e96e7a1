"""`sla-check` against the model on random worlds, by seed: what differs, path by path.

    .venv/bin/python -m tests.support.slow.compare SEED_FROM SEED_TO [--keep FOLDER] [--cases]

Seeds are [SEED_FROM, SEED_TO). With --keep, the files of each disagreeing world go to FOLDER/SEED. With --cases the
worked cases of tests/golden/spec2 are compared as well. The exit code is 1 if anything differs.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import json
import re
import tempfile
import tomllib
import traceback
from pathlib import Path

from tests.support import results
from tests.support.sla_check import sla_check, sla_check_world
from tests.support.slow import cases
from tests.support.slow.instants import Refused
from tests.support.slow.model import judged
from tests.support.worlds.worlds import World, random_world

BAD_USE = 2
EXIT_CODES = {"met": 0, "breached": 1, "not_assessable": 3}
GOLDEN = Path(__file__).parents[2] / "golden" / "spec2"


def modelled(world: World) -> dict:
    """The model's result, as JSON has it; raises `Refused`."""
    contract = tomllib.loads(world.contract_text)
    digest = hashlib.sha256(world.contract_text.encode()).hexdigest()
    return json.loads(json.dumps(judged(contract, world.records, world.month, world.as_of, digest)))


def differences(wanted: dict, got: dict) -> list[str]:
    """Every place where a result is not the model's; of notes, the names and ids."""
    compared = [each | {"notes": cases.compared_notes(each.get("notes", []))} for each in (wanted, got)]
    return results.differences(*compared)


def found_differences(world: World, folder: Path) -> list[str]:
    """How `sla-check` and the model disagree about a world; both refusing it is agreement."""
    answered = sla_check_world(world, folder)
    try:
        wanted = modelled(world)
    except Refused as refused:
        return (
            [] if answered.code == BAD_USE else [f"judged (exit code {answered.code}), the model refuses: {refused}"]
        )
    if answered.code == BAD_USE:
        return [f"refused: {answered.err.strip()}"]
    said = [] if answered.code == EXIT_CODES[wanted["verdict"]] else [f"exit code {answered.code}"]
    return said + differences(wanted, answered.result)


def case_differences(case: Path) -> list[str]:
    """How `sla-check` and the expected result of a worked case disagree."""
    files = ["--contract", str(case / "contract.toml"), "--evidence", str(case / "evidence.jsonl"), "--lang", "en"]
    words = (case / "args").read_text(encoding="utf-8").split()
    answered = sla_check([*files, "--format", "json", *words])
    return (
        [f"refused: {answered.err.strip()}"] if answered.code == BAD_USE else cases.differences(case, answered.result)
    )


def guarded(question, *given) -> list[str]:
    """A crash is a difference too."""
    try:
        return question(*given)
    except Exception:  # noqa: BLE001 - whatever it was, it is told and the next seed is tried
        return ["crashed: " + traceback.format_exc(limit=-4)]


def keep(world: World, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "contract.toml").write_text(world.contract_text, encoding="utf-8")
    (folder / "evidence.jsonl").write_text(world.evidence_text, encoding="utf-8")
    words = world.arguments("contract.toml", "evidence.jsonl")
    (folder / "command").write_text(" ".join(["sla-check", *words]) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("first", type=int)
    parser.add_argument("last", type=int)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--cases", action="store_true")
    options = parser.parse_args()
    bad, kinds = 0, collections.Counter()
    folders = [path for path in sorted(GOLDEN.glob("*")) if path.name.isdigit()] + sorted(GOLDEN.glob("rules/*"))
    tasks = [(path.name, case_differences, (path,)) for path in folders if options.cases]
    with tempfile.TemporaryDirectory() as folder:
        seeds = range(options.first, options.last)
        tasks += [(f"seed {seed}", found_differences, (random_world(seed), Path(folder))) for seed in seeds]
        for name, question, given in tasks:
            found = guarded(question, *given)
            bad += bool(found)
            kinds.update(re.sub(r"\[\d+\]", "[]", line.split(": ")[0]) for line in found[:1])
            print("".join([f"{name}\n", *[f"    {line}\n" for line in found]]) if found else "", end="", flush=True)
            if found and options.keep and isinstance(given[0], World):
                keep(given[0], options.keep / name.removeprefix("seed "))
    print(f"{bad} of {len(tasks)} differ; the first place of each: {dict(kinds.most_common(12))}")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
