"""Figures of an organization and a month for other systems: read-only, scoped."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.lib import registry
from config.lib.errors import RuleError
from config.lib.periods import Month
from organizations.access import Right
from organizations.models import Organization
from reports.monthly import check_begun, month_of
from reports.services import summaries


class FigureSerializer(serializers.Serializer):
    key = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    value = serializers.IntegerField()


class SummarySerializer(serializers.Serializer):
    organization = serializers.IntegerField()
    month = serializers.CharField()
    figures = FigureSerializer(many=True)


class SummaryView(APIView):
    """Every figure of an organization's subtree in `?month=2026-10`, else now."""

    @extend_schema(
        parameters=[OpenApiParameter("month", str, description="月份，如 2026-10")],
        responses=SummarySerializer,
    )
    def get(self, request: Request, organization_id: int) -> Response:
        organization = get_object_or_404(
            Organization.objects.with_right(request.user, Right.VIEW_REPORTS),
            pk=organization_id,
        )
        today = timezone.localdate()
        label = request.query_params.get("month", "")
        try:
            month = month_of(label) if label else Month.containing(today)
            check_begun(month, today)
        except RuleError as error:
            raise ValidationError({"month": [error.text]}) from error
        values = summaries.figures(organization, month, today)
        figures = [
            {
                "key": indicator.key,
                "name": indicator.name,
                "unit": indicator.unit,
                "value": values[indicator.key],
            }
            for indicator in registry.indicators()
            if organization.parent_id is None or not indicator.street_only
        ]
        answer = {
            "organization": organization.pk,
            "month": month.label,
            "figures": figures,
        }
        return Response(SummarySerializer(answer).data)
