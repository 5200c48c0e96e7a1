"""`sla-agent run` in the test's own process, so that what it does can be measured and broken from inside."""

from __future__ import annotations

import gc
import logging
import os
import signal
import threading
import time
from typing import TYPE_CHECKING

from agent.__main__ import main
from agent.control_socket import NoAgentError, ask
from tests.support.patience import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def run_inside(place: Path, during: Callable[[], None], *, contract: bool = True) -> int:
    """Run the agent of `place` in this thread while `during` runs in another; SIGTERM then, and its exit code.

    What `during` raises is raised here. Logging and the collector are put back as they were.
    """
    words = ["run", "--site", str(place / "site.toml"), "--state", str(place / "state"), "--lang", "en"]
    words += ["--contract", str(place / "contract.toml")] if contract else []
    errors: list[BaseException] = []
    has_ended = threading.Event()

    def accompany() -> None:
        try:
            _wait_for(place / "state", has_ended)
            during()
        except BaseException as error:  # noqa: BLE001 - raised again in the test's own thread
            errors.append(error)
        finally:
            if not has_ended.is_set():
                os.kill(os.getpid(), signal.SIGTERM)

    companion = threading.Thread(target=accompany)
    before = (gc.get_threshold(), logging.root.handlers[:], logging.root.level)
    companion.start()
    try:
        code = main(words)
    finally:
        has_ended.set()
        companion.join()
        gc.unfreeze()
        gc.set_threshold(*before[0])
        logging.root.handlers[:], logging.root.level = before[1], before[2]
    if errors:
        raise errors[0]
    return code


def _wait_for(state: Path, has_ended: threading.Event) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and not has_ended.is_set():
        try:
            ask(state, {"ask": "status"})
        except (OSError, NoAgentError):
            time.sleep(0.05)
        else:
            return
    msg = "the agent never answered"
    raise AssertionError(msg)
