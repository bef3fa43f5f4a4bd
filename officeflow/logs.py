"""Structured logging to stderr."""

from __future__ import annotations

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

# Addresses of invitations, password resets and the set-up, which hold a secret until it is used.
SECRET_LINK = re.compile(r"(/(?:password/new/[^/\s]+|invitation|set-up)/)[^/\s\"'?]+")

_key_value = structlog.processors.KeyValueRenderer(key_order=["event"], drop_missing=True)


def _readable(logger: Any, name: str, event: MutableMapping[str, Any]) -> str:
    """Returns an event as `key=value`, with the lines of a traceback beneath it."""
    lines = event.pop("exception", "")
    first = _key_value(logger, name, event)
    return f"{first}\n{lines}" if lines else first


def hide_secret_links(
    logger: Any, name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Returns an event without the secrets of links, which may not have been used yet."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = SECRET_LINK.sub(r"\1…", value)
    return event


class RefusedRequests(logging.Filter):
    """Makes a warning of one line of a request that Django refuses, such as for another host.

    Anybody can send such requests, and nothing is wrong in the office.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Changes the record; always returns True."""
        if record.name.startswith("django.security."):
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.exc_info = record.exc_text = None
        return True


def logging_config(level: str, *, as_json: bool) -> dict[str, Any]:
    """Configures structlog and returns Django's `LOGGING`, as JSON or as `key=value` lines."""
    structlog.configure(
        processors=[
            *SHARED_PROCESSORS,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer = structlog.processors.JSONRenderer() if as_json else _readable
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    hide_secret_links,
                    renderer,
                ],
                # Also for errors of Django and Celery: without it a traceback is an address.
                "foreign_pre_chain": [
                    *SHARED_PROCESSORS,
                    structlog.processors.format_exc_info,
                ],
            }
        },
        "filters": {"refused": {"()": RefusedRequests}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["refused"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "celery.utils.functional": {"level": "WARNING"},
            "axes": {"level": "WARNING"},
            # Logs every table that a document's font leaves out.
            "fontTools": {"level": "WARNING"},
            "django.request": {"level": "ERROR"},
            "waitress": {"level": "WARNING"},
            # Warns of each request that waits for a thread.
            "waitress.queue": {"level": "ERROR"},
        },
    }
