"""The demo's pledges, and what the community wrote down for a branch to confirm."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from activities.models import Achievement, Pledge, ProgramItem
from activities.suggestions import SIX_LEADS
from members.choices import Category
from organizations.models import User
from reports.demo.people import Person

WORDS = ("每月一次到楼门宣讲", "周末参加小区巡逻", "结对帮扶一户困难家庭", "")


def make_pledges(
    people: list[Person], writer: User, random: Random, today: date
) -> None:
    """Half the in-post members have taken an item of 六带; one deed waits a word."""
    items = list(ProgramItem.objects.filter(program__key=SIX_LEADS))
    year_start = date(today.year, 1, 1)
    in_post = [p for p in people if p.member.category == Category.IN_POST]
    pledges = []
    for person in in_post:
        if random.random() < 0.5:
            continue
        for item in random.sample(items, random.randint(1, 2)):
            pledges.append(
                Pledge(
                    member=person.member,
                    item=item,
                    organization=person.branch,
                    starts_on=year_start,
                    pledged_on=min(year_start + timedelta(days=40), today),
                    words=random.choice(WORDS),
                    recorded_by=writer,
                )
            )
    Pledge.objects.bulk_create(pledges)
    community = User.objects.get(username="community")
    own = {post.organization_id for post in writer.current_posts}
    waiting = [p for p in in_post if p.branch.pk in own][:2]
    for person, item in zip(waiting, items[3:], strict=False):
        Achievement.objects.create(
            member=person.member,
            item=item,
            organization=person.branch,
            achieved_on=today - timedelta(days=2),
            content="社区联席会上主动协调两户漏水纠纷",
            recorded_by=community,
        )
