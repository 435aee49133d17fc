from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.apps import apps as current_apps
from django.db.models.signals import post_migrate, pre_migrate

from activities.earned_view import create_view, drop_view
from activities.shipped import ensure_default_programs


def ship_programs(
    sender: AppConfig, apps: Any = current_apps, using: str = "default", **kwargs: Any
) -> None:
    """Create the shipped programs, and the view over them, once the tables stand.

    Not a data migration: a flush (as of the tests) would take its rows for good.
    """
    try:
        item = apps.get_model("activities", "ProgramItem")
        apps.get_model("members", "Lead")
    except LookupError:
        return
    # A state of the past has them without some of today's columns.
    if any(each.name == "earned_by" for each in item._meta.fields):
        ensure_default_programs(apps)
        create_view(using)


def before_migrations(sender: AppConfig, using: str = "default", **kwargs: Any) -> None:
    drop_view(using)


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = "活动"

    def ready(self) -> None:
        # Receivers and words register themselves.
        import_module("activities.team_receivers")
        import_module("activities.audit_labels")
        import_module("activities.receivers")
        import_module("activities.review_receivers")
        import_module("activities.team_panel")
        import_module("activities.project_receivers")
        import_module("activities.project_panel")
        pre_migrate.connect(before_migrations, sender=self)
        post_migrate.connect(ship_programs, sender=self)
