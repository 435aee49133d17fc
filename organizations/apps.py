from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import autodiscover_modules, import_module


class OrganizationsConfig(AppConfig):
    name = "organizations"
    verbose_name = "组织与账号"

    def ready(self) -> None:
        self._require_known_roles()
        import_module("organizations.receivers")
        import_module("organizations.fund_receivers")
        import_module("organizations.coverage_labels")
        import_module("organizations.map_labels")
        # Every app's entries of the registries, found by name.
        autodiscover_modules("parameters", "parameter_specs", "fund_parameters")
        autodiscover_modules(
            "indicators", "alerts", "navigation", "jobs", "import_jobs"
        )
        # Funds have modules of their own beside those.
        autodiscover_modules(
            "fund_indicators", "fund_alerts", "fund_navigation", "fund_labels"
        )
        for part in ("parameters", "receivers", "labels", "indicators", "alerts"):
            import_module(f"organizations.room_{part}")
            import_module(f"organizations.matter_{part}")
        import_module("organizations.matter_navigation")

    def _require_known_roles(self) -> None:
        """A misspelt role would leave everybody without a second factor."""
        roles = import_module("organizations.choices").Role
        unknown = sorted(set(settings.TOTP_REQUIRED_ROLES) - set(roles.values))
        if unknown:
            raise ImproperlyConfigured(
                f"设置项 TOTP_REQUIRED_ROLES 里没有这样的角色：{'、'.join(unknown)}。"
                f"可以写：{'、'.join(roles.values)}，用逗号分开。"
            )
