"""The demo's papers for the school's seminars and exchanges."""

from __future__ import annotations

import io
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from activities.choices import Presence
from activities.models import Activity, Paper
from activities.rules.papers import PAPER_KINDS
from organizations.choices import FilePurpose
from organizations.models import StoredFile, User
from organizations.services.files import IMAGES, store_upload

_TITLES = (
    "网格里的党员怎样亮身份",
    "老旧小区加装电梯的协商办法",
    "我们支部的一小时微党课",
    "楼道堆物是怎样清掉的",
)
_GUEST, _GUEST_TITLE = "驻区企业代表柳青", "企业会议室向居民开放的体会"
_MEETINGS = 3


def make_papers(writer: User, random: Random) -> None:
    """Two members' papers for each of the latest meetings, and once a guest's."""
    meetings = (
        Activity.objects.held()
        .filter(kind__in=PAPER_KINDS, course__isnull=False)
        .select_related("organization")
        .order_by("-held_on", "pk")
    )
    for number, meeting in enumerate(meetings[:_MEETINGS]):
        sheet = _sheet(meeting, writer)
        own = {"activity": meeting, "file": sheet, "recorded_by": writer}
        present = meeting.participations.filter(presence=Presence.PRESENT)
        authors = list(present.order_by("pk").values_list("member", flat=True))
        for turn, author in enumerate(random.sample(authors, min(2, len(authors)))):
            title = _TITLES[(2 * number + turn) % len(_TITLES)]
            Paper.objects.create(**own, member_id=author, title=title)
        if number == 0:
            Paper.objects.create(**own, author_name=_GUEST, title=_GUEST_TITLE)


def _sheet(meeting: Activity, writer: User) -> StoredFile:
    """A photo of a written page, as somebody would hand it in."""
    page = Image.new("RGB", (600, 848), "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((180, 70, 420, 90), fill="#444444")
    for line in range(24):
        end = 540 if line % 5 != 4 else 330
        pen.rectangle((60, 140 + line * 27, end, 146 + line * 27), fill="#999999")
    output = io.BytesIO()
    page.save(output, "PNG")
    return store_upload(
        upload=SimpleUploadedFile("交流材料.png", output.getvalue()),
        purpose=FilePurpose.PAPER,
        organization=meeting.organization,
        actor=writer,
        allowed_types=IMAGES,
        max_bytes=output.tell(),
    )
