"""Logs: one JSON object a line in production, readable lines in the demo. What must not be written
down is masked on the way.

Settings name `configure` as LOGGING_CONFIG, so Django, Celery and gunicorn all pass here. A line
says when (UTC), where (`logger`), what (`event`) and to which request or task it belongs
(`request`, `task`).
"""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

MASK = "[masked]"
SECRET = frozenset(
    [
        "authorization",
        "password",
        "passwd",
        "pin",
        "apikey",
        "api_key",
        "token",
        "secret",
        "secret_key",
        "field_keys",
        "cookie",
        "set-cookie",
        "sessionid",
        "csrftoken",
        "csrfmiddlewaretoken",
        "text",
        "body",
        "digest",
        "dsn",
    ]
)
# The same words inside a sentence: `password=...`, `"apikey": "..."`, `Authorization: Bearer ...`;
# a quoted value to its quote.
IN_WORDS = re.compile(
    r"""(?ix) \b (authorization|passw(?:or)?d|pin|api_?key|secret|token|text) \b"""
    r""" (["']? \s* [:=] \s*)"""
    r"""( "[^"]*" | '[^']*' | (?:bearer\s+|basic\s+)? [^\s"',;&}\])]+ )"""
)
BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}")
# addresses whose last part is a secret
LINK = re.compile(r"(/(?:connect|invitations|recover|calendar)/)[\w~.-]{16,}")
USERINFO = re.compile(r"(?i)\b([a-z][a-z0-9+]*://)[^\s/@]*@")


def configure(options: Mapping[str, Any]) -> None:
    """Set up logging for this process.

    `options`: level (a name), console (readable, not JSON), sentry (a DSN or "").
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        mask,
    ]
    end: Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if options["console"]
        else structlog.processors.JSONRenderer(default=str)
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, end],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(no_request)
    handler.addFilter(no_strangers_words)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(options["level"])
    quiet()
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *[step for step in shared if not isinstance(step, structlog.stdlib.ExtraAdder)],
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    if options["sentry"]:
        report_errors(options["sentry"])


def quiet() -> None:
    """Hand every library's lines to the one handler, and drop what our own line a request already
    says.
    """
    for name in ("django", "django.server", "celery", "celery.task", "celery.redirected"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    logging.getLogger("django.request").addFilter(traces_only)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a line a request under load
    logging.getLogger("urllib3").setLevel(logging.INFO)  # its debug lines name full addresses


def traces_only(record: logging.LogRecord) -> bool:
    """Django's line about a bad answer repeats ours, with the query that ours leaves out; its trace
    is worth having.
    """
    return bool(record.exc_info and record.exc_info[0])


def no_request(record: logging.LogRecord) -> bool:
    """Django hands the whole request along, whose printed form has the query; `request` is our word
    for its id.
    """
    record.__dict__.pop("request", None)
    return True


def no_strangers_words(record: logging.LogRecord) -> bool:
    """Django quotes the header that it refuses, and waitress the path of a reader who left. What is
    wrong is in the logger's name or before the path; what a stranger wrote stays out of the log.
    """
    if record.name.startswith("django.security"):
        record.msg, record.args, record.exc_info = "A request was refused.", (), None
    elif record.name == "waitress":
        record.msg = str(record.msg).partition(" while serving ")[0]
    return True


def mask(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Mask what must never be written down, by its name or by its shape; and line breaks that would
    forge a line.
    """
    return {name: cleaned(name, value) for name, value in event.items()}


def cleaned(name: str, value: Any) -> Any:
    if name.lower().replace("-", "_") in SECRET or name.lower() in SECRET:
        return MASK
    match value:
        case str():
            kept = value if name == "exception" else value.replace("\r", " ").replace("\n", " ")
            return masked(kept)
        case bytes():
            return MASK
        case Mapping():
            return {key: cleaned(str(key), inner) for key, inner in value.items()}
        case list() | tuple() | set() if name != "positional_args":
            return [cleaned("", inner) for inner in value]
    return value


def masked(words: str) -> str:
    """A sentence without the secrets that it names."""
    if "://" in words:
        words = USERINFO.sub(rf"\1{MASK}@", words)
    words = LINK.sub(rf"\1{MASK}", words)
    return BEARER.sub(rf"\1 {MASK}", IN_WORDS.sub(rf"\1\2{MASK}", words))


def report_errors(dsn: str) -> None:
    """Send errors to Sentry: the trace and the page's name, no local variables, bodies, headers,
    cookies or breadcrumbs.
    """
    # only where it is configured: its import costs a tenth of a second of every start
    import sentry_sdk

    def lean(event: Any, hint: Any) -> Any:
        request = event.get("request", {})
        event["request"] = {key: request[key] for key in ("method",) if key in request}
        for part in ("user", "extra", "breadcrumbs", "server_name"):
            event.pop(part, None)
        for error in event.get("exception", {}).get("values", []):
            error["value"] = masked(str(error.get("value", "")))
        if "logentry" in event:
            event["logentry"] = {"message": masked(str(event["logentry"].get("message", "")))}
        return event

    # send_default_pii stays unset, which is off: setting it is deprecated, and the new option
    # switches the SDK's scrubber off.
    sentry_sdk.init(
        dsn,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=0.0,
        before_send=lean,
    )
