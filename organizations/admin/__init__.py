"""The browser admin of organizations."""

from django.contrib import admin
from django.contrib.auth.models import Group
from django_otp.plugins.otp_totp.models import TOTPDevice

from organizations.admin.audit import AuditEventAdmin
from organizations.admin.communities import CommunityAdmin
from organizations.admin.jobs import JobAdmin
from organizations.admin.organizations import OrganizationAdmin
from organizations.admin.parameters import ParameterAdmin
from organizations.admin.posts import PostAdmin
from organizations.admin.users import UserAdmin
from organizations.admin.work_units import WorkUnitAdmin

# Rights come from posts and devices from their owners: nothing to edit there.
for _model in (Group, TOTPDevice):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)

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
