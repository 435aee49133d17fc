"""The browser admin of organizations."""

from django.contrib import admin
from django.contrib.auth.models import Group

from organizations.admin.audit import AuditEventAdmin
from organizations.admin.communities import CommunityAdmin
from organizations.admin.jobs import JobAdmin
from organizations.admin.organizations import OrganizationAdmin
from organizations.admin.parameters import ParameterAdmin
from organizations.admin.posts import PostAdmin
from organizations.admin.users import UserAdmin
from organizations.admin.work_units import WorkUnitAdmin

# Rights come from posts: nothing to edit there.
if admin.site.is_registered(Group):
    admin.site.unregister(Group)

__all__ = [
    "AuditEventAdmin",
    "CommunityAdmin",
    "JobAdmin",
    "OrganizationAdmin",
    "ParameterAdmin",
    "PostAdmin",
    "UserAdmin",
    "WorkUnitAdmin",
]
