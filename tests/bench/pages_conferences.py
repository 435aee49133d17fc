"""Pages of joint conferences, for the street and for a community."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from liaison.models import Conference
from tests.bench.pages_activities import Page
from tests.bench.street import Street


def conference_pages(street: Street) -> Iterator[Page]:
    mine = Conference.objects.get(organization=street.communities[0])
    seat = mine.seats.order_by("pk")[2]
    meeting = mine.meetings.get(held_at=None)
    held = mine.meetings.get(held_at__isnull=False)
    decision, briefing = held.decisions.first(), held.briefings.get()
    assert decision is not None
    found = {
        "联席会": reverse("liaison:conference-list"),
        "成立联席会": reverse("liaison:conference-add"),
        "联席会 一个": mine.get_absolute_url(),
        "联席会 添加成员单位": reverse("liaison:seat-add", args=[mine.pk]),
        "联席会 成员单位": seat.get_absolute_url(),
        "联席会 召集会议": reverse("liaison:meeting-call", args=[mine.pk]),
        "联席会议": meeting.get_absolute_url(),
        "联席会议 打印通知": reverse("liaison:meeting-letters", args=[meeting.pk]),
        "联席会议 登记议题": reverse("liaison:topic-add", args=[meeting.pk]),
        "联席会议 链接": reverse("liaison:meeting-link", args=[meeting.pk, seat.pk]),
        "联席会议 已召开": held.get_absolute_url(),
        "联席会议 议程": reverse("liaison:agenda-set", args=[meeting.pk]),
        "联席会议 到会": reverse("liaison:attendance-mark", args=[held.pk]),
        "联席会议 签到表": reverse("liaison:attendance-sheet", args=[held.pk]),
        "联席会议 记录": reverse("liaison:minutes-write", args=[held.pk]),
        "联席会议 记录文件": reverse("liaison:minutes-document", args=[held.pk]),
        "联席会议 登记议定": reverse("liaison:decision-add", args=[held.pk]),
        "联席会 议定事项": reverse("liaison:decision-list"),
        "联席会 议定事项 一项": decision.get_absolute_url(),
        "联席会通报": reverse("liaison:briefing-list"),
        "联席会通报 一份": briefing.get_absolute_url(),
    }
    for role in ("staff", "community"):
        for name, url in found.items():
            yield name, role, url
