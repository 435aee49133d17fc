"""Production refuses what is weak, each time with a sentence naming the setting."""

import base64
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env
from config.settings import base
from tests.ops.processes import ROOT, clean_environ


def key(seed: int) -> str:
    return base64.b64encode(
        bytes((seed * 37 + i * 29) % 256 for i in range(32))
    ).decode()


SECRET = "wX7-" + "q3Zp9TfK2mVb8RcYh5Nd" * 4
PRODUCTION = "config.settings.production"
GOOD = {
    "DJANGO_SETTINGS_MODULE": PRODUCTION,
    "SECRET_KEY": SECRET,
    "FIELD_KEYS": f"k2:{key(2)},k1:{key(1)}",
    "FIELD_INDEX_KEY": key(3),
    "ALLOWED_HOSTS": "dangjian.jiangbin.gov.cn",
    "DATABASE_URL": "postgres://portal:9vQx-73kd-Lm@127.0.0.1:5432/portal",
    "REDIS_URL": "redis://:8sKw-22pq-Zt@127.0.0.1:6379/0",
}
DEV = {
    "DJANGO_SETTINGS_MODULE": "config.settings.dev",
    "DATABASE_URL": "",
    "REDIS_URL": "",
}
REFUSALS = [
    ("SECRET_KEY", {"SECRET_KEY": ""}),
    ("SECRET_KEY", {"SECRET_KEY": "short"}),
    ("SECRET_KEY", {"SECRET_KEY": "a" * 80}),
    ("SECRET_KEY", {"SECRET_KEY": f"django-insecure-{SECRET}"}),
    ("FIELD_KEYS", {"FIELD_KEYS": ""}),
    ("FIELD_KEYS", {"FIELD_KEYS": "k1:c2hvcnQ="}),
    ("FIELD_KEYS", {"FIELD_KEYS": "k1:" + base64.b64encode(b"a" * 32).decode()}),
    ("FIELD_KEYS", {"FIELD_KEYS": key(1)}),
    ("FIELD_KEY_ACTIVE", {"FIELD_KEY_ACTIVE": "k9"}),
    ("FIELD_INDEX_KEY", {"FIELD_INDEX_KEY": ""}),
    ("FIELD_INDEX_KEY", {"FIELD_INDEX_KEY": key(2)}),
    ("DEBUG", {"DEBUG": "true"}),
    ("TOTP_REQUIRED_ROLES", {"TOTP_REQUIRED_ROLES": "committee_stuff"}),
    ("DEBUG", {"DEBUG": "maybe"}),
    ("ALLOWED_HOSTS", {"ALLOWED_HOSTS": ""}),
    ("ALLOWED_HOSTS", {"ALLOWED_HOSTS": "dangjian.jiangbin.gov.cn,*"}),
    ("DATABASE_URL", {"DATABASE_URL": ""}),
    ("DATABASE_URL", {"DATABASE_URL": "sqlite:///portal.sqlite3"}),
    ("DATABASE_URL", {"DATABASE_URL": "postgres://portal:postgres@db:5432/portal"}),
    ("DATABASE_URL", {"DATABASE_URL": "postgres://portal@db:5432/portal"}),
    ("REDIS_URL", {"REDIS_URL": ""}),
    ("REDIS_URL", {"REDIS_URL": "redis://127.0.0.1:6379/0"}),
    ("DATABASE_URL", {"DATABASE_URL": "postgres://portal:9vQx-73kd-Lm@db:54x/p"}),
    ("EMAIL_URL", {"EMAIL_URL": "mail.example.cn"}),
    ("EMAIL_URL", {"EMAIL_URL": "smtp://"}),
    ("PASSWORD_PROFILE", {"PASSWORD_PROFILE": "none"}),
    ("BIND", DEV | {"BIND": "0.0.0.0"}),
    ("DEBUG", DEV | {"DEBUG": "maybe"}),
    ("DATABASE_URL", DEV | {"DATABASE_URL": "portal"}),
    ("DATABASE_URL", DEV | {"DATABASE_URL": "mysql://a:b@127.0.0.1/portal"}),
    ("REDIS_URL", DEV | {"REDIS_URL": "127.0.0.1:6379"}),
    ("PORTAL_VAR", DEV | {"PORTAL_VAR": "/dev/null/var"}),
]


def manage(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=clean_environ(**environ),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def refusals(tmp_path_factory):
    """Start every case of the table, two at a time, each in its own process."""
    var = str(tmp_path_factory.mktemp("var"))

    def attempt(case: tuple[str, dict[str, str]]) -> subprocess.CompletedProcess[str]:
        return manage("portal", **(GOOD | {"PORTAL_VAR": var} | case[1]))

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(attempt, REFUSALS))


@pytest.mark.parametrize("index", range(len(REFUSALS)))
def test_the_portal_refuses_to_start_and_names_the_setting(refusals, index):
    name, _ = REFUSALS[index]
    result = refusals[index]
    assert result.returncode != 0
    assert name in result.stderr
    assert "Traceback" not in result.stderr
    assert any("一" <= letter <= "鿿" for letter in result.stderr)
    assert result.stderr.strip().count("\n") == 0


def test_good_values_pass_the_deployment_check_without_a_warning(tmp_path):
    result = manage(
        "check", "--deploy", "--fail-level", "WARNING",
        **(GOOD | {"PORTAL_VAR": str(tmp_path)}),
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "no issues (0 silenced)" in result.stdout + result.stderr


def test_a_secret_may_come_from_a_file(tmp_path, monkeypatch):
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "secret"))
    monkeypatch.delenv("SECRET_KEY", raising=False)
    assert env.text("SECRET_KEY") == SECRET


def test_a_missing_secret_file_is_named(monkeypatch):
    monkeypatch.setenv("SECRET_KEY_FILE", "/nowhere/secret")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FILE"):
        env.text("SECRET_KEY")


@pytest.mark.parametrize("value", ["80x", "-1", "70000", "８０"])  # noqa: RUF001
def test_a_port_that_is_no_number_is_refused(monkeypatch, value):
    monkeypatch.setenv("PORT", value)
    with pytest.raises(ImproperlyConfigured, match="PORT"):
        env.number("PORT", default=8000, low=1, high=65535)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.0.1", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.1.2.3", False),
        ("portal.local", False),
        ("", False),
    ],
)
def test_only_the_own_machine_is_loopback(host, expected):
    assert env.is_loopback(host) is expected


def test_a_database_over_a_unix_socket_needs_no_password():
    env.require_password("DATABASE_URL", "postgres://portal@/portal?host=/run/pg")


def test_the_first_field_key_encrypts_unless_another_is_named():
    keys, active = env.require_field_keys(GOOD["FIELD_KEYS"], "")
    assert (list(keys), active) == (["k2", "k1"], "k2")
    assert env.require_field_keys(GOOD["FIELD_KEYS"], "k1")[1] == "k1"


def test_postgresql_plans_for_pages_and_not_for_reports():
    found = base.tuned({"ENGINE": "django.db.backends.postgresql"})
    assert found["OPTIONS"]["options"] == base.POSTGRESQL_OPTIONS


def test_the_options_of_an_address_stay():
    given = {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {"options": "-c a"}}
    assert base.tuned(given)["OPTIONS"]["options"] == "-c a"


def test_sqlite_gets_no_options_of_postgresql():
    assert "OPTIONS" not in base.tuned({"ENGINE": "django.db.backends.sqlite3"})
