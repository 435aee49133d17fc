"""Addresses of the tree, communities, work units and the register's import."""

from django.urls import path

from organizations.views import changes, imports, structure, work_units

# /organizations/
organization_urls = [
    path("", structure.organization_list, name="list"),
    path("<int:pk>/", structure.organization_detail, name="detail"),
    path("<int:parent_pk>/new/", structure.organization_create, name="create"),
    path("<int:pk>/edit/", structure.organization_edit, name="edit"),
    path("<int:pk>/move/", changes.organization_move, name="move"),
    path("<int:pk>/merge/", changes.organization_merge, name="merge"),
    path("<int:pk>/close/", changes.organization_close, name="close"),
]
# /organizations/import/
import_urls = [
    path("import/", imports.register_upload, name="import"),
    path("import/<uuid:pk>/", imports.register_preview, name="import-preview"),
]
# /organizations/communities/
community_urls = [
    path("communities/", work_units.community_list, name="community-list"),
    path("communities/new/", work_units.community_create, name="community-create"),
    path(
        "communities/<int:pk>/edit/", work_units.community_edit, name="community-edit"
    ),
]
# /organizations/work-units/
work_unit_urls = [
    path("work-units/", work_units.work_unit_list, name="work-unit-list"),
    path("work-units/new/", work_units.work_unit_create, name="work-unit-create"),
    path("work-units/<int:pk>/", work_units.work_unit_detail, name="work-unit-detail"),
    path("work-units/<int:pk>/edit/", work_units.work_unit_edit, name="work-unit-edit"),
]

urlpatterns = [*organization_urls, *import_urls, *community_urls, *work_unit_urls]
