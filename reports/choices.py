"""Code values of the reports app: stored in English, shown in Chinese."""

from django.db import models


class ExportKind(models.TextChoices):
    MONTHLY = "monthly", "月报"
    ROSTER = "roster", "花名册"
    DUES = "dues", "党费月报"
    LEADS = "leads", "“双带”台账"
