"""The server's log: it tells where a fault occurred, but not with which values, as they might be secrets."""

from __future__ import annotations

import logging
import traceback

FAULTS = logging.getLogger("reference_server")
_UVICORN = logging.getLogger("uvicorn.error")


class _WithoutValues(logging.Filter):
    """Leaves of an exception its type and the lines of code that led to it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[0]:
            kind, _, frames = record.exc_info
            record.msg = f"{record.getMessage().strip()}: {kind.__name__}\n{''.join(traceback.format_tb(frames))}"
            record.args, record.exc_info, record.exc_text = (), None, None
        return True


_WITHOUT_VALUES = _WithoutValues()


def keep_values_out() -> None:
    """Let neither this server's log nor uvicorn's tell values."""
    for log in (FAULTS, _UVICORN):
        log.addFilter(_WITHOUT_VALUES)
