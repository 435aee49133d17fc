"""Pages of joint-building agreements, for the street and for a community."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from liaison.models import Agreement, Evidence
from tests.bench.pages_activities import Page
from tests.bench.street import Street


def agreement_pages(street: Street) -> Iterator[Page]:
    mine = Agreement.objects.filter(organization=street.communities[0]).order_by("pk")
    signed = mine.filter(signed_on__isnull=False).first()
    draft = mine.drafts().first()
    assert signed is not None
    assert draft is not None
    met = Evidence.objects.filter(obligation__agreement=signed).first()
    assert met is not None
    lists, owed = reverse("liaison:agreement-list"), reverse("liaison:obligation-list")
    room = signed.items.filter(kind="resource").first()
    need = signed.items.filter(kind="need").first()
    found = {
        "共建协议": lists,
        "共建协议 即将到期": f"{lists}?group=expiring",
        "共建协议 全部": f"{lists}?group=all&field=culture",
        "共建季度报告": reverse("liaison:agreement-reports"),
        "起草共建协议": reverse("liaison:agreement-add"),
        "共建应办事项": owed,
        "共建应办事项 全部": f"{owed}?group=all",
        "共建协议 一份": signed.get_absolute_url(),
        "共建协议 草稿": draft.get_absolute_url(),
        "共建协议 修改草稿": reverse("liaison:agreement-edit", args=[draft.pk]),
        "共建协议 登记签订": reverse("liaison:agreement-sign", args=[draft.pk]),
        "共建协议 文本": reverse("liaison:agreement-document", args=[signed.pk]),
        "共建协议 添加条款": reverse("liaison:clause-add", args=[draft.pk]),
        "共建协议 登记使用": reverse("liaison:use-add", args=[room.pk]),
        "共建协议 落实需求": reverse("liaison:item-meet", args=[need.pk]),
        "共建应办事项 一项": met.obligation.get_absolute_url(),
    }
    for role in ("staff", "community"):
        for name, url in found.items():
            yield name, role, url
