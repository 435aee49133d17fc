from django.db import models

from activities.models.program import ProgramItem
from activities.querysets.programs import EarnedQuerySet
from members.models import Member


class Earned(models.Model):
    """One event that earned a member an item, whatever was written down of it.

    A view of the database (`activities.earned_view`): presence at a held activity
    that carries the item, a confirmed achievement, and for items that say so the
    member's own employment or the people led into work. Nothing is stored here.
    """

    pk = models.CompositePrimaryKey("member_id", "item_id", "earned_on")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, related_name="+")
    item = models.ForeignKey(ProgramItem, on_delete=models.DO_NOTHING, related_name="+")
    earned_on = models.DateField()
    times = models.IntegerField()
    # "activity", "achievement", "spell" or "lead", and which.
    source = models.CharField(max_length=12)
    source_id = models.BigIntegerField()
    # What it was: the title, the content, the status of employment, the people led.
    words = models.TextField()
    evidence = models.UUIDField(null=True)

    objects = EarnedQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "activities_earned"
        verbose_name = "完成情况"
        verbose_name_plural = "完成情况"

    def __str__(self) -> str:
        return self.words
