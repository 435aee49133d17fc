"""The browser admin of organizations."""

from organizations.admin.audit import AuditEventAdmin
from organizations.admin.jobs import JobAdmin
from organizations.admin.parameters import ParameterAdmin
from organizations.admin.posts import PostAdmin
from organizations.admin.users import UserAdmin

__all__ = [
    "AuditEventAdmin",
    "JobAdmin",
    "ParameterAdmin",
    "PostAdmin",
    "UserAdmin",
]
