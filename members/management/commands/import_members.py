import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.lib.errors import RuleError
from config.lib.xlsx import WorkbookError
from members.imports.command import Report, import_file
from organizations.models import Organization

GOOD, ROWS_IN_ERROR, UNUSABLE = 0, 1, 2


class Command(BaseCommand):
    help = (
        "导入党员花名册：写入无误的行，退出码 0 全部无误、1 有错误的行、2 文件不能用。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=".xlsx、.xls 或 .csv 文件")
        parser.add_argument(
            "--organization",
            metavar="CODE",
            default="",
            help="党组织短代码：只导入到它及其下级支部",
        )
        parser.add_argument(
            "--strict", action="store_true", help="有一行错误就一行也不写入"
        )
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument(
            "--format", choices=["text", "json"], default="text", help="输出格式"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_file(
                options["file"],
                organization=_organization(options["organization"]),
                is_strict=options["strict"],
                is_dry_run=options["dry_run"],
            )
        except WorkbookError as error:
            message = error.message
            if error.code == "missing":  # nothing was uploaded here
                message = f"没有找到文件 {options['file']}，请核对路径。"
            self._refuse(error.code, message, options)
        except RuleError as error:
            self._refuse(error.code, error.text, options)
        if options["format"] == "json":
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
        else:
            self._tell(report, is_dry_run=options["dry_run"])
        if report.errors:
            raise SystemExit(ROWS_IN_ERROR)

    def _refuse(self, code: str, message: str, options: dict[str, Any]) -> None:
        """Say why the file cannot be used, and end."""
        self.stderr.write(message)
        if options["format"] == "json":
            finding = {
                "sheet": "",
                "row": None,
                "column": "",
                "code": code,
                "message": message,
            }
            report = Report(errors=[finding])
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
        raise SystemExit(UNUSABLE)

    def _tell(self, report: Report, *, is_dry_run: bool) -> None:
        for word, findings in (("错误", report.errors), ("提醒", report.warnings)):
            for item in findings:
                place = f"{item['sheet']} 第{item['row']}行"
                column = f" {item['column']}" if item["column"] else ""
                self.stdout.write(f"{word}：{place}{column}：{item['message']}")
        rows = len({(item["sheet"], item["row"]) for item in report.errors})
        done = "检查完毕，未写入" if is_dry_run else "导入完毕"
        self.stdout.write(
            f"{done}：新增{report.created}，更新{report.updated}，"
            f"无变化{report.unchanged}，有错误的行{rows}。"
        )


def _organization(code: str) -> Organization | None:
    if not code:
        return None
    organization = Organization.objects.open().filter(code=code).first()
    if organization is None:
        raise RuleError(
            f"没有短代码为“{code}”的党组织，请在党组织页面核对短代码。",
            code="organization_code",
        )
    return organization
