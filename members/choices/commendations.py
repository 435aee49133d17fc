"""Code values of commendations."""

from django.db import models


class CommendationLevel(models.TextChoices):
    COMMUNITY = "community", "社区、单位"
    STREET = "street", "街道"
    DISTRICT = "district", "区县"
    CITY = "city", "市"
    PROVINCE = "province", "省"
    NATION = "nation", "全国"
