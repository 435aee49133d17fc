"""`manage.py rotate_keys`: bring every encrypted value under the active key."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import BaseCommand
from django.db import models

from config.lib.crypto import EncryptedTextField, reencrypt_queryset
from organizations import audit
from organizations.choices import AuditAction


def encrypted_models() -> list[tuple[type[models.Model], list[str]]]:
    """Return every model with encrypted fields, histories too, and their names."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        names = [
            field.name
            for field in model._meta.local_concrete_fields
            if isinstance(field, EncryptedTextField)
        ]
        if names and not model._meta.proxy:
            found.append((model, names))
    return found


class Command(BaseCommand):
    help = (
        "把所有加密字段换用当前密钥（FIELD_KEY_ACTIVE）。可随时中断、再次执行；"
        "执行完毕后旧密钥才可以从 FIELD_KEYS 中去掉。"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        counts = {}
        for model, names in encrypted_models():
            rows = model._base_manager.all()
            count = reencrypt_queryset(rows, names)
            counts[model._meta.label] = count
            self.stdout.write(f"{model._meta.verbose_name}：换密 {count} 行")
        total = sum(counts.values())
        audit.record(
            actor=None,
            action=AuditAction.KEYS_ROTATED,
            details={
                "key_id": settings.FIELD_ENCRYPTION_ACTIVE,
                "count": total,
                "by_model": counts,
            },
        )
        self.stdout.write(
            f"完成，共 {total} 行。当前密钥 {settings.FIELD_ENCRYPTION_ACTIVE}。"
        )
