"""Serving an office: everything from the environment, nothing by default.

Each refusal is one Chinese sentence that names the setting. deploy/portal.env.example
lists them all.
"""

from django.core.exceptions import ImproperlyConfigured

from config import env as read

from .base import *

DEBUG = read.require_debug_off(read.flag("DEBUG", default=False))

SECRET_KEY = read.require_secret_key(read.text("SECRET_KEY"))
FIELD_ENCRYPTION_KEYS, FIELD_ENCRYPTION_ACTIVE = read.require_field_keys(
    read.text("FIELD_KEYS"), read.text("FIELD_KEY_ACTIVE")
)
FIELD_INDEX_KEY = read.require_index_key(read.text("FIELD_INDEX_KEY"))
read.require_distinct(
    SECRET_KEY=SECRET_KEY,
    FIELD_KEYS=FIELD_ENCRYPTION_KEYS[FIELD_ENCRYPTION_ACTIVE],
    FIELD_INDEX_KEY=FIELD_INDEX_KEY,
)
ALLOWED_HOSTS = read.require_hosts(read.names("ALLOWED_HOSTS"))
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS]

_database_url = read.text("DATABASE_URL")
if not _database_url.startswith(("postgres://", "postgresql://")):
    raise ImproperlyConfigured(
        "设置项 DATABASE_URL 没有设置，或不是 PostgreSQL 地址。请写成 "
        "postgres://用户:密码@主机:5432/数据库。"
    )
read.require_password("DATABASE_URL", _database_url)
DATABASES["default"] = tuned(read.database(_database_url)) | {
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
}

REDIS_URL = read.text("REDIS_URL")
if not REDIS_URL.startswith(("redis://", "rediss://", "redis+socket://", "unix://")):
    raise ImproperlyConfigured(
        "设置项 REDIS_URL 没有设置，或不是 Redis 地址。请写成 "
        "redis://:密码@主机:6379/0。"
    )
read.require_password("REDIS_URL", REDIS_URL)
CACHES = {"default": shared_cache(REDIS_URL)}

TOTP_REQUIRED_ROLES = read.names("TOTP_REQUIRED_ROLES") or [
    "committee_staff",
    "hardship_officer",
]

STATIC_ROOT = Path(read.text("PORTAL_STATIC", str(VAR_DIR / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Everything by HTTPS, on the intranet too; nginx ends it and says so in a header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
# Asked by the machine itself, over plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
# The address of the user, not of nginx: lockout and audit need it.
TRUSTED_PROXIES = read.names("TRUSTED_PROXIES") or ["127.0.0.1", "::1"]
MIDDLEWARE = ["config.proxy.ClientAddressMiddleware", *MIDDLEWARE]
