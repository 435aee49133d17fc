from django.db import migrations
from django.db.models import F


def confirm(apps, schema_editor):
    """What was recorded before anybody had to confirm it goes on counting."""
    apps.get_model("activities", "Achievement").objects.filter(
        confirmed_at__isnull=True
    ).update(confirmed_at=F("recorded_at"), confirmed_by=F("recorded_by"))


class Migration(migrations.Migration):
    dependencies = [("activities", "0003_programs")]

    operations = [migrations.RunPython(confirm, migrations.RunPython.noop)]
