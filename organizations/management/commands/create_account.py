"""`manage.py create_account`: the first administrator, before anybody can log in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from organizations.choices import OrganizationKind, Role
from organizations.models import Organization
from organizations.services.accounts import create_account
from organizations.services.posts import grant_post
from organizations.services.structure import create_organization
from organizations.system import SYSTEM

PLACED_ROLES = [role for role in Role.values if role != Role.UNIT_CONTACT]


class Command(BaseCommand):
    help = "新建账号并打印一次性初始密码；加 --role 同时授予岗位。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="用户名")
        parser.add_argument("display_name", help="姓名")
        parser.add_argument("--role", choices=PLACED_ROLES, help="角色")
        parser.add_argument(
            "--organization", metavar="CODE", help="党组织短代码，默认为街道"
        )
        parser.add_argument(
            "--street",
            metavar="NAME",
            help="数据库里还没有党组织时，先按这个全称建立街道党工委",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                user, password = create_account(
                    username=options["username"],
                    display_name=options["display_name"],
                    actor=SYSTEM,
                )
                if options["street"]:
                    self._make_street(options["street"])
                if options["role"]:
                    grant_post(
                        user_id=user.pk,
                        role=options["role"],
                        organization_id=self._place(options["organization"]).pk,
                        starts_on=timezone.localdate(),
                        actor=SYSTEM,
                    )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"用户名：{user.username}\n一次性初始密码：{password}\n")

    def _make_street(self, name: str) -> None:
        if Organization.objects.exists():
            raise CommandError("数据库里已有党组织，请去掉 --street 再执行。")
        street = create_organization(
            parent_id=None,
            name=name,
            kind=OrganizationKind.WORK_COMMITTEE,
            actor=SYSTEM,
        )
        self.stdout.write(f"已建立“{street.name}”，短代码 {street.code}。\n")

    def _place(self, code: str | None) -> Organization:
        found = Organization.objects.all()
        if code:
            found = found.filter(code=code)
        place = found.order_by("path").first()
        if place is None:
            raise CommandError(
                "没有这个党组织，无法授予岗位：请检查短代码；数据库还是空的，"
                "请加 --street 街道党工委全称。"
            )
        return place
