"""Organizations and work units for reading by other systems."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied

from config.lib.api import ScopedReadOnlyViewSet
from organizations.access import Right
from organizations.models import Organization, WorkUnit


class OrganizationSerializer(serializers.ModelSerializer):
    """A place in the tree; contact details stay out."""

    kind_label = serializers.CharField(source="get_kind_display")
    field_label = serializers.CharField(source="get_field_display")

    class Meta:
        model = Organization
        fields = [
            "id",
            "name",
            "short_name",
            "code",
            "kind",
            "kind_label",
            "field",
            "field_label",
            "parent_id",
            "founded_on",
            "term_ends_on",
            "closed_on",
            "merged_into_id",
        ]


class WorkUnitSerializer(serializers.ModelSerializer):
    kind_label = serializers.CharField(source="get_kind_display")
    community = serializers.StringRelatedField()

    class Meta:
        model = WorkUnit
        fields = [
            "id",
            "name",
            "credit_code",
            "kind",
            "kind_label",
            "industry",
            "is_resident",
            "community_id",
            "community",
            "organization_id",
            "feedback_channel",
            "is_active",
        ]


class _TreeViewSet(ScopedReadOnlyViewSet):
    """What whoever works in the tree may read."""

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not request.user.has_right(Right.VIEW_ORGANIZATIONS):
            raise PermissionDenied("您的岗位没有党组织信息权限。")


class OrganizationViewSet(_TreeViewSet):
    """`GET /api/v1/organizations/`, fifty a page by key; filters by exact value."""

    queryset = Organization.objects.none()
    serializer_class = OrganizationSerializer
    filterset_fields = ["kind", "field", "code"]

    def get_queryset(self) -> QuerySet[Organization]:
        return Organization.objects.visible_to(self.request.user).order_by("id")


class WorkUnitViewSet(_TreeViewSet):
    """`GET /api/v1/work-units/`, fifty a page by key; filters by exact value."""

    queryset = WorkUnit.objects.none()
    serializer_class = WorkUnitSerializer
    filterset_fields = ["kind", "is_resident", "is_active"]

    def get_queryset(self) -> QuerySet[WorkUnit]:
        units = WorkUnit.objects.visible_to(self.request.user)
        return units.select_related("community").order_by("id")
