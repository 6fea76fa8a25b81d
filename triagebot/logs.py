"""The log: one JSON object a line on stderr, other libraries' words included, tokens never."""

from __future__ import annotations

import logging
import re
import sys

import structlog
from structlog.typing import EventDict

from triagebot.redaction import redact

# Addresses of interactions and webhooks carry a token that speaks for the bot.
_ADDRESSED = re.compile(r"((?:interactions|webhooks)/\d{1,20}/)[^/\s?'\"]{1,300}")

# Where a record holds what a library, a server or a stranger said: the reason that was given, and a traceback.
_OTHERS = frozenset({"why", "exception"})


def set_up_logs(level: str) -> None:
    """Log one JSON object a line to stderr, from `level` on, and what libraries warn of as well."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            _told_safely,
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.lastResort = Relay()


def _told_safely(_logger: object, _method: str, record: EventDict) -> EventDict:
    """Take tokens out of what others said; everything else in a record is our own words, names and numbers."""
    for name in _OTHERS & record.keys():
        record[name] = without_tokens(str(record[name]))
    return record


def without_tokens(text: str) -> str:
    """Return a line for the log without secrets and without the tokens that addresses carry."""
    return redact(_ADDRESSED.sub(r"\1[redacted]", text))


class Relay(logging.Handler):
    """Passes a library's warnings on to our log, without tracebacks and without tokens.

    Nothing below a warning is ever passed on: details of requests hold what people wrote and what opens doors.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        """Log one line."""
        error = record.exc_info[1] if record.exc_info else None
        told = {"why": without_tokens(f"{type(error).__name__}: {error}")} if error else {}
        line = without_tokens(record.getMessage().partition("\n")[0])
        structlog.get_logger().warning(line, library=record.name, **told)


def relay(library: str) -> None:
    """Let a library's warnings come into our log, once."""
    logger = logging.getLogger(library)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    logger.handlers = [Relay()]
