"""Logs: one JSON object a line on stderr, made of constant events, ids and numbers.

What people ask or say never gets here. Messages of our own are constant; of an exception only the
type and the places in the code are kept, because its message may quote what somebody typed; of
other libraries' messages the template is kept and the values are not.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

from services.logged_failures import failure_fields

Event = MutableMapping[str, Any]


def configure_logging(stream: TextIO | None = None) -> None:
    """Send every log line of this process to a stream (stderr) as JSON."""
    out = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=False),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = _LibraryMessages()
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.WARNING)
    for name in ("sanic.root", "sanic.error", "sanic.access", "sanic.server", "sanic.websockets"):
        logger = logging.getLogger(name)
        logger.handlers = []
        logger.propagate = True
        logger.setLevel(logging.WARNING)


class _LibraryMessages(logging.Handler):
    """Passes on what libraries log, without the values they put into their messages."""

    def emit(self, record: logging.LogRecord) -> None:
        fields: dict[str, Any] = {"logger": record.name}
        if record.exc_info and record.exc_info[1] is not None:
            fields |= failure_fields(record.exc_info[1])
        template = record.msg if isinstance(record.msg, str) and record.args else "library message"
        structlog.get_logger().log(record.levelno, template, **fields)
