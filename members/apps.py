from importlib import import_module

from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "党员"

    def ready(self) -> None:
        # Receivers and the lookup `name__fragment` register themselves.
        import_module("members.receivers")
        import_module("members.search")
