"""Code values of study."""

from django.db import models


class OfficerRole(models.TextChoices):
    """Posts in a Party organization whose holders study 56 hours a year."""

    SECRETARY = "secretary", "书记"
    DEPUTY = "deputy", "副书记"
    MEMBER = "member", "委员"
