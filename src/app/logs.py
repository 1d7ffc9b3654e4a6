"""One line for each request and each step of a seed: JSON, or plain text on a terminal.

A line never contains values from a request or a row.
"""

import logging.config
import re
import sys
from collections.abc import MutableMapping
from http import HTTPStatus
from time import perf_counter
from traceback import StackSummary, walk_tb
from types import TracebackType
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import structlog
from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

REQUEST_ID_HEADER = "X-Request-ID"
LONGEST_PATH = 200
PROBED = ("/health/", "/metrics")
REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def describe_exception(
    exc_info: tuple[type[BaseException], BaseException, TracebackType | None],
) -> str:
    """Return the types and frames of an exception and of all its causes.

    Messages and variables are left out: PostgreSQL quotes rows, `Key (email)=(ada@example.com)`,
    and variables hold passwords.
    """
    chain = [exc_info[1]]
    for error in chain:  # it grows as causes are found
        causes = [error.__cause__, error.__context__, *getattr(error, "exceptions", ())]
        chain += [cause for cause in causes if cause is not None and cause not in chain]
    return "\n".join(line for error in chain for line in _frames(error))


def _frames(error: BaseException) -> list[str]:
    frames = StackSummary.extract(walk_tb(error.__traceback__), lookup_lines=False)
    return [
        f"{type(error).__module__}.{type(error).__qualname__}",
        *(f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames),
    ]


def _first_line(_logger: object, _method: str, line: MutableMapping[str, Any]) -> Any:
    # asyncio and uvicorn append exceptions, with their messages, to the text.
    line["event"] = line["event"].partition("\n")[0]
    if "Traceback (most recent call last)" in line["event"]:
        raise structlog.DropEvent  # after a failed start, whose reason is in the line before
    return line


COMMON = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.ExceptionRenderer(describe_exception),
)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return a logger that uses the standard library, so it is silent until configured."""
    logger: structlog.stdlib.BoundLogger = structlog.wrap_logger(
        logging.getLogger(name),
        processors=[
            structlog.stdlib.filter_by_level,
            *COMMON,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return logger


log = get_logger(__name__)


def configure_logging(level: int = logging.INFO) -> None:
    """Write the log of this process and its server to stderr, from this level up."""
    renderer = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer()
    )
    line = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [*COMMON, _first_line],
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    }
    stderr = {"class": "logging.StreamHandler", "formatter": "line", "level": level}
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": line},
            "handlers": {"stderr": stderr},
            "root": {"handlers": ["stderr"], "level": logging.WARNING},
            "loggers": {
                "app": {"level": logging.INFO},
                "uvicorn": {"handlers": [], "propagate": True},
                # It would repeat our line, with the query, which may contain tokens.
                "uvicorn.access": {"handlers": [], "propagate": False},
            },
        }
    )


def request_id() -> str:
    """Return the id of the current request."""
    current: str = get_contextvars().get("request_id", "")
    return current


class RequestLog:
    """Sets the id of each request, and logs it when it ends, even if the client disconnects."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            return await self.app(scope, receive, send)
        clear_contextvars()
        bind_contextvars(request_id=_given_id(scope) or uuid4().hex)
        began = perf_counter()
        # Encoded, so that a caller cannot send control characters to a terminal.
        path = quote(scope["path"])[:LONGEST_PATH]
        status = 500  # the status if nothing else was sent

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableScopeHeaders.from_message(message)[REQUEST_ID_HEADER] = request_id()
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        finally:
            # They are requested every few seconds, so only failures are logged.
            if status != HTTPStatus.OK or not path.startswith(PROBED):
                log.info(
                    "request",
                    method=scope["method"],
                    path=path,
                    status=status,
                    duration_ms=round((perf_counter() - began) * 1000, 1),
                )


def _given_id(scope: Scope) -> str | None:
    given = Headers.from_scope(scope).get(REQUEST_ID_HEADER, "")
    return given if REQUEST_ID.fullmatch(given) else None
