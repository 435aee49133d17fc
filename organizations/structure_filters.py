"""Filters of the lists of organizations and work units."""

from __future__ import annotations

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from config.lib.dates import clean_text
from config.lib.forms import ScopedFilterSet
from organizations.choices import OrganizationField, OrganizationKind, WorkUnitKind
from organizations.models import Community, Organization, WorkUnit

_STATES = [("open", "未撤销"), ("closed", "已撤销")]
_YES_NO = [("yes", "是"), ("no", "否")]


def _search_box(hint: str) -> forms.TextInput:
    return forms.TextInput(attrs={"placeholder": hint, "type": "search"})


class OrganizationFilter(ScopedFilterSet):
    q = django_filters.CharFilter(
        method="search", label="名称或短代码", widget=_search_box("名称或短代码")
    )
    under = django_filters.ModelChoiceFilter(
        # Reached by links alone: a street has too many nodes for a dropdown.
        queryset=Organization.objects.all(),
        method="filter_under",
        label="所属",
        widget=forms.HiddenInput,
    )
    kind = django_filters.ChoiceFilter(
        choices=OrganizationKind.choices, label="组织类别"
    )
    field = django_filters.ChoiceFilter(choices=OrganizationField.choices, label="领域")
    state = django_filters.ChoiceFilter(
        choices=_STATES, method="filter_state", label="状态"
    )

    class Meta:
        model = Organization
        fields = ["q", "under", "kind", "field", "state"]

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        text = clean_text(value)
        return queryset.filter(
            Q(name__icontains=text)
            | Q(short_name__icontains=text)
            | Q(code__istartswith=text)
        )

    def filter_under(
        self, queryset: QuerySet, name: str, value: Organization
    ) -> QuerySet:
        return queryset.subtree(value)

    def filter_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(closed_on__isnull=value == "open")


class WorkUnitFilter(ScopedFilterSet):
    q = django_filters.CharFilter(
        method="search", label="名称或信用代码", widget=_search_box("名称或信用代码")
    )
    resident = django_filters.ChoiceFilter(
        choices=_YES_NO, method="filter_resident", label="驻区单位"
    )
    kind = django_filters.ChoiceFilter(choices=WorkUnitKind.choices, label="单位类别")
    community = django_filters.ModelChoiceFilter(
        queryset=Community.objects.all(), label="所在社区"
    )
    active = django_filters.ChoiceFilter(
        choices=_YES_NO, method="filter_active", label="在用"
    )

    class Meta:
        model = WorkUnit
        fields = ["q", "resident", "kind", "community", "active"]

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        text = clean_text(value)
        return queryset.filter(
            Q(name__icontains=text) | Q(credit_code__istartswith=text)
        )

    def filter_resident(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(is_resident=value == "yes")

    def filter_active(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(is_active=value == "yes")
