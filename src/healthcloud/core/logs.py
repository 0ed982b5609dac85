"""
Structured logs on stderr: one JSON line per event, words for people where stderr is a terminal.

Every value passes the mask (core.masking). A traceback has files, lines and functions, never a local variable, and of
an exception's message neither quoted text nor PostgreSQL's DETAIL: both repeat what was sent.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

from healthcloud.core.masking import masked, masked_text

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|“[^”]*”")
_AFTER_DETAIL = re.compile(r"\n(?:DETAIL|CONTEXT|HINT|QUERY):.*", re.DOTALL)
_SAFE = frozenset(("timestamp", "level", "logger"))
Line = MutableMapping[str, Any]


def set_up_logs(level: str = "INFO", form: str = "auto", stream: TextIO | None = None) -> None:
    """Send this process's log lines, uvicorn's and other libraries' too, to `stream` (stderr) as `form` says."""
    out = stream or sys.stderr
    for_people = form == "console" or (form == "auto" and out.isatty())
    renderer = (
        structlog.dev.ConsoleRenderer(colors=out.isatty())
        if for_people
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    least = logging.getLevelNamesMapping()[level]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            say_exception,
            mask_line,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_Forward()]
    root.setLevel(max(least, logging.INFO))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], name != "uvicorn.access"
    # What uvicorn and httpx write per request names paths; our own access line does not.
    for name in ("httpx", "httpcore", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)


def say_exception(_logger: object, _method: str, line: Line) -> Line:
    """Replace `exc_info` by a traceback without data."""
    found = line.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()[1]
    elif isinstance(found, tuple):
        found = found[1]
    if isinstance(found, BaseException):
        line["exception"] = traceback_of(found)
    return line


def traceback_of(error: BaseException) -> str:
    """Write an exception and its causes: type, places, and its message without what it quotes."""
    parts: list[str] = []
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        places = "".join(
            f"  {frame.filename}:{frame.lineno} {frame.name}\n" for frame in traceback.extract_tb(one.__traceback__)
        )
        message = _QUOTED.sub("'…'", _AFTER_DETAIL.sub("", str(one)))
        parts.append(f"{places}{type(one).__module__}.{type(one).__qualname__}: {masked_text(message)}")
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\ncaused by\n".join(parts)


def mask_line(_logger: object, _method: str, line: Line) -> Line:
    """Mask every value of the line, and every key: it may be a value of somebody's dictionary."""
    return {
        key if key in _SAFE else masked_text(key): value if key in _SAFE else masked(value, key)
        for key, value in line.items()
    }


class _Forward(logging.Handler):
    """Hand other libraries' log records to the same pipeline."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().log(
            record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info or None
        )
