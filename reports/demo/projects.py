"""The demo's services opened by laid-off members, and whom they led to work there."""

from __future__ import annotations

from datetime import date, timedelta

from activities.models import Placement, ServiceProject
from activities.services.project_people import (
    add_post,
    end_placement,
    place_person,
)
from activities.services.projects import ProjectFacts, close_project, open_project
from members.choices import AffiliationKind, Category, MembershipStatus
from members.models import EmploymentSpell, Member
from members.rules.employment import OUT_OF_WORK
from organizations.models import User
from reports.demo.people import Person
from reports.demo.street import Street

# Name, field, where, posts with their places.
_PROJECTS: tuple[tuple[str, str, str, tuple[tuple[str, int], ...]], ...] = (
    ("巧手缝补屋", "repair", "菜场东侧门面", (("缝纫工", 3), ("收银员", 1))),
    ("社区老年餐桌", "catering", "党群服务中心一楼", (("厨师", 1), ("送餐员", 3))),
    ("邻里家政", "housekeeping", "2号楼底商", (("保洁员", 4), ("月嫂", 2))),
    ("小区快递驿站", "delivery", "南门岗亭旁", (("分拣员", 2),)),
    ("四点半托管", "childcare", "活动室二楼", (("看护员", 2), ("保洁员", 1))),
)
_RESIDENTS = (
    *("王芳", "李桂英", "赵金凤", "周小妹", "吴阿姨", "郑师傅", "钱大嫂"),
    *("孙美兰", "冯大姐", "蒋春梅", "沈玉珍", "韩师傅"),
)


def make_projects(street: Street, people: list[Person], today: date) -> None:
    """Five over the year: one closed, one with posts that stay empty."""
    staff = User.objects.get(username="street")
    residents = iter(_RESIDENTS)
    homes = _out_of_work(street, people)
    for number, (shape, home) in enumerate(zip(_PROJECTS, homes, strict=False)):
        founder, *others = home
        free = iter(others)
        opened_on = today - timedelta(days=220 - number * 35)
        project = _open(street, founder, shape, opened_on, staff)
        for turn, (name, places) in enumerate(shape[3]):
            post = add_post(
                project_id=project.pk,
                name=name,
                places=places,
                created_on=opened_on,
                actor=staff,
            )
            if number == len(_PROJECTS) - 1:
                continue
            for seat in range(max(1, places - 1)):
                member = next(free, None) if (seat + turn) % 2 == 0 else None
                place_person(
                    post_id=post.pk,
                    starts_on=opened_on + timedelta(days=7 + 5 * seat),
                    founder_id=project.founders.get(is_first=True).pk,
                    member_id=member.pk if member else None,
                    person_name="" if member else next(residents),
                    actor=staff,
                )
        if number == 0:
            _leave(project, today, staff)
        if number == 1:
            close_project(
                project_id=project.pk,
                closed_on=today - timedelta(days=20),
                reason="场地到期，厨师另有安排",
                actor=staff,
            )


def _out_of_work(street: Street, people: list[Person]) -> list[list[Member]]:
    """Laid-off members whose record says so today, of each community with some."""
    present = {
        person.member.pk: person.branch.path
        for person in people
        if person.member.category == Category.LAID_OFF
        and person.kind == AffiliationKind.ON_ROLL
        and person.ends_on is None
        and person.member.status == MembershipStatus.NORMAL
    }
    spells = EmploymentSpell.objects.current().filter(
        member__in=present, status__in=OUT_OF_WORK
    )
    found = Member.objects.filter(pk__in=spells.values("member")).order_by("pk")
    homes = [
        [
            member
            for member in found
            if present[member.pk].startswith(place.organization.path)
        ]
        for place in street.communities
    ]
    # Enough for a founder and somebody to lead.
    return [home for home in homes if len(home) > 1]


def _open(
    street: Street, founder: Member, shape: tuple, opened_on: date, staff: User
) -> ServiceProject:
    name, field, place, _ = shape
    branch = founder.affiliations.open().first()
    assert branch is not None
    community = next(
        each
        for each in street.communities
        if branch.organization.path.startswith(each.organization.path)
    )
    return open_project(
        facts=ProjectFacts(name, field, community.pk, place),
        opened_on=opened_on,
        founder_ids=[founder.pk],
        actor=staff,
    )


def _leave(project: ServiceProject, today: date, staff: User) -> None:
    """One has found something better."""
    first = Placement.objects.filter(post__project=project).first()
    assert first is not None
    end_placement(
        placement_id=first.pk,
        ends_on=today - timedelta(days=45),
        reason="other_job",
        words="江滨物业公司，保洁",
        actor=staff,
    )
