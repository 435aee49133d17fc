from django.contrib import admin
from import_export.admin import ImportExportModelAdmin

from tests.bench.peer.models import Branch, Community, Member, Unit
from tests.bench.peer.resources import MemberResource


@admin.register(Member)
class MemberAdmin(ImportExportModelAdmin):
    """The columns of the portal's list, and filters of few values only."""

    resource_classes = [MemberResource]
    list_display = [
        "name",
        "sex",
        "born_on",
        "branch",
        "category",
        "status",
        "joined_on",
        "phone",
    ]
    list_filter = ["category", "member_type", "status", "community"]
    list_select_related = ["branch"]
    list_per_page = 50
    search_fields = ["name", "name_pinyin", "id_number"]


admin.site.register([Branch, Community, Unit])
