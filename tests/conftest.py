"""What all tests share: a folder for each run, the `needs` and `simulated_time` markers, and Hypothesis without a database or a clock."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.support.run_folder import pytest_configure, pytest_sessionfinish, pytest_unconfigure
from tests.support.simulated_time import loops

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping

__all__ = ["pytest_configure", "pytest_sessionfinish", "pytest_unconfigure"]  # hooks of the run's folder

settings.register_profile(
    "project",
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("project")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave `faults` and `long` tests out unless they are asked for with `-m`."""
    if config.option.markexpr:
        return
    left_out = [item for item in items if item.get_closest_marker("faults") or item.get_closest_marker("long")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, type[asyncio.AbstractEventLoop]]:
    """Real time, or one that jumps over all waiting, where a test is marked so."""
    return loops(is_simulated=item.get_closest_marker("simulated_time") is not None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose commands or rights are missing; in CI that is a failure."""
    for marker in item.iter_markers("needs"):
        missing = [need for need in marker.args if not _is_there(need)]
        if missing:
            reason = f"needs {', '.join(missing)} (tests/debian-packages.txt)"
            if os.environ.get("CI"):
                pytest.fail(reason + "; in CI a skip is a failure", pytrace=False)
            pytest.skip(reason)


def _is_there(need: str) -> bool:
    return os.geteuid() == 0 if need == "root" else shutil.which(need) is not None
