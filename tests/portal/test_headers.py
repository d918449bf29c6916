"""Headers that every answer carries, pages, fragments, errors and static files alike."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

ROOT = Path(__file__).resolve().parent.parent.parent
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def policy(answer: HttpResponse) -> dict[str, str]:
    parts = (
        part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";")
    )
    return {name: sources for name, _, sources in parts}


@pytest.fixture
def answers(cast: Any, sign_in: Callable[..., Client]) -> dict[str, HttpResponse]:
    """One answer of each kind."""
    anyone, owner = Client(), sign_in(cast.owner)
    strict = Client(enforce_csrf_checks=True)
    return {
        "page": owner.get("/numbers/"),
        "fragment": owner.get(
            "/numbers/", headers={"HX-Request": "true", "HX-Target": "numbers-table"}
        ),
        "sign-in": anyone.get("/login/"),
        "to sign-in": anyone.get("/numbers/"),
        "ended session in a fragment": anyone.get("/numbers/", headers={"HX-Request": "true"}),
        "no token": strict.post("/login/", {"login": "x"}),
        "another site": anyone.post("/login/", headers={"Sec-Fetch-Site": "cross-site"}),
        "not found": owner.get("/nothing/here/"),
        "wrong method": owner.delete("/numbers/"),
        "health": anyone.get("/healthz"),
    }


def test_the_kinds_are_what_they_say(answers: dict[str, HttpResponse]):
    found = {kind: answer.status_code for kind, answer in answers.items()}
    assert found == {
        "page": 200,
        "fragment": 200,
        "sign-in": 200,
        "to sign-in": 302,
        "ended session in a fragment": 204,
        "no token": 403,
        "another site": 403,
        "not found": 404,
        "wrong method": 405,
        "health": 200,
    }


def test_every_answer_has_a_policy_without_exceptions(answers: dict[str, HttpResponse]):
    for kind, answer in answers.items():
        assert POLICY.items() <= policy(answer).items(), kind
        assert "unsafe" not in answer.headers["Content-Security-Policy"], kind


def test_every_answer_has_the_other_headers(answers: dict[str, HttpResponse]):
    for kind, answer in answers.items():
        assert answer.headers["X-Content-Type-Options"] == "nosniff", kind
        assert answer.headers["Referrer-Policy"] == "same-origin", kind
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", kind
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin", kind
        assert answer.headers["X-Frame-Options"] == "DENY", kind
        assert not [name for name in answer.headers if name.startswith("Access-Control")], kind


def test_no_answer_may_be_stored(answers: dict[str, HttpResponse]):
    for kind, answer in answers.items():
        assert "no-store" in answer.headers["Cache-Control"], kind
        assert {"HX-Request", "HX-Target", "Cookie"} <= {
            name.strip() for name in answer.headers["Vary"].split(",")
        }, kind


def test_a_broken_page_has_the_policy_too(settings: Any, monkeypatch: pytest.MonkeyPatch):
    from apps.running import health

    def broken(request: Any) -> HttpResponse:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(health, "schedule", broken)
    answer = Client(raise_request_exception=False).get("/readyz")
    assert answer.status_code == 500
    assert POLICY.items() <= policy(answer).items()
    assert "on purpose" not in answer.content.decode()


def test_production_sends_browsers_to_https_for_a_year_and_health_checks_not(
    settings: Any, db: None
):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 365 * 24 * 3600
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    client = Client()
    assert client.get("/login/").headers["Location"].startswith("https://")
    assert client.get("/healthz").status_code == 200
    assert (
        client.get("/login/", secure=True)
        .headers["Strict-Transport-Security"]
        .startswith("max-age=31536000; includeSubDomains")
    )


def test_each_setting_that_is_read_is_explained_in_the_example():
    code = "\n".join((ROOT / "portal" / name).read_text() for name in ("settings.py", "web.py"))
    read = set(re.findall(r"""(?:flag|secret|words|http_url|networks|whole)\("([A-Z_]+)\"""", code))
    read |= set(re.findall(r"""(?:ENVIRON|environ)(?:\.get\(|\[)"([A-Z_]+)\"""", code))
    explained = set(
        re.findall(
            r"^(?:# )?(?:`make demo` alone: )?([A-Z][A-Z_]+)=",
            (ROOT / ".env.example").read_text(),
            re.MULTILINE,
        )
    )
    assert len(read) > 20
    assert read <= explained, read - explained
