"""manage.py monthly_report --month 2026-10 --organization CODE --output FILE.

Exit 0: written; 1: the month cannot be reported; 2: the arguments cannot be used.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.periods import Month
from organizations.models import Organization
from reports import monthly, monthly_workbook
from reports.choices import ExportKind
from reports.services import closing, exports

REFUSED, UNUSABLE = 1, 2


class Command(BaseCommand):
    help = "生成一个党组织的月报工作簿；已月结的月份按月结内容生成。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--month", default="", help="月份，如 2026-10")
        parser.add_argument(
            "--organization", default="", help="党组织短代码，见该组织页面"
        )
        parser.add_argument("--output", default="", help="写到哪个 .xlsx 文件")

    def handle(self, *args: Any, **options: Any) -> None:
        month = _month(options["month"])
        organization = _organization(options["organization"])
        target = _target(options["output"])
        try:
            content = closing.content_of(organization, month, timezone.localdate())
        except RuleError as error:
            raise CommandError(error.text, returncode=REFUSED) from error
        info = exports.info_for(
            organization=organization,
            actor=None,
            filters=month.title,
            purpose="月报",
            extra=monthly_workbook.definitions(content),
            row_count=len(content["rows"]),
        )
        try:
            saved = monthly_workbook.save_workbook(content, target, info)
        except OSError as error:
            raise CommandError(
                f"不能写入 {target}：{error.strerror}。请检查目录和权限。",
                returncode=UNUSABLE,
            ) from error
        exports.register(
            kind=ExportKind.MONTHLY,
            title=monthly.file_name(content).removesuffix(".xlsx"),
            info=info,
            saved=saved,
            row_count=len(content["rows"]),
            organization=organization,
            filters={"month": month.label},
            actor=None,
        )
        self.stdout.write(f"已写入 {target}，编号 {info.number}。")


def _month(label: str) -> Month:
    if not label:
        raise CommandError("请用 --month 写明月份，如 2026-10。", returncode=UNUSABLE)
    try:
        return monthly.month_of(label)
    except RuleError as error:
        raise CommandError(error.text, returncode=UNUSABLE) from error


def _organization(code: str) -> Organization:
    if not code:
        raise CommandError(
            "请用 --organization 写明党组织短代码，可在该组织的页面上查到。",
            returncode=UNUSABLE,
        )
    found = Organization.objects.filter(code=code).first()
    if found is None:
        raise CommandError(
            f"没有短代码为“{code}”的党组织，请核对。", returncode=UNUSABLE
        )
    return found


def _target(name: str) -> Path:
    if not name:
        raise CommandError("请用 --output 写明输出文件。", returncode=UNUSABLE)
    target = Path(name)
    if target.suffix.lower() != ".xlsx":
        raise CommandError(
            f"输出文件须以 .xlsx 结尾，现在是“{target.name}”。", returncode=UNUSABLE
        )
    if not target.parent.is_dir():
        raise CommandError(
            f"目录 {target.parent} 不存在，请先建立。", returncode=UNUSABLE
        )
    return target
