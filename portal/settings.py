"""Every setting, read from the environment once (.env.example explains each).

A bad value stops the start in one line.
"""

from base64 import urlsafe_b64decode
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from portal.environment import (
    BASE_DIR,
    env,
    flag,
    http_url,
    loopback,
    networks,
    refuse,
    secret,
    whole,
    words,
)

# Kind of run
DEBUG = flag("DEBUG")
DEMO = flag("DEMO")  # `make demo`: DEBUG off, seeded people, /_mail/ and /ui/, plain-http cookies
LOCAL = DEBUG or DEMO  # not production
DATA_DIR = Path(env.ENVIRON.get("DATA_DIR") or BASE_DIR / "var").resolve()

SECRET_KEY = secret(
    "SECRET_KEY", "insecure-for-development-only-and-refused-in-production" if LOCAL else ""
)
if not SECRET_KEY:
    refuse("SECRET_KEY", "is not set: 50 random characters or more")
if not LOCAL and (len(SECRET_KEY) < 50 or "insecure" in SECRET_KEY):
    refuse("SECRET_KEY", "is too weak: 50 random characters or more")

FIELD_KEYS = words("FIELD_KEYS", "ZGV2ZWxvcG1lbnQtb25seS1rZXktb2YtMzItYnl0ZXM=" if LOCAL else "")
if not FIELD_KEYS:
    refuse(
        "FIELD_KEYS",
        "is not set: one key or more from `python -c 'from cryptography.fernet import Fernet;"
        " print(Fernet.generate_key().decode())'`",
    )
for key in FIELD_KEYS:
    try:
        right = len(urlsafe_b64decode(key)) == 32
    except ValueError:
        right = False
    if not right:
        refuse(
            "FIELD_KEYS",
            "must be Fernet keys: 32 bytes each in URL-safe base64, separated by commas",
        )

PORTAL_URL = http_url("PORTAL_URL", "http://localhost:8000" if LOCAL else "")
if not PORTAL_URL:
    refuse("PORTAL_URL", "is not set: the address that people open, for links in mail")
if not LOCAL and not PORTAL_URL.startswith("https://"):
    refuse("PORTAL_URL", "must begin with https://")
ALLOWED_HOSTS = words("ALLOWED_HOSTS") or (["*"] if LOCAL else [str(urlsplit(PORTAL_URL).hostname)])
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")
TRUSTED_PROXIES = networks("TRUSTED_PROXIES")
if not LOCAL and not words("TRUSTED_PROXIES"):
    refuse("TRUSTED_PROXIES", "is not set: the proxy's address, or none where there is no proxy")

# The provider
VOICETEL_URL = http_url("VOICETEL_URL", "http://127.0.0.1:8090" if LOCAL else "")
if not VOICETEL_URL:
    refuse("VOICETEL_URL", "is not set: https://api.voicetel.com for the live service")
if not LOCAL and not VOICETEL_URL.startswith("https://"):
    refuse("VOICETEL_URL", "must begin with https://")
if LOCAL and (not loopback(VOICETEL_URL) or not loopback(PORTAL_URL)):
    refuse(
        "DEBUG" if DEBUG else "DEMO",
        "is for a provider and people on this machine alone: unset it in production",
    )
VOICETEL_POOLS = env.ENVIRON.get("VOICETEL_POOLS") or "one"
if VOICETEL_POOLS not in {"one", "four"}:
    refuse("VOICETEL_POOLS", "must be one or four")
VOICETEL_ADMIN_KEY = secret("VOICETEL_ADMIN_KEY")
# where staff answer a ticket under their own name; {id} is the ticket's
VOICETEL_DESK_URL = (
    env.ENVIRON.get("VOICETEL_DESK_URL") or "https://desk.support.voicetel.com/conversation/{id}"
)
# where phone systems register, the default first; no operation tells them
VOICETEL_SIP_HOSTS = words("VOICETEL_SIP_HOSTS") or ["geo.voicetel.com", "bgp.voicetel.com"]
# how long message texts are kept here; VoiceTel keeps its own history
MESSAGES_KEPT_DAYS = int(env.ENVIRON.get("MESSAGES_KEPT_DAYS") or "400")
# Dotted path of a requests adapter: tests name the sandbox in this process; empty is the network.
VOICETEL_ADAPTER = env.ENVIRON.get("VOICETEL_ADAPTER", "") if DEBUG else ""
DEMO_PROVIDER = "apps.sandbox.people"  # whom `manage.py seed_demo` seeds, with their keys
if DEMO and not VOICETEL_ADMIN_KEY:
    _people = import_module(DEMO_PROVIDER)
    VOICETEL_ADMIN_KEY = _people.key_of(_people.OPERATOR.username)
# Fault tests divide the waits of changes by this.
CHANGES_SPEED = float(env.ENVIRON.get("CHANGES_SPEED") or "1") if LOCAL else 1.0
# a marked point of apps/changes/engine/kill_points.py at which to die
CHANGES_KILL_AT = env.ENVIRON.get("CHANGES_KILL_AT", "") if LOCAL else ""
SCHEDULE = "portal.schedule.SWEEPS"  # what `manage.py tick` runs
UI_CLOCK = "apps.voicetel.clock.about_now"  # what ages are counted from
UI_PLACES = "portal.places.PLACES"  # the side bar
SANDBOX_SPEED = float(env.ENVIRON.get("SANDBOX_SPEED") or "1") if LOCAL else 1.0

# Apps
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "heroicons",
    "csp",
    "apps.ui",
    "apps.running",
    "apps.voicetel",
    "apps.audit",
    "apps.notifications",
    "apps.accounts",
    "apps.changes",
    "apps.copies",
    "apps.jobs",
    "apps.numbers",
    "apps.team",
    "apps.billing",
    "apps.messaging",
    "apps.e911",
    "apps.porting",
    "apps.trunking",
    "apps.lookups",
    "apps.support",
    "apps.staff",
    "apps.home",
    # in-process, for tests; the demo and people run it as a process of its own
    *(["apps.sandbox"] if DEBUG else []),
]
MIDDLEWARE = [
    "portal.middleware.BehindProxy",
    "portal.middleware.RequestLog",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # within those above, so that what it refuses carries their headers; around static files
    "portal.middleware.SafeHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # pads at random and the token is masked, so a length tells no secret
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.refused.TooLarge",
    "django.middleware.csrf.CsrfViewMiddleware",
    "portal.refused.Unreadable",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.accounts.signing_in.sessions.SessionLimits",
    "portal.refused.SignInAgain",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "apps.accounts.middleware.CurrentAccount",
    "apps.accounts.switching.shown.ShownAccount",
    "apps.accounts.signing_in.second_views.FactorFirst",
    "portal.middleware.ProviderErrors",
    "portal.refused.WrongMethod",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "apps.ui.loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "apps.ui.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.ui.context.shell",
            ],
        },
    }
]


# Databases
def database(url: str) -> dict[str, object]:
    """A database by its URL; none: SQLite in DATA_DIR, through our own backend that queues writers
    (portal/sqlite).
    """
    if not url or url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///") if url else str(DATA_DIR / "portal.sqlite3")
        return sqlite(path)
    if urlsplit(url).scheme not in {"postgres", "postgresql"} or not urlsplit(url).path.strip("/"):
        refuse("DATABASE_URL", "must be postgres://user:password@host:port/name")
    found = env.db_url_config(url)
    # Seconds are short on purpose: a database that is away is a sentence on the page, not a page
    # that hangs.
    limits = (
        "-c statement_timeout=5000 -c lock_timeout=2000 -c"
        " idle_in_transaction_session_timeout=15000"
    )
    # reconnect_timeout: the pool gives up soon, and the next request makes it try anew; else it
    # waits as long again as the outage was.
    pool = {
        "min_size": 1,
        "max_size": whole("DATABASE_POOL", 18),
        "timeout": 1,
        "reconnect_timeout": 1,
    }
    # the URL's own: ?sslmode=verify-full
    options = {**found.get("OPTIONS", {}), "pool": pool, "options": limits}
    return {**found, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


def sqlite(path: str) -> dict[str, object]:
    return {
        "ENGINE": "portal.sqlite",
        "NAME": path,
        "CONN_MAX_AGE": None,
        # a file: threads and processes of the tests share it as in life
        "TEST": {"NAME": f"{path}.test"},
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            # FULL: a power cut must not forget what was charged or spent of the hour.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;"
            ),
        },
    }


DATABASES = {"default": database(env.ENVIRON.get("DATABASE_URL", ""))}
if DEBUG:
    DATABASES["sandbox"] = sqlite(str(DATA_DIR / "sandbox.sqlite3"))
DATABASE_ROUTERS = ["portal.routers.SandboxRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared and without Redis. Nothing that must hold lives in it: throttles and single use of codes
# are rows of their own.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}

# People and sessions
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["apps.accounts.signing_in.backend.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "apps.accounts.signing_in.password_rules.DressedUpValidator"},
]
PASSWORD_RESET_TIMEOUT = 2 * 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "apps.accounts.signing_in.allauth.PortalAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# people are made by invitation or connection, both by a link in their mail
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
MFA_ADAPTER = "apps.accounts.signing_in.second.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "VoiceTel portal"
MFA_TOTP_TOLERANCE = 1  # a clock may be half a minute off
MFA_RECOVERY_CODE_DIGITS = 10
SESSION_ENGINE = "apps.accounts.signing_in.browsers"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
SESSION_COOKIE_NAME = "sessionid" if LOCAL else "__Host-sessionid"
CSRF_COOKIE_NAME = "csrftoken" if LOCAL else "__Host-csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.refused.csrf_failed"

# Headers
SECURE_SSL_REDIRECT = not LOCAL
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$", r"^api/"]
# X-Forwarded-Proto is read by portal.middleware.BehindProxy, from TRUSTED_PROXIES alone: Django's
# own setting would believe anybody.
SECURE_HSTS_SECONDS = 0 if LOCAL else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# Files are taken by the views marked in apps/ui/uploads.py alone, and kept in memory.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5_100_000
FILE_UPLOAD_HANDLERS = ["apps.ui.uploads.NoFiles"]

# Static files, language, time
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = DEBUG
# nothing asks for the others, and compressing them doubles the first start's work
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
LANGUAGE_CODE = "en-us"
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True

# Mail
MAIL_DIR = DATA_DIR / "mail"  # what /_mail/ shows
DEFAULT_FROM_EMAIL = SERVER_EMAIL = (
    env.ENVIRON.get("DEFAULT_FROM_EMAIL") or "VoiceTel portal <portal@localhost>"
)
if env.ENVIRON.get("EMAIL_URL"):
    try:
        vars().update(env.email_url_config(env.ENVIRON["EMAIL_URL"]))
    except (KeyError, ValueError, AttributeError, ImproperlyConfigured):
        refuse("EMAIL_URL", "must be smtp+tls://user:password@host:port")
elif LOCAL:
    EMAIL_BACKEND = "apps.notifications.letterbox.files.EmailBackend"
    EMAIL_FILE_PATH = MAIL_DIR
else:
    refuse("EMAIL_URL", "is not set: smtp+tls://user:password@host:port")
EMAIL_TIMEOUT = 10

# Queues
REDIS_URL = secret("REDIS_URL")  # empty: nobody to nudge; this process sends its own changes
if not LOCAL and not REDIS_URL:
    refuse("REDIS_URL", "is not set: redis://host:6379/0")
if REDIS_URL and urlsplit(REDIS_URL).scheme not in {"redis", "rediss", "unix"}:
    refuse("REDIS_URL", "must be redis://host:port/number, rediss:// or unix:///path")

# of one web process (portal/web.py); half of them may wait for a change
WEB_THREADS = whole("WEB_THREADS", 8)

# Logs, errors, metrics
LOG_LEVEL = (env.ENVIRON.get("LOG_LEVEL") or "INFO").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
    refuse("LOG_LEVEL", "must be DEBUG, INFO, WARNING or ERROR")
METRICS_TOKEN = secret("METRICS_TOKEN")
SENTRY_DSN = secret("SENTRY_DSN")
LOGGING_CONFIG = "portal.logs.configure"
LOGGING = {"level": LOG_LEVEL, "console": LOCAL, "sentry": SENTRY_DSN}
