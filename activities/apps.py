from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.apps import apps as current_apps
from django.db.models.signals import post_migrate

from activities.shipped import ensure_default_programs


def ship_programs(
    sender: AppConfig, apps: Any = current_apps, using: str = "default", **kwargs: Any
) -> None:
    """Create the shipped programs once their tables stand.

    Not a data migration: a flush (as of the tests) would take its rows for good.
    """
    try:
        apps.get_model("activities", "ProgramItem")
    except LookupError:
        return
    ensure_default_programs(apps)


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = "活动"

    def ready(self) -> None:
        import_module("activities.audit_labels")
        post_migrate.connect(ship_programs, sender=self)
