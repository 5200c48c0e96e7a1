"""What import-linter and ruff are told stays whole: each folder of kinds is held to independence, each shared base listed."""

from __future__ import annotations

import importlib
import pkgutil
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

import agent
import config
import probes
import sla
from sla.reports.layout.forms import FORMS

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
CONTRACTS = SETTINGS["importlinter"]["contracts"]
ALONE = {
    "agent.__main__": "it is a program",
    "sla.cli.__main__": "it is a program",
    "probes.picture.decode_child": "it sets limits on its own process",
}


def modules():
    for package in (agent, config, probes, sla):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if found.name not in ALONE:
                yield importlib.import_module(found.name)


def independent():
    return {name for each in CONTRACTS if each["type"] == "independence" for name in each["modules"]}


def test_every_folder_of_kinds_is_held_to_independence():
    """A folder of kinds is one in which a table finds a file for each of its rows."""
    folders = {path.parent for path in ROOT.glob("sla/**/availability.py")} | {ROOT / "probes/kinds"}
    named = {f"{'.'.join(each.relative_to(ROOT).parts)}.*" for each in folders}
    assert len(named) > 5
    assert named - independent() == set()


def test_every_form_of_a_paper_is_held_to_independence():
    assert {f"sla.reports.layout.{form}" for form in FORMS} <= independent()


@pytest.mark.parametrize("package", ["agent", "config", "probes", "sla"])
def test_every_folder_and_file_of_a_package_has_its_layer(package):
    (contract,) = (each for each in CONTRACTS if each.get("containers") == [package])
    assert contract["exhaustive"]
    listed = {name for layer in contract["layers"] for name in layer.split(" | ")}
    there = {
        path.stem for path in (ROOT / package).iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert listed == there - {"__init__"}


def test_nothing_is_excepted_from_the_direction_of_the_packages():
    for contract in CONTRACTS:
        if contract["type"] in ("layers", "acyclic_siblings"):
            assert "ignore_imports" not in contract, contract["name"]
            assert "exhaustive_ignores" not in contract, contract["name"]


def test_models_whose_fields_are_read_at_run_time_are_known_to_ruff_by_their_bases():
    """So a new kind needs no line there: only a new base that several files share does."""
    listed = set(SETTINGS["ruff"]["lint"]["flake8-type-checking"]["runtime-evaluated-base-classes"])
    bases = set()
    for module in modules():
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, BaseModel) and value.__module__ == module.__name__:
                bases |= {
                    f"{each.__module__}.{each.__qualname__}"
                    for each in value.__bases__
                    if each.__module__ != module.__name__
                }
    ours = {name for name in bases if name.partition(".")[0] in ("agent", "config", "probes", "sla")}
    assert ours
    assert ours - listed == set()
    for name in listed:
        module, _, attribute = name.rpartition(".")
        assert issubclass(getattr(importlib.import_module(module), attribute), BaseModel)
