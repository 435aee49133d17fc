from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "党员"

    def ready(self) -> None:
        # Receivers, the lookup `name__fragment` and words register themselves.
        import_module("members.receivers")
        import_module("members.dues_receivers")
        import_module("members.care_receivers")
        import_module("members.mobile_receivers")
        import_module("members.team_receivers")
        import_module("members.mutual_receivers")
        import_module("members.instructor_receivers")
        import_module("members.search")
        import_module("members.audit_labels")
        import_module("members.sections")
        # Every app's `panels.py` registers what it shows on a member's page, its
        # `contact_sources.py` what counts as a contact with a member, and its
        # `reader_sentences.py` who else is told of one.
        autodiscover_modules("panels", "contact_sources", "reader_sentences")
