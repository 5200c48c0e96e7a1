"""The practice site's files: an ordinary site and contract, with short times so that a visitor need not wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_SITE = """\
# 演练站点：本机回环地址上的真实套接字，虚构的资产。 A practice site: real sockets on loopback, made-up assets.
site = "practice"
name = "演练站点"
timezone = "Asia/Shanghai"
practice = true

[defaults]
interval = "2s"
timeout = "1s"
tries = 1
failing_interval = "1s"

[[channels]]
name = "vendor-engineers"
party = "vendor"
url_file = "vendor.url"

[[assets]]
id = "link-1"
kind = "link"
name = "中兴路光纤"
address = "127.0.0.1"
[[assets.checks]]
probe = "tcp"
name = "reach"
port = {link}
reach = true
severity = "critical"

[[assets]]
id = "platform"
kind = "service"
name = "数字城管平台"
address = "127.0.0.1"
[[assets.checks]]
probe = "http"
name = "page"
url = "http://127.0.0.1:{platform}/"
text = "数字城管"
severity = "critical"
[[assets.checks]]
probe = "tcp"
name = "database"
port = {database}
"""

_CAMERA = """
[[assets]]
id = "cam-{number}"
kind = "camera"
name = "路口摄像机 {number}"
address = "127.0.0.1"
behind = "link-1"
[[assets.checks]]
probe = "tcp"
name = "rtsp"
port = {port}
reach = true
"""

_CONTRACT = """\
# 演练合同。 A practice contract.
contract = "PRACTICE"
title = "演练：数字城市平台运维服务"
timezone = "Asia/Shanghai"
customer = {{ name = "演练甲方" }}
vendor = {{ name = "演练乙方" }}
term = {{ from = {year}-01-01, to = {year}-12-31 }}
fee = {{ total = "904100.00", deduction_cap = "20%" }}

[measurement]
stable_for = "6s"
settle = "3s"
min_coverage = "0%"          # 演练只观测一两分钟，故不设覆盖率下限

[[obligations]]
id = "A1"
clause = "4.1"
kind = "availability"
title = "摄像机在线率"
scope = {{ kind = "camera" }}
target = "98%"
points = "50"
deduct = {{ per = "0.1%", amount = "200", cap = "5000" }}
lose = {{ per = "1%", amount = "1", cap = "20" }}

[[obligations]]
id = "R1"
clause = "5.1"
kind = "repair"
title = "响应时限"
scope = {{ severity = "critical" }}
stage = "respond"
limit = "30s"
clock = "notified"
points = "20"
deduct = {{ per_breach = "100" }}

[[obligations]]
id = "R2"
clause = "5.2"
kind = "repair"
title = "一级故障修复时限"
scope = {{ severity = "critical" }}
stage = "restore"
limit = "5s"
clock = "notified"
points = "30"
deduct = {{ per_started = "10s", amount = "100", cap = "1000" }}
lose = {{ per_breach = "5" }}

[[score.bands]]
from = 90
grade = "优"
pay = "100%"
[[score.bands]]
from = 0
grade = "良"
pay = "95%"
"""


def write_files(folder: Path, ports: Mapping[str, int], year: int) -> None:
    """Write site, contract and channel of a practice with these ports."""
    cameras = sorted(name for name in ports if name.startswith("camera-"))
    site = _SITE.format(**{name: ports[name] for name in ("link", "platform", "database")})
    site += "".join(_CAMERA.format(number=n, port=ports[name]) for n, name in enumerate(cameras, 1))
    (folder / "site.toml").write_text(site, encoding="utf-8")
    (folder / "contract.toml").write_text(_CONTRACT.format(year=year), encoding="utf-8")
    secret = folder / "vendor.url"
    secret.touch(mode=0o600)
    secret.chmod(0o600)
    secret.write_text(f"json://127.0.0.1:{ports['sink']}/\n", encoding="utf-8")
