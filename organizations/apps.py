from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules, import_module


class OrganizationsConfig(AppConfig):
    name = "organizations"
    verbose_name = "组织与账号"

    def ready(self) -> None:
        import_module("organizations.receivers")
        # Every app's entries of the registries, found by name.
        autodiscover_modules("parameters", "parameter_specs")
        autodiscover_modules(
            "indicators", "alerts", "navigation", "jobs", "import_jobs"
        )
