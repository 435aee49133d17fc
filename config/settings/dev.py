"""The embedded default: SQLite, a file broker and generated keys, on loopback."""

from django.core.exceptions import ImproperlyConfigured

from config import env as read

from .base import *
from .keys import load_or_create_keys

DEBUG = read.flag("DEBUG", default=False)
BIND = read.text("BIND", "127.0.0.1")
read.require_loopback(BIND)  # the keys below are generated ones
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

try:
    _keys = load_or_create_keys(VAR_DIR / "secrets")
except OSError as error:
    raise ImproperlyConfigured(
        f"数据目录 {VAR_DIR} 建不了或读写不了（{error.strerror}）。"
        "请检查 PORTAL_VAR 和目录权限。"
    ) from error
SECRET_KEY = _keys["secret_key"]
FIELD_ENCRYPTION_KEYS = _keys["field_keys"]
FIELD_ENCRYPTION_ACTIVE = _keys["field_active"]
FIELD_INDEX_KEY = _keys["index_key"]

DATABASES["default"] = tuned(
    read.database(read.text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'portal.sqlite3'}"))
)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
