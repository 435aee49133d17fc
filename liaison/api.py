"""Liaison cards for reading by other systems."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied

from config.lib.api import ScopedReadOnlyViewSet
from liaison.models import LiaisonCard
from liaison.querysets import LiaisonCardQuerySet
from organizations.access import Right


class LiaisonCardSerializer(serializers.ModelSerializer):
    """A card and whose it is; what was done stays on the pages."""

    member_name = serializers.CharField(source="member.name")
    organization = serializers.StringRelatedField()
    home_unit = serializers.StringRelatedField()

    class Meta:
        model = LiaisonCard
        fields = [
            "id",
            "number",
            "member_id",
            "member_name",
            "organization_id",
            "organization",
            "home_unit_id",
            "home_unit",
            "profession",
            "wishes",
            "free_time",
            "starts_on",
            "ends_on",
            "end_reason",
        ]


class LiaisonCardViewSet(ScopedReadOnlyViewSet):
    """`GET /api/v1/liaison-cards/`, fifty a page by key; filters by exact value."""

    # Only the scoped method below reads rows.
    queryset = LiaisonCardQuerySet(LiaisonCard).none()
    serializer_class = LiaisonCardSerializer
    filterset_fields = ["number", "starts_on", "ends_on"]

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not request.user.has_right(Right.VIEW_MEMBERS):
            raise PermissionDenied("您的岗位没有联系卡权限。")

    def get_queryset(self) -> QuerySet[LiaisonCard]:
        return (
            LiaisonCard.objects.visible_to(self.request.user)
            .select_related("member", "organization", "home_unit")
            .order_by("id")
        )
