"""The project: settings, URLs, and the Celery application every app's tasks join."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
