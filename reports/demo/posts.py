"""The demo's posts that card holders claim: full, half empty, waiting, closed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from liaison.models import LiaisonCard
from liaison.services import claims, own, years
from liaison.services.posts import PostFacts, close_post, set_up_post
from members.models import Talent
from organizations.models import Organization, User
from reports.demo.street import Street

# Category, title, what is done, places, talent, time, its words.
_POSTS = (
    (
        *("安全宣传与治安巡逻", "楼道安全巡查员", "每周查一次楼道消防通道和电动车"),
        *(4, "", "evenings", "每周三晚"),
    ),
    (
        *("法律咨询与援助", "法律咨询员", "每月第一个周六在党群服务中心坐班答疑"),
        *(2, "法律咨询", "weekends", "每月第一个周六上午"),
    ),
    (
        *("健康医疗", "义诊员", "为老人量血压、讲用药"),
        *(2, "义诊", "weekends", "每月第三个周日"),
    ),
    ("环境卫生整治", "环境监督员", "带居民清理楼道、认养绿地", 3, "", "weekends", ""),
    ("青少年教育", "假期辅导员", "寒暑假四点半课堂辅导作业", 2, "", "", "寒暑假"),
)
_INVITED = ("楼道清扫", "法律讲座", "敬老院慰问", "社区议事会", "植树护绿")
_SUMMARIES = (
    "积极参加社区服务，邻里评价好。",
    "专业特长发挥得好，居民常来咨询。",
    "工作忙，来得不多，答应的事都做到了。",
)
_WORDS = ("住在本小区，熟悉情况", "专业对口", "周末有空，愿意出力", "")


def make_posts(
    street: Street, cards: list[LiaisonCard], random: Random, today: date
) -> None:
    """Three or so in each community; branch posts beside them."""
    staff = User.objects.get(username="street")
    for number, community in enumerate(street.communities):
        place = community.organization
        nearby = [
            card
            for card in cards
            if card.ends_on is None
            and card.organization.path.startswith(place.path)
            and card.starts_on < today - timedelta(days=40)
        ]
        random.shuffle(nearby)
        for turn, shape in enumerate(_POSTS[: 3 + number % 3]):
            # The last of a community is too new for anybody to have come forward.
            age = 200 - 45 * turn
            holders = [
                nearby.pop() for _ in range(min(len(nearby), shape[3] - turn % 2))
            ]
            _post(place, shape, holders, today - timedelta(days=age), random, staff)
    branch = street.branches[0]
    at_branch = [card for card in cards if card.organization_id == branch.pk]
    _post(branch, _POSTS[4], at_branch[:1], today - timedelta(days=90), random, staff)
    _close_one(street.communities[0].organization, today, staff)
    for card in cards[:12]:
        _year(card, random, today, staff)
    for card in cards[:6:2]:
        _say(card, today, staff)


def _post(
    place: Organization,
    shape: tuple,
    holders: list[LiaisonCard],
    opened_on: date,
    random: Random,
    staff: User,
) -> None:
    category, title, duties, places, talent, needed_at, time_words = shape
    facts = PostFacts(
        category=category,
        title=title,
        duties=duties,
        places=places,
        talents=list(Talent.objects.filter(name=talent)) if talent else [],
        needed_at=needed_at,
        time_words=time_words,
    )
    post = set_up_post(
        organization_id=place.pk, facts=facts, opened_on=opened_on, actor=staff
    )
    for number, card in enumerate(holders):
        asked_on = max(opened_on, card.starts_on) + timedelta(days=5 + number)
        claim = claims.propose_claim(
            post_id=post.pk,
            card_id=card.pk,
            proposed_on=asked_on,
            words=random.choice(_WORDS),
            actor=staff,
        )
        if number == 1 and places < 4:
            continue  # waits to be decided
        claims.agree_claim(
            claim_id=claim.pk, starts_on=asked_on + timedelta(days=3), actor=staff
        )


def _close_one(place: Organization, today: date, staff: User) -> None:
    facts = PostFacts("文明劝导", "路口文明劝导员", "早高峰在路口劝导", 2)
    post = set_up_post(
        organization_id=place.pk,
        facts=facts,
        opened_on=today - timedelta(days=300),
        actor=staff,
    )
    close_post(
        post_id=post.pk,
        closed_on=today - timedelta(days=100),
        reason="路口改由交警协管员值守",
        actor=staff,
    )


def _year(card: LiaisonCard, random: Random, today: date, staff: User) -> None:
    """A few invitations of the year; one month has too many, to be warned of."""
    first = max(card.starts_on.month if card.starts_on.year == today.year else 1, 1)
    months = [*random.sample(range(first, 13), min(4, 13 - first)), 12, 12, 12]
    for month in months[: random.choice((3, 4, 7))]:
        years.plan_invitation(
            card_id=card.pk,
            month=date(today.year, month, 1),
            content=random.choice(_INVITED),
            actor=staff,
        )
    years.write_summary(
        card_id=card.pk,
        year=today.year,
        words=random.choice(_SUMMARIES),
        actor=staff,
    )


def _say(card: LiaisonCard, today: date, staff: User) -> None:
    """The member has a link, and wrote what he did; the branch has not settled it."""
    link = own.issue_link(card_id=card.pk, actor=staff)
    own.propose_entry(
        token=own.card_token(link),
        kind="service",
        occurred_on=today - timedelta(days=2),
        hours=Decimal("1.5"),
        content="帮楼上独居老人修好了水龙头",
        today=today,
    )
