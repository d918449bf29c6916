"""What must never be written down is not, by whatever road it comes to the log."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from portal import logs

PLANTED = "s3cret-Value.1-of-some-length"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """The log of a production process, as text; the suite's own logging is put back afterwards."""
    root = logging.getLogger()
    kept, level = list(root.handlers), root.level
    structlog.reset_defaults()
    logs.configure({"level": "INFO", "console": False, "sentry": ""})
    text = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(text)
    yield text
    structlog.reset_defaults()
    logs.configure({"level": "WARNING", "console": True, "sentry": ""})
    root.handlers, root.level = kept, level


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "password",
        "pin",
        "apikey",
        "api_key",
        "text",
        "token",
        "cookie",
        "set-cookie",
        "FIELD_KEYS",
    ],
)
def test_a_value_by_a_secret_name_is_masked(written: io.StringIO, name: str):
    structlog.get_logger("test").info(
        "sent", **{name: PLANTED, "nested": {name: PLANTED, "list": [{name: PLANTED}]}}
    )
    assert PLANTED not in written.getvalue()
    assert json.loads(written.getvalue())["nested"]["list"] == [{name: "[masked]"}]


@pytest.mark.parametrize(
    "words",
    [
        f"Authorization: Bearer {PLANTED}",
        f"Authorization: Basic {PLANTED}",
        f"refused: {{'password': '{PLANTED}'}}",
        f'{{"apikey": "{PLANTED}"}}',
        f"pin={PLANTED}",
        f'text="a whole sentence with {PLANTED} in it"',
        f"postgres://portal:{PLANTED}@127.0.0.1/portal",
        f"redis://:{PLANTED}@127.0.0.1:6379/0",
        f"header was bearer {PLANTED}",
        f"Forbidden (CSRF cookie not set.): /recover/{PLANTED}/",
        f"Internal Server Error: /connect/{PLANTED}/",
        f"https://portal.example/invitations/{PLANTED}/?x=1",
    ],
)
def test_a_secret_inside_a_sentence_is_masked(written: io.StringIO, words: str):
    structlog.get_logger("test").info(words)
    logging.getLogger("some.library").warning(words)
    logging.getLogger("some.library").warning("it said %s", words)
    assert PLANTED not in written.getvalue()
    assert len(written.getvalue().splitlines()) == 3


def test_a_secret_in_an_exception_is_masked(written: io.StringIO):
    try:
        raise ValueError(f"bad answer: password={PLANTED}")
    except ValueError:
        structlog.get_logger("test").exception("failed")
        logging.getLogger("some.library").exception("failed")
    first, second = (json.loads(line) for line in written.getvalue().splitlines())
    assert PLANTED not in written.getvalue()
    assert "ValueError" in first["exception"]
    assert "ValueError" in second["exception"]


def test_a_line_break_in_a_value_does_not_forge_a_line(written: io.StringIO):
    structlog.get_logger("test").info("opened", name='x\r\n{"event": "signed in"}')
    assert len(written.getvalue().splitlines()) == 1


def test_a_line_says_when_where_and_to_which_request_it_belongs(written: io.StringIO):
    with structlog.contextvars.bound_contextvars(request="abc123"):
        logging.getLogger("some.library").warning("careful")
    line = json.loads(written.getvalue())
    assert line["event"] == "careful"
    assert line["logger"] == "some.library"
    assert line["level"] == "warning"
    assert line["request"] == "abc123"
    assert line["timestamp"].endswith("Z")


def test_ordinary_words_stay_as_they_are(written: io.StringIO):
    structlog.get_logger("test").info("forwarded 2015551234 to 9175551234", status=200, ms=12.5)
    line = json.loads(written.getvalue())
    assert line["event"] == "forwarded 2015551234 to 9175551234"
    assert (line["status"], line["ms"]) == (200, 12.5)


def test_an_error_report_holds_no_body_cookie_header_local_variable_or_breadcrumb(
    monkeypatch: pytest.MonkeyPatch,
):
    import sentry_sdk

    sent: list[dict] = []

    class Kept(sentry_sdk.Transport):
        def capture_envelope(self, envelope: sentry_sdk.envelope.Envelope) -> None:
            sent.extend(item.payload.json for item in envelope.items if item.type == "event")

    original = sentry_sdk.init
    monkeypatch.setattr(
        sentry_sdk,
        "init",
        lambda *a, **k: original(*a, **k, transport=Kept, default_integrations=False),
    )
    logs.report_errors("https://public@sentry.invalid/1")
    try:
        sentry_sdk.add_breadcrumb(message=PLANTED)
        sentry_sdk.set_user({"email": PLANTED})
        sentry_sdk.set_extra("form", PLANTED)
        password = PLANTED
        try:
            raise ValueError(f"password={password}")
        except ValueError as error:
            sentry_sdk.capture_exception(error)
        sentry_sdk.flush()
    finally:
        sentry_sdk.get_client().close()
        sentry_sdk.get_global_scope().set_client(None)
    assert len(sent) == 1
    frames = [
        frame
        for error in sent[0]["exception"]["values"]
        for frame in error.pop("stacktrace")["frames"]
    ]
    assert PLANTED not in json.dumps(sent[0])
    assert all("vars" not in frame for frame in frames)
