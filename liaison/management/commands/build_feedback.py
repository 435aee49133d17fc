"""manage.py build_feedback --period 2026Q3: build a round's packets from a shell."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.lib.errors import RuleError
from liaison.services import packets, periods
from organizations.models import Organization


class Command(BaseCommand):
    help = "截止一期反馈并生成各单位的反馈材料；重复运行不会重复生成。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--period", required=True, help="期号，如 2026Q3、2026H1、2026"
        )
        parser.add_argument(
            "--organization", help="街道党工委的短代码；不写时处理所有街道"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            period = periods.parse_feedback_label(options["period"])
        except RuleError as error:
            raise CommandError(error.text) from error
        today = timezone.localdate()
        if today < period.start:
            raise CommandError(
                f"{period.title}还没有开始，没有可反馈的内容。请核对期号。"
            )
        if today < period.end:
            self.stderr.write(
                f"提醒：{period.title}还没有结束，现在截止后不能再补填评语。"
            )
        for street in self._streets(options["organization"]):
            opened = periods.open_period(street=street, period=period)
            periods.close_period(period_id=opened.pk)
            try:
                built = packets.build_packets(period_id=opened.pk)
            except RuleError as error:
                raise CommandError(f"{street.name}：{error.text}") from error
            total = opened.packets.originals().count()
            self.stdout.write(
                f"{street.name} {period.title}：新生成 {built} 份，共 {total} 份。"
            )

    def _streets(self, code: str | None) -> list[Organization]:
        streets = periods.streets()
        if code is None:
            if not streets:
                raise CommandError("还没有街道党工委，请先导入组织名册。")
            return streets
        chosen = [street for street in streets if street.code == code]
        if not chosen:
            raise CommandError(f"没有短代码为“{code}”的街道党工委，请核对。")
        return chosen
