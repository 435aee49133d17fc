"""Code values of contacts with a member."""

from django.db import models


class ContactWay(models.TextChoices):
    PHONE = "phone", "电话"
    MESSAGE = "message", "微信、短信"
    VISIT = "visit", "上门走访"
    TALK = "talk", "当面谈话"
    LETTER = "letter", "书信"
    OTHER = "other", "其他"
