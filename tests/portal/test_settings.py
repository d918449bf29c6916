"""A wrong or missing value stops the start in one line that names it; a complete environment passes
Django's own deployment check.
"""

import pytest

from tests.portal.production import PRODUCTION, SETTINGS, start


def test_a_complete_environment_passes_the_deployment_check():
    run = start({}, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", None),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "insecure-for-development-only-and-refused-in-production"),
        ("FIELD_KEYS", None),
        ("FIELD_KEYS", "not-a-key"),
        ("PORTAL_URL", None),
        ("PORTAL_URL", "http://portal.example"),
        ("PORTAL_URL", "portal.example"),
        ("VOICETEL_URL", None),
        ("VOICETEL_URL", "http://api.voicetel.com"),
        ("VOICETEL_POOLS", "three"),
        ("DATABASE_URL", "mysql://root@127.0.0.1/portal"),
        ("DATABASE_URL", "nonsense"),
        ("REDIS_URL", None),
        ("REDIS_URL", "127.0.0.1:6379"),
        ("REDIS_URL", "redis+socket:///tmp/none"),
        ("EMAIL_URL", None),
        ("EMAIL_URL", "nonsense"),
        ("LOG_LEVEL", "LOUD"),
        ("DEBUG", "maybe"),
        ("DEMO", "maybe"),
        ("DATABASE_POOL", "many"),
        ("WEB_THREADS", "abc"),
        ("TRUSTED_PROXIES", "10.0.0.1,proxy"),
        ("TRUSTED_PROXIES", "*"),
        ("TRUSTED_PROXIES", None),
        ("TRUSTED_PROXIES", "none,10.0.0.1"),
        ("TRUSTED_PROXIES", "::/0"),
    ],
)
def test_a_bad_value_stops_the_start_in_one_line_that_names_it(name: str, value: str | None):
    run = start({name: value}, "-c", "import portal.settings")
    assert run.returncode == 1
    lines = run.stderr.strip().splitlines()
    assert len(lines) == 1, run.stderr
    assert lines[0].startswith(f"portal: {name} ")
    assert (
        value is None
        or len(value) < 8
        or name in {"PORTAL_URL", "VOICETEL_URL", "LOG_LEVEL", "DEBUG", "DEMO"}
        or value not in lines[0]
    )


@pytest.mark.parametrize("name", ["DEBUG", "DEMO"])
@pytest.mark.parametrize(
    "here", [{}, {"VOICETEL_URL": "http://127.0.0.1:8090"}, {"PORTAL_URL": "http://localhost:8000"}]
)
def test_what_is_for_one_machine_alone_is_refused_beside_an_address_that_only_a_deployment_has(
    name: str, here: dict[str, str | None]
):
    run = start({name: "1", **here}, "-c", "import portal.settings")
    assert run.returncode == 1
    lines = run.stderr.strip().splitlines()
    assert len(lines) == 1, run.stderr
    assert lines[0].startswith(f"portal: {name} ")


def test_development_on_ones_own_machine_needs_no_other_setting_and_minds_no_empty_one():
    """As in a copy of .env.example that nobody has filled in yet."""
    others = ("VOICETEL_POOLS", "LOG_LEVEL", "CHANGES_SPEED", "SANDBOX_SPEED", "WEB_THREADS")
    run = start(
        {**dict.fromkeys((*PRODUCTION, *others)), "DEBUG": "1"}, "-c", "import portal.settings"
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_a_secret_that_begins_with_a_dollar_sign_is_taken_as_it_stands():
    key = "$HOME-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMN"
    run = start(
        {"SECRET_KEY": key},
        "-c",
        SETTINGS + "from django.conf import settings; print(settings.SECRET_KEY)",
    )
    assert run.stdout.strip() == key


def test_cookies_are_bound_to_this_host_and_to_https_in_production():
    words = (
        "SESSION_COOKIE_NAME SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE"
        " CSRF_COOKIE_NAME CSRF_COOKIE_SECURE"
    )
    run = start(
        {},
        "-c",
        SETTINGS + "from django.conf import settings as s; print(*[getattr(s, n) for n in"
        f" '{words}'.split()])",
    )
    assert run.stdout.split() == [
        "__Host-sessionid",
        "True",
        "True",
        "Lax",
        "__Host-csrftoken",
        "True",
    ]


def test_seed_and_sandbox_do_not_exist_in_production():
    apps = start(
        {},
        "-c",
        SETTINGS + "import django; django.setup(); from django.apps import apps;"
        " print(apps.is_installed('apps.sandbox'))",
    )
    assert apps.stdout.strip() == "False"
    seeded = start({}, "manage.py", "seed_demo")
    assert seeded.returncode != 0
    assert "Traceback" not in seeded.stderr
