"""manage.py import_organizations FILE [--dry-run] [--format json]"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.lib.errors import RuleError
from config.lib.xlsx.errors import WorkbookError
from organizations.imports import Finding, Outcome, import_register, preview_register
from organizations.system import SYSTEM

GOOD, ROWS_IN_ERROR, UNUSABLE = 0, 1, 2


class Command(BaseCommand):
    help = (
        "导入党组织信息表（.xlsx、.xls、.csv）。"
        "退出码：0 全部正确，1 有错误行，2 文件不能用。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="党组织信息表")
        parser.add_argument(
            "--dry-run", action="store_true", help="只检查，不写入任何数据"
        )
        parser.add_argument(
            "--format", choices=["text", "json"], default="text", help="输出格式"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        work = preview_register if options["dry_run"] else import_register
        try:
            outcome = work(path, original_name=path.name, actor=SYSTEM)
        except (WorkbookError, RuleError) as error:
            message = getattr(error, "message", str(error))
            if error.code == "missing":  # nothing was uploaded here
                message = f"没有找到文件 {path}，请核对路径。"
            outcome = _unusable(error.code, message)
            self._report(outcome, options, UNUSABLE)
            sys.exit(UNUSABLE)
        code = ROWS_IN_ERROR if outcome.errors else GOOD
        self._report(outcome, options, code)
        if code:
            sys.exit(code)

    def _report(self, outcome: Outcome, options: dict[str, Any], code: int) -> None:
        if options["format"] == "json":
            text = json.dumps(outcome.as_dict(), ensure_ascii=False, indent=2)
            self.stdout.write(text)
            return
        if code == UNUSABLE:
            self.stderr.write(f"文件不能导入：{outcome.errors[0].message}")
            return
        verb = "检查完毕（未写入）" if options["dry_run"] else "导入完毕"
        self.stdout.write(
            f"{verb}：新建 {outcome.created}，修改 {outcome.updated}，"
            f"无变化 {outcome.unchanged}，错误 {len(outcome.errors)} 处，"
            f"提醒 {len(outcome.warnings)} 处。"
        )
        for label, findings in (("错误", outcome.errors), ("提醒", outcome.warnings)):
            for each in findings:
                self.stdout.write(f"{label}：{_where(each)}：{each.message}")


def _where(finding: Finding) -> str:
    return f"工作表“{finding.sheet}”第{finding.row}行“{finding.column}”"


def _unusable(code: str, message: str) -> Outcome:
    return Outcome(0, 0, 0, [Finding("", None, "", code, message)], [], [])
