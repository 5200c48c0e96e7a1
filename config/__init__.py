"""Reads what people write: the site file, inventories, units. It knows no probe and no rule of the contract.

`load(path, probe_options=…)` gives a `Site`; `ConfigError` carries every mistake at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.input.mistakes import ConfigError, Mistake
from config.site.model import Channel, CheckPlan, Site, SiteAsset

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic import BaseModel

__all__ = ["Channel", "CheckPlan", "ConfigError", "Mistake", "Site", "SiteAsset", "load"]


def load(path: Path, *, probe_options: Mapping[str, type[BaseModel]]) -> Site:
    """The site of a file and its inventories; see `config.site.file.load`."""
    from config.site.file import load as read  # noqa: PLC0415 - who judges a month reads no site file

    return read(path, probe_options=probe_options)
