"""deploy/ is held to the tools that will read it, where they are installed."""

import http.client
import http.server
import os
import re
import shutil
import ssl
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import yaml
from django.urls import reverse

from config import env
from tests.ops.processes import ROOT, clean_environ, free_port, started, wait_until

DEPLOY = ROOT / "deploy"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
HADOLINT = shutil.which("hadolint", path=str(Path(sys.executable).parent))
needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")


def test_hadolint_finds_nothing_in_the_dockerfile():
    assert HADOLINT, "requirements/test.txt brings hadolint"
    result = subprocess.run(
        [HADOLINT, "--no-color", DEPLOY / "Dockerfile"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.stdout + result.stderr).strip() == ""


def test_the_image_holds_every_app_and_no_data():
    listed = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert {f"!{name}" for name in apps | {"config", "templates", "static"}} <= set(
        listed
    )
    assert listed[1] == "*"
    assert not {"!var", "!deploy", "!.git", "!tests"} & set(listed)


@pytest.fixture
def compose() -> dict:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def test_compose_runs_the_whole_process_tree(compose):
    services = compose["services"]
    assert {"web", "worker", "beat", "db", "redis", "nginx", "migrate"} == set(services)
    for service in services.values():
        assert set(service.get("secrets", [])) <= set(compose["secrets"])
        for volume in service.get("volumes", []):
            name = volume.split(":")[0]
            assert name.startswith("./") or name in compose["volumes"]
        for needed in service.get("depends_on", {}):
            assert needed in services


def test_only_nginx_is_reachable_from_outside(compose):
    open_to_all = [k for k, v in compose["services"].items() if "ports" in v]
    assert open_to_all == ["nginx"]


def test_redis_keeps_its_queue_on_disk(tmp_path: Path):
    make_secrets(tmp_path)
    assert "appendonly yes" in (tmp_path / "redis.conf").read_text()


def make_secrets(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [DEPLOY / "make-secrets", folder], capture_output=True, text=True, check=False
    )


def environ_of(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text().splitlines() if line]
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


def check(**environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy"],
        cwd=ROOT,
        env=clean_environ(**environ),
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_secrets_that_are_made_are_accepted(tmp_path: Path):
    assert make_secrets(tmp_path).returncode == 0
    values = environ_of(tmp_path / "portal.env")
    values |= {"ALLOWED_HOSTS": "portal.test", "PORTAL_VAR": str(tmp_path / "var")}
    result = check(**values)
    assert result.returncode == 0, result.stderr


def test_the_secret_files_of_compose_are_accepted(tmp_path: Path, compose):
    make_secrets(tmp_path)
    values = {
        name: str(tmp_path / compose["secrets"][Path(value).name]["file"][8:])
        for name, value in compose["x-portal"]["environment"].items()
        if name.endswith("_FILE")
    }
    values |= {"ALLOWED_HOSTS": "portal.test", "PORTAL_VAR": str(tmp_path / "var")}
    values |= {"DJANGO_SETTINGS_MODULE": "config.settings.production"}
    result = check(**values)
    assert result.returncode == 0, result.stderr


def test_secrets_are_never_made_twice(tmp_path: Path):
    make_secrets(tmp_path)
    before = (tmp_path / "field_keys").read_text()
    assert make_secrets(tmp_path).returncode == 1
    assert (tmp_path / "field_keys").read_text() == before


def test_the_example_environment_itself_is_refused():
    result = check(**environ_of(DEPLOY / "portal.env.example"))
    assert result.returncode != 0
    assert "SECRET_KEY" in result.stderr


def settings_read() -> set[str]:
    """Return the names that config reads from the environment."""
    call = re.compile(r"(?:read|env)\.?(?:\w+)?\(\s*\"([A-Z][A-Z_]+)\"")
    paths = [*(ROOT / "config").glob("*.py"), *(ROOT / "config/settings").glob("*.py")]
    return {
        name
        for path in paths
        if path.name not in {"test.py", "env.py"}
        for name in call.findall(path.read_text())
    }


def test_every_setting_is_explained_in_the_example_and_the_readme():
    example = (DEPLOY / "portal.env.example").read_text()
    readme = (ROOT / "README.md").read_text()
    names = settings_read()
    assert {"SECRET_KEY", "DATABASE_URL", "WEB_WORKERS"} <= names
    assert {n for n in names - {"DEBUG", "BIND", "PORT"} if n not in example} == set()
    assert {n for n in names if n not in readme} == set()


def test_systemd_has_nothing_to_say_about_the_units(tmp_path: Path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not installed")
    for path in (DEPLOY / "systemd").iterdir():
        text = path.read_text().replace("/opt/portal/.venv/bin/python", sys.executable)
        (tmp_path / path.name).write_text(text)
    result = subprocess.run(
        ["systemd-analyze", "verify", *tmp_path.iterdir()],
        capture_output=True,
        text=True,
        check=False,
    )
    # A warning is written, yet exits 0.
    assert result.stderr == ""
    assert result.returncode == 0


def test_nginx_slows_down_guessing_at_the_login_page():
    site = (DEPLOY / "nginx/portal.conf").read_text()
    login = site.split(f"location = {reverse('login')} {{")[1].split("}")[0]
    assert "limit_req zone=portal_login" in login


class Echo(http.server.BaseHTTPRequestHandler):
    """Answer with the headers that came."""

    def do_GET(self) -> None:
        body = str(self.headers).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def nginx_conf(tmp_path: Path):
    """Give the shipped configuration, moved to free ports and this folder."""
    ports = {"80": str(free_port()), "443": str(free_port()), "8000": str(free_port())}
    tls = tmp_path / "tls"
    tls.mkdir()
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "2"),
            *("-subj", "/CN=portal.test", "-keyout", tls / "portal.key"),
            *("-out", tls / "portal.crt"),
        ],
        check=True,
        capture_output=True,
    )
    site = (DEPLOY / "nginx/portal.conf").read_text()
    site = site.replace("/etc/nginx/tls", str(tls))
    site = site.replace("/etc/nginx/portal-upstream.conf", str(tmp_path / "upstream"))
    site = site.replace("/var/log/nginx/portal.log", str(tmp_path / "access.log"))
    # The test's machine may have no IPv6.
    site = re.sub(r"^ *listen \[::\].*\n", "", site, flags=re.M)
    site = site.replace("listen 80 ", f"listen 127.0.0.1:{ports['80']} ")
    site = site.replace("listen 443 ", f"listen 127.0.0.1:{ports['443']} ")
    upstream = (DEPLOY / "nginx/upstream.conf").read_text()
    (tmp_path / "upstream").write_text(upstream.replace("8000", ports["8000"]))
    temporary = "\n".join(
        f"{kind}_temp_path {tmp_path}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    main = tmp_path / "nginx.conf"
    main.write_text(
        f"{user} pid {tmp_path}/pid; error_log {tmp_path}/error.log; daemon off;\n"
        f"events {{}}\nhttp {{ {temporary}\n{site} }}\n"
    )
    return main, ports


@needs_nginx
def test_nginx_accepts_its_configuration(nginx_conf, tmp_path: Path):
    result = subprocess.run(
        [NGINX, "-t", "-p", tmp_path, "-c", nginx_conf[0]],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "warn" not in result.stderr


@needs_nginx
def test_nginx_drops_what_a_client_claims_and_logs_no_query(nginx_conf, tmp_path: Path):
    conf, ports = nginx_conf
    upstream = http.server.HTTPServer(("127.0.0.1", int(ports["8000"])), Echo)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    command = [NGINX, "-p", str(tmp_path), "-c", str(conf)]
    trust = ssl.create_default_context(cafile=str(tmp_path / "tls/portal.crt"))
    trust.check_hostname = False

    def get(path: str) -> str:
        connection = http.client.HTTPSConnection(
            "127.0.0.1", int(ports["443"]), context=trust, timeout=5
        )
        connection.request("GET", path, headers={"X-Forwarded-For": "6.6.6.6"})
        return connection.getresponse().read().decode()

    def is_up() -> bool:
        try:
            return bool(get("/"))
        except OSError:
            return False

    with started(command, tmp_path / "out"):
        assert wait_until(is_up, 10), (tmp_path / "out").read_text()
        answer = get("/members/?q=11010519491231002X")
        # nginx writes the line after the answer has left.
        access = tmp_path / "access.log"
        assert wait_until(lambda: "/members/" in access.read_text(), 10)
        log = access.read_text()
    upstream.shutdown()
    upstream.server_close()
    assert "X-Forwarded-For: 127.0.0.1" in answer
    assert "6.6.6.6" not in answer
    assert "X-Forwarded-Proto: https" in answer
    assert "11010519491231002X" not in log


def test_static_files_are_collected_without_real_secrets(tmp_path: Path):
    subprocess.run(
        [DEPLOY / "collect-static"],
        env=clean_environ(
            PYTHON=sys.executable, PORTAL_STATIC=str(tmp_path), PORTAL_VAR=str(tmp_path)
        ),
        check=True,
        capture_output=True,
    )
    assert (tmp_path / "staticfiles.json").exists()
    assert list(tmp_path.rglob("*.css.gz"))


def test_placeholders_of_the_example_are_weak():
    values = environ_of(DEPLOY / "portal.env.example")
    with pytest.raises(Exception, match="DATABASE_URL"):
        env.require_password("DATABASE_URL", values["DATABASE_URL"])
