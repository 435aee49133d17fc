"""Pages of two-way contact with authorities, for the street."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from liaison.models import Authority
from tests.bench.pages_activities import Page
from tests.bench.street import Street


def authority_pages(street: Street) -> Iterator[Page]:
    authority = Authority.objects.filter(organization=street.root).first()
    assert authority is not None
    exchange = authority.exchanges.first()
    assert exchange is not None
    lists = reverse("liaison:exchange-list")
    found = {
        "双向联系": reverse("liaison:authority-list"),
        "双向联系 一个部门": authority.get_absolute_url(),
        "双向联系 登记部门": reverse("liaison:authority-add"),
        "双向联系 登记往来": reverse("liaison:exchange-add", args=[authority.pk]),
        "双向联系 往来": lists,
        "双向联系 逾期": f"{lists}?group=overdue",
        "双向联系 全部": f"{lists}?group=all&authority={authority.pk}",
        "双向联系 一件往来": exchange.get_absolute_url(),
        "双向联系 登记答复": reverse("liaison:exchange-answer", args=[exchange.pk]),
    }
    for name, url in found.items():
        yield name, "staff", url
