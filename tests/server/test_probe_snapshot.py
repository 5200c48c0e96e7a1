"""The `snapshot` kind against nginx, and against cameras that send something else."""

from __future__ import annotations

import io
import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from agent.__main__ import main
from probes.kinds.snapshot import Options, probe
from probes.registry import PROBES
from tests.support.patience import PATIENCE_S
from tests.support.ports import free_port
from tests.support.servers.daemons import accepts, daemon
from tests.support.servers.stranger import answering, endless, silent, stranger

if TYPE_CHECKING:
    from pathlib import Path


def picture(kind: str = "scene") -> bytes:
    made = io.BytesIO()
    grid = np.random.default_rng(6 if kind == "other" else 5).integers(0, 255, (18, 32, 3), dtype=np.uint8)
    pictures = {
        "scene": Image.fromarray(grid),
        "black": Image.new("RGB", (32, 18)),
        "bright": Image.new("RGB", (32, 18), "white"),
    }
    pictures.get(kind, pictures["scene"]).resize((1280, 720)).save(made, "JPEG")
    return made.getvalue()


def page(body: bytes, status: bytes = b"200 OK"):
    return answering(
        b"HTTP/1.1 %s\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % (status, len(body)), body
    )


async def seen_by(handle, *, timeout_s: float = PATIENCE_S, **options: object):
    async with stranger(handle) as port:
        return await probe(f"http://127.0.0.1:{port}/snap.jpg", Options(**options), timeout_s=timeout_s)


@contextmanager
def nginx(folder: Path):
    """An nginx that serves a folder, with a picture in it; yields its port."""
    port = free_port()
    (folder / "snap.jpg").write_bytes(picture())
    folder.chmod(0o755)
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{each}_temp_path {folder}/{each};" for each in names)
    site = f"server {{ listen 127.0.0.1:{port}; root {folder}; }}"
    user = "user root; " if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}pid {folder}/pid; error_log stderr; events {{}} http {{ access_log off; {places} {site} }}"
    )
    command = ["nginx", "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    with daemon(command, folder / "log", accepts(port)):
        yield port


@pytest.mark.needs("nginx")
async def test_a_picture_of_a_real_server_is_ok(tmp_path):
    with nginx(tmp_path) as port:
        seen = await probe(f"http://127.0.0.1:{port}/snap.jpg", Options(), timeout_s=PATIENCE_S)
        gone = await probe(f"http://127.0.0.1:{port}/gone.jpg", Options(), timeout_s=PATIENCE_S)
    assert (seen.outcome, seen.reason) == ("ok", "")
    assert set(seen.metrics) == set(PROBES["snapshot"].metrics) - {"lost_ratio", "likeness_ratio"}
    assert (gone.outcome, gone.reason) == ("fail", "path not found: 404")


@pytest.mark.needs("nginx")
def test_a_baseline_is_kept_by_hand_and_the_next_look_compared_with_it(tmp_path, capsys):
    usual = tmp_path / "cam-1.json"
    with nginx(tmp_path) as port:
        url = f"http://127.0.0.1:{port}/snap.jpg"
        assert main(["baseline", str(usual), "day", "snapshot", url, "--timeout", "300s"]) == 0
        assert main(["baseline", str(usual), "night", "tcp", url, "--lang", "en"]) == 2
        (tmp_path / "snap.jpg").write_bytes(picture("black"))
        assert main(["baseline", str(usual), "night", "snapshot", url, "--timeout", "300s", "--lang", "en"]) == 2
        assert "picture black: no usual picture" in capsys.readouterr().err
        (tmp_path / "snap.jpg").write_bytes(picture("other"))
        assert main(["probe", "snapshot", url, "--set", f"baseline_file={usual}", "--timeout", "300s"]) == 0
    assert json.loads(capsys.readouterr().out)["reason_zh"] == "场景变更"


@pytest.mark.parametrize(("kind", "reason"), [("black", "picture black"), ("bright", "picture over-bright")])
async def test_a_picture_that_shows_nothing_fails(kind, reason):
    assert (await seen_by(page(picture(kind)))).reason == reason


async def test_the_same_picture_twice_is_frozen():
    assert (await seen_by(page(picture()), again="10ms")).reason == "picture frozen"
    assert (await seen_by(page(picture()))).outcome == "ok"


async def test_a_second_picture_that_does_not_fit_is_not_taken_earlier_and_frozen_not_told():
    assert (await seen_by(page(picture()), again=f"{PATIENCE_S:.0f}s")).outcome == "ok"
    assert (await seen_by(page(picture("black")), again=f"{PATIENCE_S:.0f}s")).reason == "picture black"


@pytest.mark.parametrize(
    ("keys", "timeout_ms", "wrong"),
    [
        ({}, 1, "None"),
        ({"again": "2s"}, 5_000, "None"),
        ({"again": "2s"}, 2_000, "timeout 2000 ms with again 2000 ms, which wants 5000 ms"),
    ],
)
def test_a_site_file_is_refused_whose_time_out_leaves_nothing_beside_the_second_picture(keys, timeout_ms, wrong):
    assert str(Options(**keys).misfit("http://10.1.3.11/snap.jpg", timeout_ms)) == wrong
    assert "URL without a login" in str(Options(**keys).misfit("10.1.3.11", timeout_ms))


@pytest.mark.parametrize(
    ("handle", "reason"),
    [
        (page(b"<html>log in"), "answer not understood: no JPEG"),
        (page(picture()[:900]), "answer not understood: the picture"),
        (page(b"", b"503 Busy"), "overloaded: 503"),
        (page(b"", b"500 Oops"), "unexpected status: 500"),
        (endless(b"HTTP/1.1 200 OK\r\n\r\n", b"\xff\xd8\xff" * 20_000), "answer"),
        (silent, "answer not complete in time"),
    ],
    ids=["a page", "half a picture", "busy", "broken", "b2: endless", "b1: silent"],
)
async def test_what_is_no_picture_is_the_cameras_fault(handle, reason):
    seen = await seen_by(handle, timeout_s=1 if handle is silent else PATIENCE_S)
    assert (seen.outcome, seen.reason[: len(reason)]) == ("fail", reason)


async def test_a_login_that_is_wanted_is_none(tmp_path):
    locked = answering(
        b'HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm="x", nonce="y"\r\nContent-Length: 0\r\n\r\n'
    )
    (tmp_path / "secret").write_text("x")
    without = await seen_by(locked)
    wrong = await seen_by(locked, user="admin", password_file=str(tmp_path / "secret"))
    assert (without.outcome, without.reason) == ("none", "a login is wanted, and none is set")
    assert (wrong.outcome, wrong.reason) == ("none", "login refused: 401")
