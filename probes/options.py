"""What the Options of every kind share: strict, frozen, and each key explained where it stands."""

from __future__ import annotations

from pydantic import ConfigDict

from config.input.models import CheckOptions


class ProbeOptions(CheckOptions):
    """Unknown keys are refused; the text below a key is what docs/probes.md says of it."""

    model_config = ConfigDict(use_attribute_docstrings=True)
