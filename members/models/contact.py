from django.conf import settings
from django.db import models

from config.lib.crypto import EncryptedTextField
from members.choices.contacts import ContactWay
from members.models.member import Member
from members.querysets.contacts import ContactQuerySet
from organizations.models import Organization


class Contact(models.Model):
    """A branch was in touch with a member: when, how, and what was said."""

    names_a_person = True

    Way = ContactWay

    member = models.ForeignKey(
        Member, verbose_name="党员", on_delete=models.PROTECT, related_name="contacts"
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="联系的党支部",
        on_delete=models.PROTECT,
        related_name="contacts",
    )
    contacted_on = models.DateField("联系日期")
    way = models.CharField("联系方式", max_length=10, choices=ContactWay)
    # What somebody tells his secretary is nobody else's business.
    content = EncryptedTextField("联系内容", blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="记录人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="撤回人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = "联系记录"
        verbose_name_plural = "联系记录"
        ordering = ["-contacted_on", "-pk"]
        indexes = [
            models.Index(
                fields=["member", "contacted_on"], name="members_contact_by_member"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.contacted_on} {self.get_way_display()}"
