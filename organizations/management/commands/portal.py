"""`manage.py portal`: everything the portal needs, under one process."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from config import env, supervisor
from organizations.choices import Role
from organizations.models import Organization

NAMELESS_STREET = "中共本街道工作委员会"


class Command(BaseCommand):
    help = "启动门户：网页、后台任务和定时任务（首次启动时建库并装入演示数据）"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--empty", action="store_true", help="不装入演示数据")
        parser.add_argument(
            "--street",
            metavar="NAME",
            default=NAMELESS_STREET,
            help="与 --empty 同用：街道党工委的全称，以后可在后台修改",
        )

    def handle(self, *, empty: bool, street: str, **options: Any) -> None:
        try:
            self.serve(empty=empty, street=street)
        except supervisor.CannotStartError as error:
            self.stderr.write(str(error))
            sys.exit(1)
        except KeyboardInterrupt:
            self.stderr.write("已停止。")
            sys.exit(130)

    def serve(self, *, empty: bool, street: str) -> None:
        host = env.text("BIND", "127.0.0.1")
        port = env.number("PORT", default=8000, low=1, high=65535)
        var = Path(settings.VAR_DIR)
        os.umask(0o077)  # the data folder is nobody else's
        with supervisor.open_socket(host, port) as listener, supervisor.only_one(var):
            self.meet_redis()
            try:
                self.prepare_database(var, empty=empty, street=street)
            except OperationalError as error:
                raise supervisor.CannotStartError(
                    "数据库连不上或无法使用，请检查 DATABASE_URL 和数据库服务："
                    + " ".join(str(error).split())
                ) from error
            connections.close_all()
            Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
            children = supervisor.portal_children(listener)
            shown = "127.0.0.1" if host in {"0.0.0.0", "localhost"} else host
            supervisor.Supervisor(children, sys.stdout).run(
                (shown.strip("[]"), port),
                f"门户已启动，请用浏览器打开 http://{shown}:{port}/ （按 Ctrl-C 停止）",
            )
        self.stdout.write("门户已停止。")

    def meet_redis(self) -> None:
        """Refuse a Redis that is not there: without it nothing long would run."""
        url = settings.REDIS_URL.replace("redis+socket://", "unix://", 1)
        if not url:
            return
        try:
            with redis.Redis.from_url(url, socket_connect_timeout=5) as client:
                client.ping()
        except (redis.RedisError, ValueError) as error:
            raise supervisor.CannotStartError(
                "Redis 连不上或不能使用，请检查 REDIS_URL 和 Redis 服务："
                + " ".join(str(error).split())
            ) from error

    def prepare_database(self, var: Path, *, empty: bool, street: str) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.say("正在准备数据库……")
            call_command("migrate", interactive=False, verbosity=0)
        # A first start that was killed half-way is made up for by the next.
        unfinished = var / "demo.unfinished"
        is_first = not get_user_model().objects.exists()
        if is_first and (empty or "demo" not in get_commands()):
            self.create_administrator(street)
        elif is_first or unfinished.exists():
            self.say("正在装入演示数据（仅首次，约需半分钟）……")
            unfinished.touch(mode=0o600)
            call_command("demo", stdout=self.stdout, stderr=self.stderr)
            unfinished.unlink()

    def create_administrator(self, street: str) -> None:
        """Make the street and the first account; its password is kept nowhere."""
        self.say("正在建立系统管理员账号，一次性密码只显示这一次，首次登录须修改：")
        call_command(
            "create_account",
            "admin",
            "系统管理员",
            role=Role.SYSTEM_ADMINISTRATOR,
            street="" if Organization.objects.exists() else street,
            stdout=self.stdout,
        )
        if street == NAMELESS_STREET:
            self.say("请先在“党组织”页面把街道党工委改成全称，再导入组织名册。")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
