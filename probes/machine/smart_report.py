"""What smartctl's JSON says of a disk: one model for ATA, NVMe and SCSI, and what follows from it.

Only what we read is in the model; what other versions say beside it is left alone. A value that is not as smartctl
writes it (7.0 to 7.5) makes the whole report unreadable: half a report is no report.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from probes.faults import OwnFaultError
from probes.reasons import DISK_UNREAD

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 32
"""Bound B6."""
NOT_PARSED, NOT_OPENED, COMMAND_FAILED, FAILING, PREFAIL_NOW, BELOW_ONCE, ERRORS_LOGGED, SELF_TEST_LOGGED = (
    1 << bit for bit in range(8)
)
"""The bits of smartctl's exit status (smartctl(8), EXIT STATUS). The log of errors and what was once below its
threshold are the past, and no fault of today."""

_BRACKET = re.compile(rb"[\[\]{}]")
_NVME_WARNINGS = (
    "spare below threshold",
    "temperature beyond threshold",
    "reliability degraded",
    "media read only",
    "backup of its memory failed",
    "persistent memory unreliable",
)
"""By bit of the NVMe critical warning (NVM Express base specification, SMART / Health Information)."""
_COUNTED = {"reallocated": (5, r"Realloc|Retired"), "pending": (197, "Pending"), "uncorrectable": (198, "Uncorrect")}
"""ATA attributes that count sectors: number, and what its name holds where the maker means the usual thing by it."""

_Count = Annotated[int, Field(ge=0, le=1 << 128)]
"""NVMe counts in 128 bits."""
_Percent = Annotated[int, Field(ge=0, le=255)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class _CodedValue(_Part):
    value: _Count
    string: str = ""


class _Message(_Part):
    string: str


class _Run(_Part):
    argv: list[str]
    exit_status: Annotated[int, Field(ge=0, le=255)]
    messages: list[_Message] = []


class _Support(_Part):
    available: bool
    enabled: bool = True


class _Health(_Part):
    passed: bool | None = None


class _Flags(_Part):
    prefailure: bool


class _Attribute(_Part):
    id: _Count
    name: str
    flags: _Flags
    raw: _CodedValue
    when_failed: str = ""


class _Attributes(_Part):
    table: list[_Attribute] = []


class _AtaTest(_Part):
    type: _CodedValue
    status: _CodedValue


class _AtaTests(_Part):
    table: list[_AtaTest] = []


class _AtaTestLog(_Part):
    standard: _AtaTests | None = None
    extended: _AtaTests | None = None


class _NvmeTest(_Part):
    self_test_code: _CodedValue
    self_test_result: _CodedValue


class _NvmeTestLog(_Part):
    table: list[_NvmeTest | None] = []


class _NvmeHealth(_Part):
    critical_warning: _Percent = 0
    available_spare: _Percent | None = None
    available_spare_threshold: _Percent | None = None
    percentage_used: _Percent | None = None
    media_errors: _Count | None = None


class _ScsiTest(_Part):
    code: _CodedValue
    result: _CodedValue


class _ScsiErrors(_Part):
    total_uncorrected_errors: _Count


class _Temperature(_Part):
    current: Annotated[int, Field(ge=-100, le=300)] | None = None


class _PowerOn(_Part):
    hours: _Count
    minutes: _Count = 0


class _Percentage(_Part):
    current_percent: _Percent


class Report(_Part):
    """One answer of smartctl. Of self-tests the newest comes first."""

    smartctl: _Run
    smart_support: _Support | None = None
    smart_status: _Health = _Health()
    temperature: _Temperature = _Temperature()
    power_on_time: _PowerOn | None = None
    endurance_used: _Percentage | None = None
    ata_smart_attributes: _Attributes = _Attributes()
    ata_smart_self_test_log: _AtaTestLog = _AtaTestLog()
    nvme_smart_health_information_log: _NvmeHealth = _NvmeHealth()
    nvme_self_test_log: _NvmeTestLog = _NvmeTestLog()
    scsi_grown_defect_list: _Count | None = None
    scsi_error_counter_log: dict[str, _ScsiErrors] | None = None
    scsi_percentage_used_endurance_indicator: _Percent | None = None
    scsi_self_tests: list[_ScsiTest] = []

    @model_validator(mode="before")
    @classmethod
    def _gathered(cls, said: Any) -> Any:
        """SCSI's self-tests are no list, but keys from scsi_self_test_0 to scsi_self_test_19."""
        keys = [f"scsi_self_test_{number}" for number in range(20)]
        return (
            {**said, "scsi_self_tests": [said[key] for key in keys if key in said]}
            if isinstance(said, dict)
            else said
        )


def read(text: bytes) -> Report:
    """The report in smartctl's JSON. OwnFaultError: it is none, is cut off, or is nested too deep."""
    if _is_too_deep(text):
        raise OwnFaultError(DISK_UNREAD, "the JSON is nested too deep")
    try:
        return Report.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise OwnFaultError(DISK_UNREAD, "no JSON of smartctl", where or first["msg"]) from None


def _is_too_deep(text: bytes) -> bool:
    """Brackets inside texts count too: smartctl's are paired, and there are few."""
    depth = 0
    for each in _BRACKET.finditer(text):
        depth += 1 if each.group() in b"[{" else -1
        if depth > DEEPEST:
            return True
    return False


def complaint(report: Report) -> str:
    """What smartctl has to say about its own run."""
    return "; ".join(each.string for each in report.smartctl.messages)


def attributes_failing(report: Report) -> str:
    """The ATA attributes that announce a failure and are below their thresholds now; empty if none is."""
    table = report.ata_smart_attributes.table
    return ", ".join(each.name for each in table if each.flags.prefailure and each.when_failed == "now")


def nvme_warnings(report: Report) -> str:
    """What the drive warns of; empty if of nothing. Later versions of the standard may add bits."""
    warning = report.nvme_smart_health_information_log.critical_warning
    bits = (bit for bit in range(8) if warning >> bit & 1)
    return ", ".join(_NVME_WARNINGS[bit] if bit < len(_NVME_WARNINGS) else f"bit {bit}" for bit in bits)


def spare_is_low(report: Report) -> bool:
    """Whether an NVMe drive's spare is below the drive's own threshold."""
    health = report.nvme_smart_health_information_log
    spare, threshold = health.available_spare, health.available_spare_threshold
    return spare is not None and threshold is not None and spare < threshold


def failed_self_test(report: Report) -> str:
    """The newest self-test that failed and that no later extended one outdates, as smartctl counts; empty if none."""
    for is_extended, result, said in _self_tests(report):
        if result == "failed":
            return said
        if is_extended and result == "passed":
            return ""
    return ""


def _self_tests(report: Report) -> Iterator[tuple[bool, str, str]]:
    """Newest first: whether it was an extended one, `passed`, `failed` or `unfinished`, and how the disk puts it."""
    log = report.ata_smart_self_test_log
    for ata in (log.extended or log.standard or _AtaTests()).table:
        result = ata.status.value >> 4
        yield ata.type.value & 0x7F == 2, _result(result, range(3, 9)), f"{ata.type.string}: {ata.status.string}"  # noqa: PLR2004 - extended
    for nvme in report.nvme_self_test_log.table:
        if nvme is not None:
            code, ended = nvme.self_test_code, nvme.self_test_result
            yield code.value == 2, _result(ended.value, range(5, 8)), f"{code.string}: {ended.string}"  # noqa: PLR2004 - extended
    for scsi in report.scsi_self_tests:
        said = f"{scsi.code.string}: {scsi.result.string}"
        yield scsi.code.value in (2, 6), _result(scsi.result.value, range(3, 8)), said


def _result(value: int, failures: range) -> str:
    if value in failures:
        return "failed"
    return "unfinished" if value else "passed"


def metrics(report: Report) -> dict[str, float]:
    """What the disk tells of itself, under the names of the `smart` kind; what it does not tell is left out."""
    health, since = report.nvme_smart_health_information_log, report.power_on_time
    found = {
        "temperature_c": report.temperature.current,
        "power_on_s": None if since is None else since.hours * 3600 + since.minutes * 60,
        **{name: _counted(report, *which) for name, which in _COUNTED.items()},
        "media_errors": health.media_errors,
        "used_ratio": _ratio(_used(report)),
        "spare_ratio": _ratio(health.available_spare),
    }
    if report.scsi_grown_defect_list is not None:
        found["reallocated"] = report.scsi_grown_defect_list
    if report.scsi_error_counter_log is not None:
        found["uncorrectable"] = sum(each.total_uncorrected_errors for each in report.scsi_error_counter_log.values())
    return {name: float(value) for name, value in found.items() if value is not None}


def _counted(report: Report, number: int, name: str) -> int | None:
    """The first figure of the raw value as smartctl writes it: the number itself may hold several, packed."""
    for each in report.ata_smart_attributes.table:
        figure = re.match("[0-9]{1,18}", each.raw.string)
        if each.id == number and re.search(name, each.name) and figure is not None:
            return int(figure.group())
    return None


def _used(report: Report) -> int | None:
    """Percent of the endurance that is used up; more than 100 is possible."""
    if report.endurance_used is not None:
        return report.endurance_used.current_percent
    used = report.nvme_smart_health_information_log.percentage_used
    return report.scsi_percentage_used_endurance_indicator if used is None else used


def _ratio(percent: int | None) -> float | None:
    return None if percent is None else percent / 100
