"""The words of a verdict: of a clause in a month, of one item of it, and of one period of it (SPEC §6 to §10)."""

from __future__ import annotations

from typing import Literal

Verdict = Literal["met", "breached", "not_assessable", "not_applicable"]
ItemVerdict = Literal["met", "breached", "not_assessable", "not_applicable", "pending"]
PeriodVerdict = Literal["done", "late", "missed", "pending"]
