"""Granting and ending posts: the only way anybody gets a right."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from config.lib.errors import RuleError
from organizations import access, audit
from organizations.access import Right
from organizations.choices import AuditAction, Role
from organizations.models import Organization, Post, User, WorkUnit
from organizations.services.accounts import NO_RIGHT


@transaction.atomic
def grant_post(
    *,
    user_id: int,
    role: str,
    organization_id: int | None = None,
    work_unit_id: int | None = None,
    starts_on: date,
    ends_on: date | None = None,
    actor: Any,
) -> Post:
    """Give a user a role at a place, from and to (inclusive) the dates.

    Raises PermissionDenied where the actor does not manage accounts at that place,
    User.DoesNotExist for an account out of scope,
    RuleError for one's own account, a closed organization, an overlapping post or
    roles that must stay apart, ValidationError when role and place do not fit.
    """
    if user_id == actor.pk:
        raise RuleError("不能给自己授予岗位，请由另一位系统管理员办理。", code="own")
    if not actor.has_right(Right.MANAGE_USERS):
        raise PermissionDenied(NO_RIGHT)
    visible = User.objects.visible_to(actor).filter(pk=user_id)
    user = User.objects.select_for_update(of=("self",)).get(pk__in=visible)
    post = Post(
        user=user,
        role=role,
        organization=_find(Organization, organization_id),
        work_unit=_find(WorkUnit, work_unit_id),
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by=actor if actor.pk else None,
    )
    _require_place(actor, post)
    post.full_clean()
    _check(post)
    post.save()
    audit.record(
        actor=actor,
        action=AuditAction.POST_GRANTED,
        target=post,
        organization=post.organization,
        details={"user": user.pk, "role": role, "starts_on": str(starts_on)}
        | ({"ends_on": str(ends_on)} if ends_on else {}),
    )
    return post


@transaction.atomic
def end_post(*, post_id: int, ends_on: date, actor: Any) -> Post:
    """End a post with the day `ends_on`, the last one on which it gives its rights.

    Raises Post.DoesNotExist out of scope, PermissionDenied without the right,
    RuleError for one's own post or one that ended before.
    """
    visible = Post.objects.visible_to(actor).filter(pk=post_id)
    post = Post.objects.select_for_update(of=("self",)).get(pk__in=visible)
    _require_place(actor, post)
    if post.user_id == actor.pk:
        raise RuleError("不能结束自己的岗位，请由另一位系统管理员办理。", code="own")
    if post.ends_on is not None and post.ends_on < ends_on:
        raise RuleError(
            f"该岗位已于 {post.ends_on} 结束，不能再延后，请另行授予。", code="ended"
        )
    post.ends_on = ends_on
    post.full_clean()
    post.save(update_fields=["ends_on"])
    audit.record(
        actor=actor,
        action=AuditAction.POST_ENDED,
        target=post,
        organization=post.organization,
        details={"user": post.user_id, "role": post.role, "ends_on": str(ends_on)},
    )
    return post


def _find(model: Any, pk: int | None) -> Any:
    return model.objects.get(pk=pk) if pk else None


def _require_place(actor: Any, post: Post) -> None:
    if post.organization is not None:
        access.require(actor, Right.MANAGE_USERS, post.organization)
    elif not actor.has_right(Right.MANAGE_USERS):
        raise PermissionDenied(NO_RIGHT)


def _check(post: Post) -> None:
    if not post.user.is_active:
        raise RuleError("该账号已停用，请先启用再授予岗位。", code="inactive")
    if post.organization is not None and not post.organization.is_open:
        raise RuleError("该党组织已撤销，不能在其中授予岗位。", code="closed")
    others = post.user.posts.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=post.starts_on)
    )
    if post.ends_on is not None:
        others = others.filter(starts_on__lte=post.ends_on)
    if others.filter(
        role=post.role, organization=post.organization, work_unit=post.work_unit
    ).exists():
        raise RuleError(
            "该账号在这段时间内已有同样的岗位，不必重复授予。", code="overlap"
        )
    # Who audits must not be among those who act: 三员分立, GB/T 22239-2019.
    if post.role == Role.AUDITOR:
        conflicting = others.exclude(role=Role.AUDITOR)
    else:
        conflicting = others.filter(role=Role.AUDITOR)
    if conflicting.exists():
        raise RuleError(
            "审计员不得兼任其他岗位（三员分立）。请先结束原岗位，或授予另一个账号。",
            code="apart",
        )
