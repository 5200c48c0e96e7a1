"""A temporary directory for each run of the tests, for children too; what a test leaves in it makes the run fail.

pytest's own folders lie in it, are emptied behind each test that passes, and go with it at the end. `KEEP_RUN_FOLDER=1`
leaves it where it is, to look into.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_KEY = pytest.StashKey[Path]()
_FOLDERS_OF_PYTEST = "p"


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Begin the run's folder; its name is short, as sockets lie in it, and others than we may look into it."""
    if hasattr(config, "workerinput") or config.option.basetemp is not None:
        return
    folder = Path(tempfile.mkdtemp(prefix="sla-"))
    folder.chmod(0o711)
    config.stash[_KEY] = folder
    config.option.basetemp = str(folder / _FOLDERS_OF_PYTEST)
    os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = None  # asked for anew


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_sessionfinish(session: pytest.Session):
    """Once all workers have ended: whether anything is left."""
    yield
    folder = session.config.stash.get(_KEY, None)
    if folder is None:
        return
    left = sorted(each.name for each in folder.iterdir() if each.name != _FOLDERS_OF_PYTEST)
    if left and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    if left:
        report = session.config.pluginmanager.get_plugin("terminalreporter")
        report.write_line(f"left in the temporary directory: {', '.join(left)}", red=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the run's folder."""
    folder = config.stash.get(_KEY, None)
    if folder is not None and not os.environ.get("KEEP_RUN_FOLDER"):
        shutil.rmtree(folder, ignore_errors=True)
