"""How is this server set up? Everything has a default that works; what an operator may change comes from environment variables."""

import os
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF

from playground import limits
from playground.kube.settings import Limits as ClusterLimits
from playground.manifests.guard import Limits as YamlLimits
from playground.secret_key import secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
VAR_DIR.mkdir(exist_ok=True)

env = environ.Env()
env.read_env(BASE_DIR / ".env")

# Who is served, and how

DEBUG = env.bool("DEBUG", default=False)
HTTPS = env.bool("HTTPS", default=False)  # A proxy in front speaks HTTPS and sets X-Forwarded-Proto.
SECRET_KEY = env.str("SECRET_KEY", default="") or secret_key(VAR_DIR / "secret_key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Which sites may show a lesson, a ready cluster or a shared one in a frame: `*`, or full origins, a `*.` for all below a domain

EMBED_ANCESTORS = env.list("EMBED_ANCESTORS", default=["*"])

# How much is allowed: of the server, of one YAML text, of one cluster

LIMITS = limits.from_environment(limits.Limits, "LIMIT_", os.environ)
YAML_LIMITS = limits.from_environment(YamlLimits, "LIMIT_YAML_", os.environ)
CLUSTER_LIMITS = limits.from_environment(ClusterLimits, "LIMIT_CLUSTER_", os.environ)

ASGI_APPLICATION = "playground.asgi.application"
ROOT_URLCONF = "playground.urls"

INSTALLED_APPS = [
    "daphne",
    "playground.assets.apps.CollectedFilesConfig",
    "channels",
    "csp",
    "django.contrib.humanize",
    "django_htmx",
    "playground.assets",
    "playground.clusters",
    "playground.conformance",
    "playground.pages",
    "playground.live",
    "playground.kubeapi",
    "playground.courses",
    "playground.embeds",
]

MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "playground.headers.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "playground.tokens.TokenMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"context_processors": ["django.template.context_processors.request", "csp.context_processors.nonce"]},
    }
]

# Where things are kept

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a transaction that reads and then writes waits for its turn instead of failing. FULL: a commit survives a power cut.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 5,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}

ASSETS_DIR = VAR_DIR / "assets"
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(VAR_DIR / "static"))()
STATICFILES_DIRS = [folder for folder in (BASE_DIR / "static", ASSETS_DIR / "static") if folder.is_dir()]
STORAGES = {"staticfiles": {"BACKEND": "playground.assets.storage.HashedStaticFilesStorage"}}

LESSONS_PATH = (
    Path(env.str("LESSONS_PATH")).resolve() if env.str("LESSONS_PATH", default="") else None
)  # A teacher's own, before the project's.

# What a browser is told to forbid

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "playground.pages.errors.forbidden"

if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

DATA_UPLOAD_MAX_MEMORY_SIZE = LIMITS.body_bytes
DATA_UPLOAD_MAX_NUMBER_FIELDS = LIMITS.form_fields
DATA_UPLOAD_MAX_NUMBER_FILES = 0

# Words and time

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Django's own handlers print with DEBUG only; the root's prints always.
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # anybody can cause it, at will
    },
}
