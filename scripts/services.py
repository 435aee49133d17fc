"""Run a command with its own PostgreSQL and Redis, and leave nothing behind.

    services.py pytest [ARGUMENTS]     the tests (default options: see below)
    services.py exec COMMAND [...]     anything else, such as a benchmark

DATABASE_URL and REDIS_URL, where set, are checked and used instead. `--lite`
before or among pytest's arguments: SQLite and no Redis, never under CI.
"""

import contextlib
import glob
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config.process import bound_to_this_process, end_group  # noqa: E402

FOLDER = re.compile(r"portal-services-(\d+)-")
START_SECONDS = 60
# As in deploy/compose.yaml: no member's data in the log of the database.
UNLOGGED = [
    "log_parameter_max_length=0",
    "log_parameter_max_length_on_error=0",
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "log_statement=none",
    "log_min_duration_statement=-1",
]


class ServiceError(Exception):
    """A service cannot be used; the message is for the user, in Chinese."""


def owner() -> str | None:
    """Return the account PostgreSQL runs as: it refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise ServiceError("没有 postgres 或 nobody 账号，无法以 root 启动 PostgreSQL。")


def identity(user: str | None) -> dict[str, object]:
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def postgres_tool(name: str) -> str:
    found = glob.glob(f"/usr/lib/postgresql/*/bin/{name}")  # noqa: PTH207
    if found:
        return max(found, key=lambda path: int(path.split("/")[4]))
    if path := shutil.which(name):
        return path
    raise ServiceError("没有找到 PostgreSQL。请先执行 scripts/setup test。")


def sweep() -> None:
    """Remove the folders of runs that were killed."""
    for folder in Path(tempfile.gettempdir()).glob("portal-services-*"):
        match = FOLDER.match(folder.name)
        if match and not Path(f"/proc/{match[1]}").exists():
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Run PostgreSQL on a Unix socket in `folder`; yield its URL."""
    user = owner()
    data = folder / "pg"
    data.mkdir(mode=0o700)
    if user:
        shutil.chown(folder, user)
        shutil.chown(data, user)
    made = subprocess.run(
        [
            postgres_tool("initdb"),
            *("-D", data, "-U", "portal", "-A", "trust"),
            *("--no-sync", "-E", "UTF8", "--locale=C.UTF-8"),
        ],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
        **identity(user),
    )
    if made.returncode:
        raise ServiceError(f"PostgreSQL 初始化失败：{made.stderr.strip()}")
    # Speed over safety: these data live as long as the tests.
    options = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
    options += ["listen_addresses=", f"unix_socket_directories={folder}"]
    options += ["max_connections=200", *UNLOGGED]
    log = (folder / "pg.log").open("w")
    server = subprocess.Popen(
        [postgres_tool("postgres"), "-D", data]
        + [word for option in options for word in ("-c", option)],
        stdout=log,
        stderr=log,
        cwd=folder,
        start_new_session=True,
        # SIGINT is the fast shutdown: SIGTERM waits for every client.
        preexec_fn=bound_to_this_process(signal.SIGINT),
        **identity(user),
    )
    try:
        wait_for(server, "PostgreSQL", folder / "pg.log", folder / ".s.PGSQL.5432")
        yield f"postgres://portal@/postgres?host={folder}"
    finally:
        stop(server, signal.SIGINT)
        log.close()


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Run Redis on a free port of the loopback address; yield its URL."""
    binary = shutil.which("redis-server")
    if not binary:
        raise ServiceError("没有找到 Redis。请先执行 scripts/setup test。")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    password = secrets.token_hex(16)
    ready = folder / "redis.sock"
    log = (folder / "redis.log").open("w")
    server = subprocess.Popen(
        [binary, "-"],
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
        cwd=folder,
        start_new_session=True,
        preexec_fn=bound_to_this_process(),
    )
    server.stdin.write(
        f"bind 127.0.0.1\nport {port}\nunixsocket {ready}\nsave ''\n"
        f"appendonly no\nrequirepass {password}\ndir {folder}\n".encode()
    )
    server.stdin.close()
    try:
        wait_for(server, "Redis", folder / "redis.log", ready)
        yield f"redis://:{password}@127.0.0.1:{port}/0"
    finally:
        stop(server, signal.SIGTERM)
        log.close()


def wait_for(
    server: subprocess.Popen[bytes], name: str, log: Path, ready: Path
) -> None:
    """Wait until the Unix socket `ready` accepts a connection."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.connect(str(ready))
            # PostgreSQL listens a moment before it lets anybody in.
            if name != "PostgreSQL" or "ready to accept" in log.read_text():
                return
        time.sleep(0.05)
    tail = log.read_text(errors="replace")[-2000:]
    raise ServiceError(f"{name} 没有启动起来：\n{tail}")


def stop(server: subprocess.Popen[bytes], signum: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        server.send_signal(signum)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        end_group(server.pid)
        server.wait()


def check_given(name: str, url: str, default_port: int) -> None:
    """Refuse a given service that cannot be reached, before any test starts."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        raise ServiceError(
            f"{name} 指向 SQLite。完整测试必须用 PostgreSQL：请取消该变量，"
            "或用 scripts/test --lite。"
        )
    host = unquote(parts.hostname or "")
    if not host or host.startswith("/") or "socket" in parts.scheme:
        return  # a Unix socket; Django says so if it is not there
    try:
        socket.create_connection((host, parts.port or default_port), 5).close()
    except OSError as error:
        raise ServiceError(
            f"{name} 指向的 {host}:{parts.port or default_port} 连不上"
            f"（{error.strerror or error}）。请启动该服务，或取消该变量由测试自备。"
        ) from error


@contextlib.contextmanager
def services() -> Iterator[dict[str, str]]:
    """Yield the environment in which the command runs."""
    sweep()
    given = {key: os.environ.get(key, "") for key in ("DATABASE_URL", "REDIS_URL")}
    if given["DATABASE_URL"]:
        check_given("DATABASE_URL", given["DATABASE_URL"], 5432)
    if given["REDIS_URL"]:
        check_given("REDIS_URL", given["REDIS_URL"], 6379)
    with contextlib.ExitStack() as stack:
        # Short: the path of a Unix socket has at most 107 bytes.
        folder = Path(tempfile.mkdtemp(prefix=f"portal-services-{os.getpid()}-"))
        folder.chmod(0o711)  # the postgres account passes through
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        for name, start in (("pg", postgres), ("redis", redis)):
            key = "DATABASE_URL" if name == "pg" else "REDIS_URL"
            if not given[key]:
                place = folder / name
                place.mkdir()
                given[key] = stack.enter_context(start(place))
        yield given


@contextlib.contextmanager
def lite() -> Iterator[dict[str, str]]:
    """Yield an environment with SQLite and the file broker."""
    if os.environ.get("CI", "").lower() not in {"", "0", "false"}:
        raise ServiceError("CI 环境不允许 --lite：必须在 PostgreSQL 和 Redis 上测试。")
    say("!" * 72)
    say("!!! --lite：只用 SQLite，不启动 PostgreSQL 和 Redis，")
    say("!!! 依赖它们的测试会跳过。提交前请运行完整的 scripts/test。")
    say("!" * 72)
    with tempfile.TemporaryDirectory(prefix="portal-lite-") as folder:
        yield {
            "DATABASE_URL": f"sqlite:///{folder}/test.sqlite3",
            "REDIS_URL": "",
            "PORTAL_LITE": "1",
        }


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def pytest_command(arguments: list[str]) -> list[str]:
    """Add the default number of processes, unless the caller chose or debugs."""
    chosen = re.compile(r"-n\d*|--numprocesses(=.*)?|--pdb|--trace|-s|-h|--help|--co")
    command = [sys.executable, "-m", "pytest"]
    is_single = any("::" in argument for argument in arguments)
    if is_single or any(chosen.fullmatch(argument) for argument in arguments):
        return [*command, *arguments]
    processes = min(4, max(2, os.cpu_count() or 2))
    # By file: what a module sets up (a portal, a browser) is set up once. With
    # pytest 9.2, loadgroup silently groups nothing (pytest-xdist#1386).
    # In the order of tests/conftest.py, which begins with the files that take longest.
    spread = ["--dist", "loadfile", "--no-loadscope-reorder"]
    return [*command, "-n", str(processes), *spread, *arguments]


def run(command: list[str], environ: dict[str, str]) -> int:
    """Run `command`; any wish to stop reaches it as one SIGINT.

    pytest reports what it has on SIGINT, and loses it on SIGTERM.
    """
    # On a terminal the command shares its group, which gets Ctrl-C by itself
    # and may read the keyboard; elsewhere it is ours to pass on.
    on_terminal = sys.stdin is not None and sys.stdin.isatty()
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | environ | {"DJANGO_ALLOW_ASYNC_UNSAFE": "true"},
        start_new_session=not on_terminal,
        preexec_fn=bound_to_this_process(signal.SIGINT),
    )

    def pass_on(signum: int, frame: object) -> None:
        if not (on_terminal and signum == signal.SIGINT):
            child.send_signal(signal.SIGINT)

    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, pass_on)
    code = child.wait()
    if not on_terminal:
        end_group(child.pid)  # browsers and workers of an interrupted run
    return code if code >= 0 else 128 - code


def main(arguments: list[str]) -> int:
    mode, *rest = arguments or [""]
    if mode not in {"pytest", "exec"} or (mode == "exec" and not rest):
        say(__doc__)
        return 2
    is_lite = mode == "pytest" and "--lite" in rest
    if mode == "pytest":
        rest = pytest_command([word for word in rest if word != "--lite"])
    # A signal while the services start ends this program through its clean-up.
    for signum in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, lambda number, frame: sys.exit(128 + number))
    try:
        with lite() if is_lite else services() as environ:
            return run(rest, environ)
    except ServiceError as error:
        say(str(error))
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
