from importlib import import_module

from django.apps import AppConfig


class LiaisonConfig(AppConfig):
    name = "liaison"
    verbose_name = "在职党员联系"

    def ready(self) -> None:
        import_module("liaison.receivers")
        # Words of the trail
        import_module("liaison.post_labels")
        import_module("liaison.agreement_labels")
        import_module("liaison.authority_labels")
        import_module("liaison.pair_labels")
        import_module("liaison.conference_labels")
