"""Code values of plans."""

from django.db import models


class Repeat(models.TextChoices):
    """How often a line of a plan is owed."""

    ONCE = "once", "一次"
    MONTHLY = "monthly", "每月"
    QUARTERLY = "quarterly", "每季度"
