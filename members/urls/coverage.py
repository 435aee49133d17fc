"""Addresses of the coverage of two-new units and of registration lists."""

from django.urls import path

from members.views import coverage, coverage_forms, registry

# /members/coverage/
urlpatterns = [
    path("coverage/", coverage.board, name="coverage"),
    path("coverage/units/", coverage.unit_list, name="coverage-units"),
    path("coverage/units/<int:pk>/", coverage.unit_detail, name="coverage-unit"),
    path("coverage/units/<int:pk>/sheet/", coverage_forms.sheet, name="coverage-sheet"),
    path(
        "coverage/units/<int:pk>/decide/", coverage_forms.decide, name="coverage-decide"
    ),
    path("coverage/units/<int:pk>/visit/", coverage_forms.visit, name="coverage-visit"),
    path(
        "coverage/visits/<int:pk>/withdraw/",
        coverage_forms.visit_withdraw,
        name="coverage-visit-withdraw",
    ),
    path("coverage/follow/", coverage_forms.follow, name="coverage-follow"),
    path("coverage/registry/", registry.registry_lists, name="registry-lists"),
    path("coverage/registry/new/", registry.registry_add, name="registry-add"),
    path("coverage/registry/<int:pk>/", registry.registry_list, name="registry-list"),
    path(
        "coverage/registry/<int:pk>/withdraw/",
        registry.registry_withdraw,
        name="registry-withdraw",
    ),
]
