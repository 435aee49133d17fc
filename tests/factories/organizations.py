"""Synthetic organizations, units, accounts and posts, deterministic.

street = OrganizationFactory(kind="work_committee", name="中共江滨街道工作委员会")
branch = OrganizationFactory(parent=street)
PostFactory(user=UserFactory(), role="branch_secretary", organization=branch)
"""

from datetime import date

import factory
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from config.lib.paths import child_path
from organizations.choices import OrganizationField, OrganizationKind, Role
from organizations.models import Community, Organization, Post, User, WorkUnit

PASSWORD = "Jiang-bin-2026"


def next_path(parent: Organization | None) -> str:
    """Return the path behind the last child of `parent` (or the last root)."""
    siblings = Organization.objects.filter(parent=parent)
    last = siblings.order_by("-path").values_list("path", flat=True).first()
    number = int(last[-6:]) + 1 if last else 1
    return child_path(parent.path if parent else "", number)


class OrganizationFactory(factory.django.DjangoModelFactory):
    """A branch unless said otherwise; its place follows from `parent`."""

    class Meta:
        model = Organization

    name = factory.Sequence(lambda n: f"中共测试第{n + 1}支部委员会")
    short_name = factory.LazyAttribute(lambda o: o.name.removeprefix("中共"))
    code = factory.Sequence(lambda n: f"T{n + 1:04d}")
    kind = OrganizationKind.BRANCH
    field = OrganizationField.COMMUNITY
    parent = None
    path = factory.LazyAttribute(lambda o: next_path(o.parent))
    founded_on = date(2010, 7, 1)


class CommunityFactory(factory.django.DjangoModelFactory):
    """The place looked after by `organization`, which is made where it is missing."""

    class Meta:
        model = Community

    name = factory.Sequence(lambda n: f"测试{n + 1}社区")
    organization = factory.SubFactory(
        OrganizationFactory, kind=OrganizationKind.COMMITTEE
    )
    grid_count = 3


class WorkUnitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WorkUnit

    name = factory.Sequence(lambda n: f"测试第{n + 1}单位")
    kind = WorkUnit.Kind.INSTITUTION
    is_resident = True


class UserFactory(factory.django.DjangoModelFactory):
    """An account that has its own password, `PASSWORD`, and may work at once."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n + 1:04d}")
    display_name = factory.Sequence(lambda n: f"测试账号{n + 1}")
    password = factory.LazyFunction(lambda: make_password(PASSWORD))
    must_change_password = False
    password_changed_at = factory.LazyFunction(timezone.now)


class PostFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Post

    user = factory.SubFactory(UserFactory)
    role = Role.BRANCH_SECRETARY
    organization = None
    work_unit = None
    starts_on = date(2020, 1, 1)
