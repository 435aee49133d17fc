"""Members for other programs: read-only, scoped, masked."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied

from config.lib.api import ScopedReadOnlyViewSet
from members.models import Affiliation, Member
from organizations.access import Right


class AffiliationSerializer(serializers.ModelSerializer):
    organization_name = serializers.CharField(source="organization.name")

    class Meta:
        model = Affiliation
        fields = ["organization", "organization_name", "kind", "starts_on"]


class MemberSerializer(serializers.ModelSerializer):
    """ID number, phone and address only as masks, as on the pages."""

    id_number = serializers.CharField(source="masked_id_number")
    phone = serializers.CharField(source="masked_phone")
    address = serializers.CharField(source="masked_address")
    affiliations = AffiliationSerializer(source="visible_affiliations", many=True)

    class Meta:
        model = Member
        fields = [
            "id",
            "name",
            "sex",
            "ethnicity",
            "born_on",
            "id_number",
            "phone",
            "address",
            "education",
            "category",
            "member_type",
            "status",
            "joined_on",
            "confirmed_on",
            "home_unit",
            "community",
            "is_mobile",
            "is_lost",
            "affiliations",
        ]


class MemberViewSet(ScopedReadOnlyViewSet):
    """`GET /api/v1/members/`, fifty a page by key; filters by exact value."""

    serializer_class = MemberSerializer
    filter_backends = [DjangoFilterBackend]
    filterset_fields = ["category", "member_type", "status", "sex", "is_lost"]

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not request.user.has_right(Right.VIEW_MEMBERS):
            raise PermissionDenied("您的岗位没有党员信息权限。")

    def get_queryset(self) -> QuerySet[Member]:
        if getattr(self, "swagger_fake_view", False):
            # The schema is drawn for nobody, who sees nothing.
            return Member.objects.none()
        user = self.request.user
        seen = (
            Affiliation.objects.visible_to(user).open().select_related("organization")
        )
        return (
            Member.objects.visible_to(user)
            .prefetch_related(
                Prefetch("affiliations", queryset=seen, to_attr="visible_affiliations")
            )
            .order_by("id")
        )
