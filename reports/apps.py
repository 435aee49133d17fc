from django.apps import AppConfig
from django.utils.module_loading import import_module


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "报表"

    def ready(self) -> None:
        import_module("reports.receivers")
