"""Code values of volunteers' free time."""

from django.db import models


class FreeTime(models.TextChoices):
    """When somebody can help; also the names of the fields of `Availability`."""

    WEEKDAYS = "weekdays", "工作日白天"
    EVENINGS = "evenings", "工作日晚上"
    WEEKENDS = "weekends", "周末和节假日"
