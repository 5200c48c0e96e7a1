"""What a call of `sla-check` asks for: its options, and what they name, each read once and only if needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from hashlib import file_digest
from typing import TYPE_CHECKING

from config.input.mistakes import reason_of
from config.input.usage import UsageError
from sla.evidence.instants import ms_of, parse_instant, parse_month

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from pathlib import Path

    from config.text.i18n import Language
    from sla.contract.model import Contract
    from sla.evidence.evidence import Evidence
    from sla.judge.judgement import Judgement
    from sla.judge.period import PeriodResult
    from sla.ledger import LedgerView
    from sla.measure.analysis import Analysis
    from sla.reports.basis import Basis, Source
    from sla.reports.layout.document import Document


class Request:
    """Options, and what they name.

    Its properties raise UsageError for an option, ConfigError, EvidenceError or LedgerError for the file it names.
    """

    def __init__(self, options: argparse.Namespace, language: Language) -> None:
        """`options` as `sla.cli.program` parsed them. `periods`: those judged already, by name, for all forms."""
        self.options = options
        self.language = language
        self.periods: dict[str, PeriodResult] = {}

    @cached_property
    def month(self) -> str:
        """`YYYY-MM`."""
        text: str = self.options.month
        try:
            parse_month(text)
        except ValueError as error:
            raise UsageError("{option}: {reason}", option="--month", reason=reason_of(error)) from None
        return text

    @cached_property
    def contract(self) -> Contract:
        """`--contract`."""
        return contract_at(self.options.contract)

    @cached_property
    def evidence(self) -> Evidence:
        """`--evidence` or `--ledger`."""
        if self.options.evidence is not None:
            from sla.evidence.file import read_evidence  # noqa: PLC0415 - numpy only where it is needed

            return read_evidence(self.options.evidence)
        return self.ledger.evidence()

    @cached_property
    def ledger(self) -> LedgerView:
        """`--ledger`, opened."""
        from sla.ledger import LedgerView  # noqa: PLC0415 - SQLite only where it is needed

        return LedgerView.open(self.options.ledger)

    @cached_property
    def as_of(self) -> int:
        """`--as-of`; else what `Evidence.latest_at` says of a file, or now for a ledger, that may be live."""
        if self.options.as_of is not None:
            try:
                return parse_instant(self.options.as_of)
            except ValueError as error:
                raise UsageError("{option}: {reason}", option="--as-of", reason=reason_of(error)) from None
        if self.options.ledger is not None:
            return ms_of(datetime.now(UTC))  # noqa: TID251 - SPEC §10: with a live ledger, as_of is now
        latest = self.evidence.latest_at()
        if latest is None:
            raise UsageError("{path}: no record has an instant; say --as-of", path=str(self.options.evidence))
        return latest

    @cached_property
    def judgement(self) -> Judgement:
        """The month, judged."""
        from sla.judge.judge import judge_analysis  # noqa: PLC0415 - loaded where something is judged

        judgement = judge_analysis(self.analysis, self.month)
        later = self.analysis.known.left_out if self.options.as_of is None else 0
        if not later:
            return judgement
        note = {"note": "later", "count": later}
        return replace(judgement, notes=tuple(sorted((*judgement.notes, note), key=_name_of_note)))

    @cached_property
    def analysis(self) -> Analysis:
        """What the evidence says under the contract."""
        from sla.measure.analysis import Analysis  # noqa: PLC0415 - loaded where something is judged

        return Analysis(self.contract, self.evidence, self.as_of)

    @cached_property
    def document(self) -> Document:
        """The month's report, made once for every form."""
        from sla.reports.monthly.document import monthly_document  # noqa: PLC0415 - loaded for forms that people read

        return monthly_document(self.basis, self.language)

    @property
    def basis(self) -> Basis:
        """What a report is made from, with the mark of where the evidence was read."""
        from sla.reports.basis import Basis  # noqa: PLC0415 - loaded where something is judged

        return Basis(judgement=self.judgement, analysis=self.analysis, source=self.source)

    @cached_property
    def source(self) -> Source:
        """Where the evidence was read: the head of the ledger, or the SHA-256 of the file."""
        from sla.reports.basis import Source  # noqa: PLC0415 - loaded where something is judged

        if self.options.ledger is not None:
            return Source(kind="ledger", mark=str(self.ledger.head))
        with self.options.evidence.open("rb") as file:
            return Source(kind="evidence", mark=f"sha256:{file_digest(file, 'sha256').hexdigest()}")


def _name_of_note(note: Mapping[str, object]) -> str:
    return str(note["note"])


def contract_at(path: Path) -> Contract:
    """The contract of a file; ConfigError with all its mistakes."""
    from sla.contract.file import read_contract  # noqa: PLC0415 - `--help` answers without pydantic

    return read_contract(path)
