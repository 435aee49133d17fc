"""The portal as the benchmark runs it: its own database, nothing else different."""

# ruff: noqa: F405
import os

from config.settings.test import *  # noqa: F403

DATABASES["default"] = tuned(env.db_url_config(os.environ["BENCH_DATABASE_URL"]))
# All work of a query in the one backend whose CPU time is read.
DATABASES["default"]["OPTIONS"]["options"] += " -c max_parallel_workers_per_gather=0"
# Connections are kept, as in production.
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
LOGGING = LOGGING | {"root": {"handlers": ["console"], "level": "WARNING"}}
