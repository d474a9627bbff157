"""Structured logs: one line an event, with the request's id. Readable on a terminal, JSON in production."""

from __future__ import annotations

import logging.config
from typing import Any

import structlog
from structlog.typing import EventDict, Processor


def configure(options: dict[str, Any]) -> None:
    """Set up logging; called by Django with `settings.LOGGING` (`level`, `json`)."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    final = structlog.processors.JSONRenderer() if options["json"] else structlog.dev.ConsoleRenderer(colors=False)
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "structured": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        _without_traces_of_refusals,
                        structlog.processors.format_exc_info,
                        final,
                    ],
                }
            },
            "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
            "root": {"handlers": ["console"], "level": options["level"]},
            "loggers": {
                "django.server": {"level": "WARNING"},
                "axes": {"level": "WARNING"},
                "waitress.queue": {"level": "ERROR"},  # else a line for each request that waits
            },
        }
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _without_traces_of_refusals(logger: Any, name: str, event: EventDict) -> EventDict:
    """A traceback is for a failure of ours. Django hands one over with each request that is refused too, and strangers
    could fill the log with them."""
    if event.get("level") not in {"error", "critical"}:
        event.pop("exc_info", None)
    return event
