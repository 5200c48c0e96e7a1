"""What the `smart` kind makes of smartctl's replies: recorded ones, and those of failing disks made from them."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from probes.faults import OwnFaultError
from probes.kinds.smart import Options, verdict
from probes.machine.smart_report import metrics, read
from tests.support.replies.smart import ata_tested, ata_with, attribute, nvme_with, recorded, scsi_with, text_of

DISKS = {"ATA": "/dev/sda", "NVMe": "/dev/nvme0", "SCSI": "/dev/sdb"}
SHORT, EXTENDED, EXTENDED_CAPTIVE = 1, 2, 0x82
PASSED, ABORTED, READ_FAILURE, IN_PROGRESS = 0, 1, 7, 15


def judged(reply, **options):
    disk = options.pop("disk", None) or DISKS[reply["device"]["protocol"]]
    return verdict(read(text_of(reply)), Options(disk=disk, **options))


def reason(reply, **options) -> str:
    return judged(reply, **options).reason


def own_fault(reply, **options) -> str:
    with pytest.raises(OwnFaultError) as raised:
        judged(reply, **options)
    return raised.value.reason


@pytest.mark.parametrize("name", ["ata", "ata_selftested", "nvme"])
def test_a_disk_that_says_it_is_well_is_ok(name):
    assert judged(recorded(name)).outcome == "ok"


def test_an_ata_disk_tells_what_it_counts():
    assert metrics(read(text_of(recorded("ata")))) == {"temperature_c": 31, "power_on_s": 3600, "reallocated": 0}


def test_an_nvme_disk_tells_its_wear_and_its_spare():
    seen = metrics(read(text_of(nvme_with(percentage_used=104, available_spare=97, media_errors=3))))
    wanted = {"temperature_c": 50, "power_on_s": 0, "used_ratio": 1.04, "spare_ratio": 0.97, "media_errors": 3}
    assert seen == wanted


def test_a_scsi_disk_tells_its_defects_and_what_was_not_corrected():
    errors = {"read": {"total_uncorrected_errors": 1}, "write": {"total_uncorrected_errors": 535}}
    reply = scsi_with(
        scsi_grown_defect_list=260, scsi_error_counter_log=errors, endurance_used={"current_percent": 7}
    )
    seen = metrics(read(text_of(reply)))
    assert (seen["reallocated"], seen["uncorrectable"], seen["used_ratio"]) == (260, 536, 0.07)


def test_the_first_figure_of_a_packed_raw_value_counts():
    seen = judged(ata_with(attribute(5, "Reallocated_Sector_Ct", "8 (0 3)"))).metrics
    assert seen["reallocated"] == 8


def test_an_attribute_that_a_maker_uses_for_something_else_is_not_counted():
    assert "pending" in judged(ata_with(attribute(197, "Current_Pending_Sector", "2"))).metrics
    assert "pending" not in judged(ata_with(attribute(197, "Not_In_Use", "2"))).metrics


def test_a_disk_whose_overall_health_has_failed_fails():
    reply = ata_with(status=0b1000) | {"smart_status": {"passed": False}}
    assert reason(reply) == "disk is failing"


def test_the_attributes_that_make_a_disk_fail_are_named():
    low = attribute(5, "Reallocated_Sector_Ct", "1988", when_failed="now", prefailure=True)
    reply = ata_with(low, status=0b11000) | {"smart_status": {"passed": False}}
    assert reason(reply) == "disk is failing: Reallocated_Sector_Ct"


def test_an_attribute_below_its_threshold_fails_even_where_the_disk_says_it_is_well():
    low = attribute(1, "Raw_Read_Error_Rate", "9", when_failed="now", prefailure=True)
    assert reason(ata_with(low, status=0b10000)) == "disk attribute below its threshold: Raw_Read_Error_Rate"


@pytest.mark.parametrize(
    "harmless",
    [
        attribute(1, "Raw_Read_Error_Rate", "9", when_failed="past", prefailure=True),
        attribute(190, "Airflow_Temperature_Cel", "51", when_failed="now", prefailure=False),
    ],
)
def test_an_attribute_that_was_low_once_or_announces_nothing_is_no_fault(harmless):
    assert judged(ata_with(harmless, status=0b100000)).outcome == "ok"


@pytest.mark.parametrize(
    ("bit", "outcome", "words"),
    [
        (0, "none", "disk could not be asked: smartctl ended with 1"),
        (1, "none", "disk could not be asked: smartctl ended with 2"),
        (2, "ok", ""),
        (3, "fail", "disk is failing"),
        (4, "fail", "disk attribute below its threshold"),
        (5, "ok", ""),
        (6, "ok", ""),
        (7, "ok", ""),
    ],
)
def test_each_bit_of_smartctl_s_status_means_what_its_manual_says(bit, outcome, words):
    """Bits 5 and 6 are the past; bit 7 is judged by the log itself, bit 2 by what is missing for it."""
    reply = ata_with(status=1 << bit)
    if outcome == "none":
        assert own_fault(reply) == words
    else:
        seen = judged(reply)
        assert (seen.outcome, seen.reason) == (outcome, words)


def test_an_nvme_disk_that_warns_fails_and_says_of_what():
    assert reason(recorded("nvme_warning"), disk="/dev/nvme1") == "disk warns: reliability degraded"
    assert reason(nvme_with(critical_warning=0b101, status=8)) == (
        "disk warns: spare below threshold, reliability degraded"
    )
    assert reason(nvme_with(critical_warning=0b10001010)) == (
        "disk warns: temperature beyond threshold, media read only, bit 7"
    )


def test_spare_below_the_drive_s_own_threshold_fails_without_a_limit():
    assert reason(nvme_with(available_spare=9, available_spare_threshold=10)) == (
        "disk spare below its limit: below the drive's own threshold"
    )
    assert judged(nvme_with(available_spare=10, available_spare_threshold=10)).outcome == "ok"


@pytest.mark.parametrize(
    ("tests", "wanted"),
    [
        ([(EXTENDED, READ_FAILURE, "read failure")], "disk self-test failed: Kind 2: read failure"),
        ([(EXTENDED_CAPTIVE, READ_FAILURE, "bad")], "disk self-test failed: Kind 130: bad"),
        ([(SHORT, PASSED, ""), (EXTENDED, READ_FAILURE, "bad")], "disk self-test failed: Kind 2: bad"),
        ([(EXTENDED, ABORTED, ""), (EXTENDED, READ_FAILURE, "bad")], "disk self-test failed: Kind 2: bad"),
        ([(EXTENDED, IN_PROGRESS, ""), (EXTENDED, READ_FAILURE, "bad")], "disk self-test failed: Kind 2: bad"),
        ([(SHORT, READ_FAILURE, "bad"), (EXTENDED, PASSED, "")], "disk self-test failed: Kind 1: bad"),
        ([(EXTENDED, PASSED, ""), (EXTENDED, READ_FAILURE, "bad")], ""),
        ([(EXTENDED, PASSED, ""), (SHORT, READ_FAILURE, "bad")], ""),
        ([(EXTENDED, ABORTED, "")], ""),
        ([], ""),
    ],
)
def test_a_failed_self_test_counts_until_a_later_extended_one_goes_well(tests, wanted):
    assert reason(ata_tested(*tests)) == wanted


def test_a_failed_self_test_of_an_nvme_disk_fails():
    failed = {
        "self_test_code": {"value": 2, "string": "Extended"},
        "self_test_result": {"value": 7, "string": "segments"},
    }
    reply = nvme_with() | {"nvme_self_test_log": {"table": [None, failed]}}
    assert reason(reply) == "disk self-test failed: Extended: segments"
    failed["self_test_result"]["value"] = 1
    assert judged(reply).outcome == "ok"


def test_a_failed_self_test_of_a_scsi_disk_fails():
    failed = {"code": {"value": 2, "string": "Background long"}, "result": {"value": 5, "string": "first segment"}}
    well = {"code": {"value": 6, "string": "Foreground long"}, "result": {"value": 0, "string": "Completed"}}
    assert reason(scsi_with(scsi_self_test_1=failed)) == "disk self-test failed: Background long: first segment"
    assert judged(scsi_with(scsi_self_test_0=well, scsi_self_test_1=failed)).outcome == "ok"


@pytest.mark.parametrize(
    ("reply", "limit", "at", "beyond", "words"),
    [
        (recorded("ata"), "max_temperature", 31, 30.5, "temperature above its limit"),
        (nvme_with(percentage_used=80), "max_used", "80%", "79%", "disk wear above its limit"),
        (nvme_with(available_spare=50), "min_spare", "50%", "51%", "disk spare below its limit"),
        (
            ata_with(attribute(5, "Reallocated_Sector_Ct", "8")),
            "max_reallocated",
            8,
            7,
            "reallocated sectors above their limit",
        ),
        (
            ata_with(attribute(197, "Current_Pending_Sector", "1")),
            "max_pending",
            1,
            0,
            "pending sectors above their limit",
        ),
        (
            ata_with(attribute(198, "Offline_Uncorrectable", "1")),
            "max_uncorrectable",
            1,
            0,
            "uncorrectable sectors above their limit",
        ),
    ],
)
def test_a_value_at_its_limit_is_well_and_beyond_it_fails(reply, limit, at, beyond, words):
    assert judged(reply, **{limit: at}).outcome == "ok"
    assert reason(reply, **{limit: beyond}) == words


def test_a_limit_for_what_the_disk_does_not_tell_is_no_health():
    assert own_fault(recorded("ata"), max_used="90%", max_pending=0) == (
        "does not tell what a limit is for: pending, used_ratio"
    )


def test_a_fault_is_told_even_where_another_limit_cannot_be_held():
    assert reason(recorded("ata"), max_used="90%", max_temperature=20) == "temperature above its limit"


def test_the_metrics_come_with_the_fault():
    assert judged(recorded("nvme_warning"), disk="/dev/nvme1").metrics["temperature_c"] == 50


@pytest.mark.parametrize(
    ("name", "disk", "words"),
    [
        ("virtio", "/dev/vda", "disk could not be asked: /dev/vda: Unable to detect device type"),
        ("missing", "/dev/sdz", "disk could not be asked: Smartctl open device: /dev/sdz failed: No such device"),
        ("no_right", "/dev/sda", "disk could not be asked: Smartctl open device: /dev/sda failed: Permission denied"),
        (
            "no_controller",
            "/dev/sda",
            "disk could not be asked: Smartctl open device: /dev/sda [megaraid_disk_00] failed: cannot open /dev/megaraid_sas_ioctl_node or /dev/megadev0",
        ),
        ("scsi_without_smart", "/dev/sdb", "disk tells nothing of its health: it has no SMART"),
        ("ata_smart_off", "/dev/sda", "disk tells nothing of its health: smartctl ended with 4"),
    ],
)
def test_a_disk_that_cannot_be_asked_is_not_judged(name, disk, words):
    assert own_fault(recorded(name), disk=disk) == words


def test_a_sleeping_disk_is_not_judged():
    reply = recorded("missing")
    message = {"string": "Device is in STANDBY mode, exit(2)", "severity": "information"}
    reply["smartctl"] |= {"messages": [message], "exit_status": 2}
    assert own_fault(reply, disk="/dev/sdz") == "disk could not be asked: Device is in STANDBY mode, exit(2)"


def test_a_report_about_another_disk_is_not_judged():
    assert own_fault(recorded("nvme_warning"), disk="/dev/nvme0").startswith(
        "disk could not be asked: the report is about: --json=c"
    )


def test_a_report_about_another_disk_of_the_controller_is_not_judged():
    reply = recorded("ata")
    reply["smartctl"]["argv"] = ["smartctl", "--device=megaraid,1", "--", "/dev/bus/0"]
    assert judged(reply, disk="/dev/bus/0", type="megaraid,1").outcome == "ok"
    assert own_fault(reply, disk="/dev/bus/0", type="megaraid,2").startswith("disk could not be asked: the report")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "EOF while parsing"),
        (text_of(recorded("ata"))[:1500], "EOF while parsing"),
        (b"smartctl 6.6 2017-11-05 r4594", "expected value"),
        (b"{}", "smartctl"),
        (b"[]", ""),
        (b"null", ""),
        (b"\xff\xfe", ""),
        (b'{"smartctl":{"argv":[],"exit_status":NaN}}', ""),
        (b'{"smartctl":{"argv":[],"exit_status":256}}', "smartctl.exit_status"),
        (b'{"smartctl":{"argv":[],"exit_status":' + b"9" * 10_000 + b"}}", ""),
        (b"[" * 100_000, "nested too deep"),
        (b'{"smartctl":' * 33 + b"1" + b"}" * 33, "nested too deep"),
        (b"{" * 100_000 + b"]" * 100_000, "nested too deep"),
    ],
)
def test_what_is_no_report_is_not_judged(text, words):
    with pytest.raises(OwnFaultError) as raised:
        read(text)
    assert raised.value.reason.startswith("disk could not be asked: ")
    assert words in raised.value.reason
    assert len(raised.value.reason) < 300


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("smart_status", {"passed": "yes"}),
        ("smart_status", 1),
        ("temperature", {"current": 1 << 200}),
        ("temperature", {"current": 1e308}),
        ("power_on_time", {"hours": -1}),
        ("power_on_time", {"hours": 10**400}),
        ("ata_smart_attributes", {"table": [{}]}),
        ("ata_smart_self_test_log", {"standard": {"table": [None]}}),
        ("nvme_smart_health_information_log", {"critical_warning": 256}),
        ("scsi_self_test_3", "failed"),
        ("scsi_error_counter_log", {"read": {}}),
    ],
)
def test_a_value_that_smartctl_would_not_write_makes_no_reading(key, value):
    with pytest.raises(OwnFaultError, match="no JSON of smartctl"):
        read(text_of(recorded("ata") | {key: value}))


def test_counters_of_128_bits_are_read():
    assert judged(nvme_with(media_errors=(1 << 128) - 1)).metrics["media_errors"] == float((1 << 128) - 1)


def test_what_a_disk_says_is_shown_as_one_harmless_line():
    low = attribute(5, "Re\x1b[31mallo\u202ec\n" + "x" * 5000, "1", when_failed="now", prefailure=True)
    said = reason(ata_with(low, status=16))
    assert said.startswith("disk attribute below its threshold: Re [31mallo c x")
    assert len(said) < 300


@pytest.mark.parametrize(
    "disk",
    [
        "/dev/sda",
        "/dev/nvme0n1",
        "/dev/bus/0",
        "/dev/disk/by-id/ata-WDC_WD20EFRX-68EUZN0_WD-X+1",
        "/dev/disk/by-path/pci-0000:00:1f.2-ata-1",
    ],
)
def test_a_disk_is_a_path_below_dev(disk):
    assert Options(disk=disk).disk == disk


@pytest.mark.parametrize(
    "disk",
    [
        "",
        "sda",
        "-s",
        "--smart=off",
        "/etc/passwd",
        "/dev/",
        "/dev/../etc/passwd",
        "/dev/-x",
        "/dev/sda\n",
        "/dev/sda -s off",
        "/dev//sda",
        "/dev/sd[ab]",
        "/dev/" + "a" * 200,
    ],
)
def test_a_disk_cannot_be_an_option_or_another_file(disk):
    with pytest.raises(ValidationError):
        Options(disk=disk)


@pytest.mark.parametrize(
    "device",
    ["sat", "sat,auto", "nvme", "nvme,0x1", "megaraid,0", "sat+megaraid,12", "areca,1/2", "aacraid,0,0,2", "cciss,0"],
)
def test_a_type_is_one_of_smartctl_s(device):
    assert Options(disk="/dev/sda", type=device).type == device


@pytest.mark.parametrize(
    "device",
    [
        "",
        "-d",
        "megaraid",
        "megaraid,0 -s off",
        "test",
        "jmb39x,0,force",
        "usbcypress,0x24",
        "sat\n",
        "megaraid,0,0,0,0",
    ],
)
def test_a_type_cannot_be_an_option_nor_one_that_writes_to_the_disk(device):
    with pytest.raises(ValidationError):
        Options(disk="/dev/sda", type=device)
