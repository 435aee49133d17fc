"""gunicorn under the production settings, on the tests' PostgreSQL and Redis."""

import http.client
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.ops.processes import (
    PYTHON,
    ROOT,
    clean_environ,
    free_port,
    started,
    wait_until,
)
from tests.ops.test_settings import GOOD

HOST = GOOD["ALLOWED_HOSTS"]


@pytest.fixture
def production(db, tmp_path: Path):
    """Serve the test database; give a function that asks for a page."""
    if connection.vendor != "postgresql":
        pytest.skip("production runs on PostgreSQL")
    folder = os.environ["DATABASE_URL"].rpartition("?host=")[2]
    if not folder.startswith("/"):
        pytest.skip("needs the PostgreSQL of scripts/services.py")
    port = free_port()
    name = connection.settings_dict["NAME"]
    environ = GOOD | {
        "DATABASE_URL": f"postgres://portal@/{name}?host={folder}",
        "REDIS_URL": os.environ["REDIS_URL"],
        "PORTAL_VAR": str(tmp_path),
        "PORTAL_STATIC": str(tmp_path / "static"),
        "GUNICORN_BIND": f"127.0.0.1:{port}",
        "WEB_WORKERS": "1",
    }
    subprocess.run(
        [ROOT / "deploy/collect-static"],
        env=clean_environ(
            PYTHON=sys.executable, PORTAL_STATIC=str(tmp_path / "static")
        ),
        check=True,
        capture_output=True,
    )
    output = tmp_path / "out"
    command = [PYTHON, "-m", "gunicorn", "-c", "python:config.gunicorn_conf"]

    def get(path: str, **headers: str) -> http.client.HTTPResponse:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        named = {k.replace("_", "-"): v for k, v in headers.items()}
        client.request("GET", path, headers={"Host": HOST} | named)
        response = client.getresponse()
        response.read()
        client.close()
        return response

    def is_up() -> bool:
        try:
            return get("/").status > 0
        except OSError:
            return False

    with started([*command, "config.wsgi"], output, **environ):
        assert wait_until(is_up, 60), output.read_text()
        yield get


def test_production_speaks_https_to_its_own_name_only(production):
    plain = production("/account/login/")
    assert plain.status == 301
    assert plain.headers["Location"].startswith(f"https://{HOST}/")
    stranger = production("/", Host="evil.test", X_Forwarded_Proto="https")
    assert stranger.status == 400
    page = production("/no-such-page/", X_Forwarded_Proto="https")
    assert page.status in {302, 404}
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_static_files_carry_their_hash_and_are_kept(production, tmp_path: Path):
    names = json.loads((tmp_path / "static/staticfiles.json").read_text())["paths"]
    address = f"/static/{names['admin/css/base.css']}"
    page = production(address, X_Forwarded_Proto="https", Accept_Encoding="gzip")
    assert page.status == 200
    assert page.headers["Content-Encoding"] == "gzip"
    assert "immutable" in page.headers["Cache-Control"]
