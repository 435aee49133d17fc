"""The API, version 1: read-only, scoped like the pages."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import BasePermission
from rest_framework.routers import SimpleRouter

from activities.api import ActivityViewSet
from liaison.api import LiaisonCardViewSet
from members.api import MemberViewSet
from organizations.api import OrganizationViewSet, WorkUnitViewSet
from reports.api import SummaryView


class IsStaffUser(BasePermission):
    """Administrators and committee staff, by their posts."""

    message = "接口说明只供系统管理员和街道工作人员查看。"

    def has_permission(self, request, view) -> bool:
        return bool(getattr(request.user, "is_staff_user", False))


router = SimpleRouter()
router.register("organizations", OrganizationViewSet, basename="organization")
router.register("work-units", WorkUnitViewSet, basename="work-unit")
router.register("members", MemberViewSet, basename="member")
router.register("activities", ActivityViewSet, basename="activity")
router.register("liaison-cards", LiaisonCardViewSet, basename="liaison-card")

app_name = "api"
urlpatterns = [
    path("", include(router.urls)),
    path(
        "organizations/<int:organization_id>/summary/",
        SummaryView.as_view(),
        name="summary",
    ),
    path(
        "schema/",
        SpectacularAPIView.as_view(permission_classes=[IsStaffUser]),
        name="schema",
    ),
]
