"""manage.py demo: the demo street, once."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.lib.errors import RuleError
from reports.demo import build_demo


class Command(BaseCommand):
    help = "写入演示数据（江滨街道，约 600 名虚构党员），并显示各角色账号的密码。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--today",
            type=date.fromisoformat,
            help="以哪一天为今天（如 2026-11-22），同一天生成的数据相同",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        today = options["today"] or timezone.localdate()
        try:
            accounts = build_demo(today)
        except RuleError as error:
            raise CommandError(error.text) from error
        self.stdout.write("演示数据已写入。各角色账号（密码只显示这一次）：")
        for account in accounts:
            self.stdout.write(
                f"  {account.username:<10} {account.password:<16} "
                f"{account.role} · {account.place}"
            )
