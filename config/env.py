"""Read settings from the environment, strictly, with errors in Chinese."""

import base64
import binascii
import ipaddress
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}
_COMMON_PASSWORDS = frozenset(
    {"postgres", "password", "passwd", "portal", "admin", "root", "secret", "redis"}
    | {"12345678", "123456789", "1234567890", "admin123", "postgres123", "portal123"}
    | {"password1", "password123", "qwertyuiop", "11111111", "88888888"}
)
_PLACEHOLDERS = ("change", "example", "insecure", "请修改", "请替换")


def text(name: str, default: str = "") -> str:
    """Return `name`, or the first line of the file that `name`_FILE points to."""
    value = os.environ.get(name, "")
    if value:
        return value.strip()
    path = os.environ.get(f"{name}_FILE", "")
    if not path:
        return default
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"设置项 {name}_FILE 指向的文件 {path} 读不出来（{error.strerror}）。"
            "请检查路径和权限。"
        ) from error


def flag(name: str, *, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in _TRUE:
        return True
    if value.strip().lower() in _FALSE:
        return False
    raise ImproperlyConfigured(
        f"设置项 {name} 的值“{value}”不认识。请写 true 或 false。"
    )


def number(name: str, *, default: int, low: int = 0, high: int = 2**31) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise ImproperlyConfigured(
            f"设置项 {name} 的值“{value}”不对。请写 {low} 到 {high} 之间的整数。"
        )
    return int(value)


def names(name: str) -> list[str]:
    """Return the parts of a comma-separated setting."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def choice(name: str, *, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(
            f"设置项 {name} 的值“{value}”不认识。请写 {' 或 '.join(allowed)}。"
        )
    return value


def database(url: str) -> dict[str, Any]:
    """Return Django's settings for the address of a PostgreSQL or SQLite database."""
    try:
        if urlsplit(url).scheme in {"postgres", "postgresql", "sqlite"}:
            return environ.Env.db_url_config(url)
    except ValueError:  # a port that is no number, a bracket that does not close
        pass
    raise ImproperlyConfigured(
        "设置项 DATABASE_URL 不是数据库地址。请写成 "
        "postgres://用户:密码@主机:5432/数据库，或不设置（使用数据目录里的 SQLite）。"
    )


def redis_address(url: str) -> str:
    """Return the address of a Redis, or nothing where none is wanted."""
    if url and not url.startswith(
        ("redis://", "rediss://", "redis+socket://", "unix://")
    ):
        raise ImproperlyConfigured(
            "设置项 REDIS_URL 不是 Redis 地址。请写成 redis://:密码@主机:6379/0，"
            "或不设置（使用数据目录里的文件队列）。"
        )
    return url


def mail(url: str) -> dict[str, Any]:
    """Return Django's EMAIL_… settings for the address of a mail server."""
    try:
        found = environ.Env.email_url_config(url)
        if found.get("EMAIL_HOST") or not urlsplit(url).scheme.startswith("smtp"):
            return found
    except (ImproperlyConfigured, ValueError):  # environ's words are English
        pass
    raise ImproperlyConfigured(
        "设置项 EMAIL_URL 不是邮件服务器地址。请写成 "
        "smtp+tls://用户:密码@主机:587，或不设置（不发送邮件）。"
    )


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def require_loopback(bind: str) -> None:
    """Refuse an open address while the keys are the generated ones."""
    if not is_loopback(bind):
        raise ImproperlyConfigured(
            f"设置项 BIND={bind} 会让其他机器访问，而密钥是自动生成的试用密钥。"
            "请改回 127.0.0.1；正式使用请按 README“部署”一节设置 SECRET_KEY、"
            "FIELD_KEYS、FIELD_INDEX_KEY 和 DJANGO_SETTINGS_MODULE="
            "config.settings.production。"
        )


def require_debug_off(value: bool) -> bool:
    if value:
        raise ImproperlyConfigured(
            "设置项 DEBUG 在正式环境必须关闭（DEBUG=false 或不设置），"
            "否则出错页面会泄露数据。"
        )
    return False


def require_secret_key(value: str) -> str:
    advice = (
        "请用命令 python3 -c 'import secrets; print(secrets.token_urlsafe(64))' "
        "生成一个，妥善保存。"
    )
    if not value:
        raise ImproperlyConfigured(f"没有设置 SECRET_KEY。{advice}")
    weak = len(value) < 50 or len(set(value)) < 10
    if weak or any(word in value.lower() for word in _PLACEHOLDERS):
        raise ImproperlyConfigured(
            f"设置项 SECRET_KEY 太弱（至少 50 个随机字符，不能用示例值）。{advice}"
        )
    return value


def _key_of_32_bytes(name: str, value: str) -> str:
    advice = (
        "请用命令 python3 -c 'import base64, secrets; "
        "print(base64.b64encode(secrets.token_bytes(32)).decode())' 生成，"
        "离线备份；丢失后身份证号等加密内容无法恢复。"
    )
    if not value:
        raise ImproperlyConfigured(f"没有设置 {name}。{advice}")
    try:
        raw = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != 32 or len(set(raw)) < 12:
        raise ImproperlyConfigured(
            f"设置项 {name} 太弱或格式不对（应为 32 个随机字节的 base64）。{advice}"
        )
    return value


def require_index_key(value: str) -> str:
    return _key_of_32_bytes("FIELD_INDEX_KEY", value)


def require_field_keys(value: str, active: str) -> tuple[dict[str, str], str]:
    """Read FIELD_KEYS, "k2:<base64>,k1:<base64>", and say which one encrypts.

    Without FIELD_KEY_ACTIVE the first key does; the others only decrypt.
    """
    if not value:
        _key_of_32_bytes("FIELD_KEYS", "")
    keys: dict[str, str] = {}
    for part in value.split(","):
        key_id, separator, key = part.strip().partition(":")
        if not separator or not key_id.isalnum() or key_id in keys:
            raise ImproperlyConfigured(
                "设置项 FIELD_KEYS 格式不对。请写成 k1:密钥，"
                "多个之间用逗号分开，编号不能重复。"
            )
        keys[key_id] = _key_of_32_bytes("FIELD_KEYS", key)
    chosen = active or next(iter(keys))
    if chosen not in keys:
        raise ImproperlyConfigured(
            f"设置项 FIELD_KEY_ACTIVE={chosen} 不在 FIELD_KEYS 的编号"
            f"（{'、'.join(keys)}）之中。"
        )
    return keys, chosen


def require_distinct(**secrets_by_name: str) -> None:
    """Refuse one secret used for two purposes."""
    seen: dict[str, str] = {}
    for name, value in secrets_by_name.items():
        if value in seen:
            raise ImproperlyConfigured(
                f"设置项 {name} 与 {seen[value]} 相同。请分别生成，各用各的。"
            )
        seen[value] = name


def require_hosts(hosts: list[str]) -> list[str]:
    if not hosts:
        raise ImproperlyConfigured(
            "没有设置 ALLOWED_HOSTS。请写门户的域名或 IP，"
            "例如 ALLOWED_HOSTS=dangjian.example.cn，多个用逗号分开。"
        )
    if any(host in {"*", "."} or host.startswith("*") for host in hosts):
        raise ImproperlyConfigured(
            "设置项 ALLOWED_HOSTS 不能含有 *。请逐个写出门户的域名或 IP。"
        )
    return hosts


def require_password(name: str, url: str) -> None:
    """Refuse a service whose password is missing, short, common or its user."""
    parts = urlsplit(url)
    password = unquote(parts.password or "")
    host = parts.hostname or ""
    if not password and (not host or host.startswith("%2f") or "unix" in parts.scheme):
        return  # A Unix socket: the system's accounts answer for it.
    weak = len(password) < 8 or password.lower() in _COMMON_PASSWORDS
    if weak or password == parts.username or _is_placeholder(password):
        raise ImproperlyConfigured(
            f"设置项 {name} 里的密码为空、太短或是默认密码。"
            "请设置至少 8 位的随机密码，并同步修改该服务的密码。"
        )


def _is_placeholder(password: str) -> bool:
    return any(word in password.lower() for word in _PLACEHOLDERS)
