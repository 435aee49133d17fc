"""Activities for reading by other systems."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied

from activities.models import Activity
from activities.querysets import ActivityQuerySet
from config.lib.api import ScopedReadOnlyViewSet
from organizations.access import Right


class ActivitySerializer(serializers.ModelSerializer):
    """An activity and how many came; never who."""

    organization = serializers.StringRelatedField()
    kind_label = serializers.CharField(source="get_kind_display")
    state_label = serializers.CharField(source="get_state_display")
    present_count = serializers.SerializerMethodField()

    class Meta:
        model = Activity
        fields = [
            "id",
            "organization_id",
            "organization",
            "kind",
            "kind_label",
            "title",
            "starts_at",
            "held_on",
            "hours",
            "place",
            "summary",
            "people_served",
            "state",
            "state_label",
            "present_count",
        ]

    def get_present_count(self, activity: Activity) -> int:
        return activity.present_count or 0


class ActivityViewSet(ScopedReadOnlyViewSet):
    """`GET /api/v1/activities/`, fifty a page by key; filters by exact value."""

    # Only the scoped method below reads rows.
    queryset = ActivityQuerySet(Activity).none()
    serializer_class = ActivitySerializer
    filterset_fields = ["kind", "state", "held_on"]

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not request.user.has_right(Right.VIEW_MEMBERS):
            raise PermissionDenied("您的岗位没有活动信息权限。")

    def get_queryset(self) -> QuerySet[Activity]:
        return (
            Activity.objects.visible_to(self.request.user)
            .select_related("organization")
            .with_present_count()
            .order_by("id")
        )
