"""Posts of a project of community services, and who works at them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.models import Placement, ServicePost, ServiceProject
from activities.rules import projects as rules
from activities.services.projects import (
    end,
    locked_project,
    placements_of,
    take_back,
    tell,
)
from config.lib.errors import RuleError
from config.lib.versions import check_version
from members.choices.employment import EmploymentStatus, LeadKind
from members.models import Lead, Member
from members.services import project_records as records
from members.services.contacts import branch_in_touch
from organizations.models import User


@transaction.atomic
def add_post(
    *, project_id: int, name: str, places: int, created_on: date, actor: User
) -> ServicePost:
    """Add posts of one kind, which the founder's ledger counts from that day.

    The same once more is the same. Raises ServiceProject.DoesNotExist out of scope,
    PermissionDenied, RuleError.
    """
    project = locked_project(project_id, actor)
    rules.check_places(places)
    rules.check_day(
        created_on,
        label="设立日期",
        code="created_on",
        first=project.opened_on,
        today=timezone.localdate(),
    )
    name = name.strip()
    known = project.posts.open().filter(name=name).first()
    if known is not None and (known.places, known.created_on) == (places, created_on):
        return known
    post = ServicePost(
        project=project,
        name=name,
        places=places,
        created_on=created_on,
        recorded_by=actor,
    )
    post.clean_fields(exclude=["project", "recorded_by", "lead"])
    post.lead = _posts_lead(project, post, actor)
    _save_named(post)
    tell(project, "post_added", actor, since=created_on)
    return post


@transaction.atomic
def amend_post(
    *, post_id: int, name: str, places: int, version: int | None = None, actor: User
) -> ServicePost:
    """Put the name or the number of places right; the ledger follows.

    Raises ServicePost.DoesNotExist out of scope, StaleError, RuleError.
    """
    project, post = _locked_post(post_id, actor)
    check_version(post, version)
    spans = post.placements.counted().values_list("starts_on", "ends_on")
    rules.check_places(places, rules.most_at_once(spans) if spans else 0)
    is_changed = (post.name, post.places) != (name.strip(), places)
    post.name, post.places = name.strip(), places
    post.clean_fields(exclude=["project", "recorded_by", "lead"])
    if is_changed:
        records.withdraw_lead(post.lead, actor)
        post.lead = _posts_lead(project, post, actor)
    post.version += 1
    _save_named(post)
    tell(project, "post_amended", actor, since=post.created_on)
    return post


@transaction.atomic
def end_post(*, post_id: int, ended_on: date, actor: User) -> ServicePost:
    """There is no such post any more; it was created all the same.

    Raises as `amend_post`; RuleError where somebody still works there.
    """
    project, post = _locked_post(post_id, actor)
    if number := post.placements.working().count():
        raise RuleError(
            f"岗位“{post.name}”还有{number}人在岗，请先登记离岗。", code="ended_on"
        )
    left = post.placements.counted().values_list("ends_on", flat=True)
    rules.check_day(
        ended_on,
        label="撤销日期",
        code="ended_on",
        first=max([post.created_on, *(day for day in left if day is not None)]),
        today=timezone.localdate(),
    )
    post.ended_on = ended_on
    post.save(update_fields=["ended_on"])
    tell(project, "post_ended", actor, since=ended_on)
    return post


@transaction.atomic
def withdraw_post(*, post_id: int, reason: str, actor: User) -> ServicePost:
    """Take back a post that was written down by mistake: it counts no more.

    Raises as `amend_post`; RuleError where somebody was written down as working.
    """
    project, post = _locked_post(post_id, actor)
    if not reason.strip():
        raise RuleError("请写明撤回的原因。", code="reason")
    if post.placements.counted().exists():
        raise RuleError(
            f"岗位“{post.name}”登记过上岗的人，不能撤回；不再设的请用“撤销岗位”。",
            code="reason",
        )
    take_back(post, reason, actor)
    tell(project, "post_withdrawn", actor, since=post.created_on)
    return post


@transaction.atomic
def place_person(
    *,
    post_id: int,
    starts_on: date,
    founder_id: int,
    member_id: int | None = None,
    person_name: str = "",
    way: str = EmploymentStatus.BY_UNIT,
    actor: User,
    request_id: UUID | None = None,
) -> Placement:
    """Write down who begins at a post, and that the founder led him to it.

    A member's record of employment says so too. A repeated `request_id` returns the
    placement of the first time. Raises ServicePost.DoesNotExist, and
    Member.DoesNotExist for somebody out of scope, PermissionDenied, RuleError.
    """
    project, post = _locked_post(post_id, actor, must_be_open=False)
    if request_id is not None:
        earlier = Placement.objects.visible_to(actor).filter(request_id=request_id)
        if (found := earlier.first()) is not None:
            return found
    rules.check_post_open(is_open=post.is_open, name=post.name)
    person_name = person_name.strip()
    rules.check_person(is_member=member_id is not None, name=person_name)
    _check_room(post, starts_on)
    founder = project.founders.get(pk=founder_id)
    people = records.lock_people([founder.member_id, member_id])
    placement = Placement(
        post=post,
        led_by=founder,
        person_name=person_name,
        starts_on=starts_on,
        recorded_by=actor,
        request_id=request_id,
    )
    if member_id is None:
        _check_resident(project, person_name)
    else:
        _place_member(placement, project, people.get(member_id), way, actor)
    placement.lead = records.write_lead(
        member=people[founder.member_id],
        organization=project.organization,
        kind=LeadKind.PEOPLE,
        starts_on=starts_on,
        title=f"{project.name}：{post.name}",
        people_count=1,
        actor=actor,
    )
    placement.save(force_insert=True)
    tell(project, "placed", actor, since=starts_on)
    return placement


@transaction.atomic
def end_placement(
    *, placement_id: int, ends_on: date, reason: str, words: str = "", actor: User
) -> Placement:
    """Write down that somebody left, and what follows in a member's record.

    Who was led to work stays led. Raises Placement.DoesNotExist out of scope,
    PermissionDenied, RuleError.
    """
    project, placement = _locked_placement(placement_id, actor)
    if placement.ends_on is not None:
        raise RuleError(f"已登记于{placement.ends_on}离岗。", code="ends_on")
    words = words.strip()
    rules.check_leaving(reason, words, is_member=placement.member_id is not None)
    people = records.lock_people([placement.member_id])
    end(placement, ends_on, reason, words, people, actor)
    tell(project, "left", actor, since=ends_on)
    return placement


@transaction.atomic
def withdraw_placement(*, placement_id: int, reason: str, actor: User) -> Placement:
    """Take back a placement written down by mistake, with all it wrote elsewhere."""
    project, placement = _locked_placement(placement_id, actor)
    if not reason.strip():
        raise RuleError("请写明撤回的原因。", code="reason")
    records.lock_people([placement.led_by.member_id, placement.member_id])
    records.withdraw_spell(placement.spell, actor)
    records.withdraw_spell(placement.next_spell, actor)
    take_back(placement, reason, actor)
    tell(project, "placement_withdrawn", actor, since=placement.starts_on)
    return placement


def _locked_post(
    post_id: int, actor: User, *, must_be_open: bool = True
) -> tuple[ServiceProject, ServicePost]:
    """The project first, as everywhere, then the post as it is by now."""
    seen = ServicePost.objects.visible_to(actor).filter(pk=post_id)
    project = locked_project(seen.values_list("project", flat=True).get(), actor)
    post = seen.select_related("lead__organization").get()
    post.project = project
    if must_be_open:
        rules.check_post_open(is_open=post.is_open, name=post.name)
    return project, post


def _locked_placement(
    placement_id: int, actor: User
) -> tuple[ServiceProject, Placement]:
    seen = Placement.objects.visible_to(actor).filter(pk=placement_id)
    project = locked_project(seen.values_list("post__project", flat=True).get(), actor)
    placement = seen.select_related(
        *("post", "led_by", "lead__organization", "member"),
        *("spell__organization", "spell__member"),
        *("next_spell__organization", "next_spell__member"),
    ).get()
    if placement.withdrawn_at is not None:
        raise RuleError("这条上岗记录已经撤回。", code="withdrawn")
    return project, placement


def _posts_lead(project: ServiceProject, post: ServicePost, actor: User) -> Lead:
    first = project.founders.select_related("member").get(is_first=True)
    return records.write_lead(
        member=first.member,
        organization=project.organization,
        kind=LeadKind.POSTS,
        starts_on=post.created_on,
        title=f"{project.name}：{post.name}",
        posts_count=post.places,
        actor=actor,
    )


def _save_named(post: ServicePost) -> None:
    try:
        with transaction.atomic():
            post.save()
    except IntegrityError:
        raise RuleError(
            f"这个项目已有岗位“{post.name}”，要增加人数的请修改它的岗位数。",
            code="name",
        ) from None


def _check_room(post: ServicePost, starts_on: date) -> None:
    rules.check_day(
        starts_on,
        label="上岗日期",
        code="starts_on",
        first=post.created_on,
        today=timezone.localdate(),
    )
    spans = post.placements.counted().values_list("starts_on", "ends_on")
    rules.check_free(spans, post.places, starts_on, post.name)


def _place_member(
    placement: Placement,
    project: ServiceProject,
    member: Member | None,
    way: str,
    actor: User,
) -> None:
    """Name the member in the unsaved placement, and write that he works there."""
    seen = Member.objects.visible_to(actor)
    if member is None or not seen.filter(pk=member.pk).exists():
        raise Member.DoesNotExist
    _check_member(project, member)
    placement.member = member
    placement.spell = records.open_spell(
        member=member,
        organization=branch_in_touch(member, actor),
        status=way,
        starts_on=placement.starts_on,
        workplace=project.name,
        actor=actor,
    )


def _check_resident(project: ServiceProject, name: str) -> None:
    names = {each.person_name for each in placements_of(project).working()}
    rules.check_not_there(is_there=name in names, name=name)


def _check_member(project: ServiceProject, member: Member) -> None:
    is_founder = project.founders.filter(member=member).exists()
    rules.check_not_founder(is_founder=is_founder, name=member.name)
    # In any project, also one the actor does not see, which is not named here.
    if Placement.objects.working().filter(member=member).exists():
        raise RuleError(
            f"{member.name}已在服务项目在岗，请先登记离岗，再登记新的岗位。",
            code="member",
        )
