"""The lines of the log: one a change of state, and nothing that a name or a device says can make it two."""

from __future__ import annotations

import logging
import sys

from config.text.outside import visible


class LineFormatter(logging.Formatter):
    """Level, logger, message, with codes for what does not show in the message. Tracebacks keep their lines."""

    def __init__(self) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The line before a traceback, if there is one."""
        record.message = visible(record.message)
        return super().formatMessage(record)


def log_to_stderr() -> None:
    """Log from INFO on; systemd adds the time."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
