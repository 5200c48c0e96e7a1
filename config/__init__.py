"""Reads what people write: the site file, inventories, units. It knows no probe and no rule of the contract.

`load(path, probe_options=…)` gives a `Site`; `ConfigError` carries every mistake at once.
"""

from config.errors import ConfigError, Mistake
from config.site import Channel, CheckPlan, Site, SiteAsset
from config.site_file import load

__all__ = ["Channel", "CheckPlan", "ConfigError", "Mistake", "Site", "SiteAsset", "load"]
