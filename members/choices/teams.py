"""Code values of committees."""

from django.db import models


class OfficerRole(models.TextChoices):
    """Posts on the committee (班子) of a Party organization.

    Source: 《中国共产党支部工作条例（试行）》, its chapter on the branch committee.
    """

    SECRETARY = "secretary", "书记"
    DEPUTY = "deputy", "副书记"
    ORGANIZATION = "organization", "组织委员"
    PUBLICITY = "publicity", "宣传委员"
    DISCIPLINE = "discipline", "纪检委员"
    MEMBER = "member", "委员"


class TeamGroup(models.TextChoices):
    """Tabs of the list of committees."""

    ENDING = "ending", "即将届满"
    OVERDUE = "overdue", "届满未换届"
    WAITING = "waiting", "选举待批复"
    HEADLESS = "headless", "没有登记书记"
