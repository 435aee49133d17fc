from django.db import migrations


def mark(apps, schema_editor):
    """Mark the accounts that have a second factor already."""
    devices = apps.get_model("otp_totp", "TOTPDevice")
    confirmed = devices.objects.filter(confirmed=True).values("user_id")
    users = apps.get_model("organizations", "User")
    users.objects.filter(pk__in=confirmed).update(totp_on=True)


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0004_user_totp_on"),
        ("otp_totp", "0003_add_timestamps"),
    ]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
