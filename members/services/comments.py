"""What residents say of a member: written down, looked into, answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from config.lib.paths import ancestors
from config.lib.versions import check_version, save_versioned
from members.choices.comments import CommentState
from members.models import Member, ResidentComment
from members.querysets import NEARNESS
from members.rules import comments as rules
from organizations import audit
from organizations.access import ROLE_RIGHTS, Right, require
from organizations.choices import AuditAction
from organizations.models import Organization, User
from organizations.signals import facts_changed


@dataclass(frozen=True)
class CommentFacts:
    """What was said, when, and how it came here; the informant may stay unnamed."""

    received_on: date
    source: str
    kind: str
    content: str
    informant: str = ""


def keepers(member: Member, actor: User) -> list[Organization]:
    """Organizations of `actor` that may keep a comment on a member, the nearest first.

    His branches and those above them, so that a community can keep for itself what
    concerns a branch's own secretary.
    """
    relations = (
        member.affiliations.open()
        .annotate(rank=NEARNESS)
        .order_by("rank", "pk")
        .values_list("organization__path", flat=True)
    )
    paths = [above for path in relations for above in reversed(ancestors(path))]
    found = {
        each.path: each
        for each in Organization.objects.with_right(actor, Right.EDIT_MEMBERS)
        .open()
        .filter(path__in=paths)
    }
    return [found[path] for path in dict.fromkeys(paths) if path in found]


def may_see_informant(user: User, comment: ResidentComment) -> bool:
    """Whoever works in the organization that wrote it down, and the street's staff."""
    if not comment.informant:
        return False
    if user.has_right_at(Right.SETTLE_CLAIMS, comment.organization):
        return True
    return any(
        post.organization_id == comment.organization_id
        and Right.EDIT_MEMBERS in ROLE_RIGHTS[post.role]
        for post in user.current_posts
    )


@transaction.atomic
def record_comment(
    *,
    member_id: int,
    organization_id: int,
    facts: CommentFacts,
    request_id: UUID | None = None,
    actor: User,
) -> ResidentComment:
    """Write down what was said of a member; the same `request_id` writes once.

    Raises Member.DoesNotExist out of scope, PermissionDenied where the organization
    may not keep it, RuleError where a rule refuses.
    """
    member = (
        Member.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .get(pk=member_id)
    )
    if request_id is not None:
        # The member's row is locked, so a second copy of the form waits above.
        earlier = ResidentComment.objects.visible_to(actor)
        if (found := earlier.filter(request_id=request_id).first()) is not None:
            return found
    organization = next(
        (each for each in keepers(member, actor) if each.pk == organization_id), None
    )
    if organization is None:
        raise PermissionDenied("您的岗位不能为这位党员登记居民评议。")
    rules.check_received(
        facts.received_on, joined_on=member.joined_on, today=timezone.localdate()
    )
    comment = ResidentComment(
        member=member,
        organization=organization,
        received_on=facts.received_on,
        source=facts.source,
        kind=facts.kind,
        content=rules.check_text(facts.content, "反映内容"),
        informant=facts.informant.strip(),
        recorded_by=actor,
        request_id=request_id,
    )
    comment.clean_fields(exclude=["member", "organization", "recorded_by"])
    comment.save(force_insert=True)
    _tell(comment, AuditAction.COMMENT_RECORDED, actor)
    return comment


@transaction.atomic
def handle_comment(
    *,
    comment_id: int,
    handler: str,
    handling: str,
    handled_on: date,
    version: int | None = None,
    actor: User,
) -> ResidentComment:
    """Write down who looked into it and what was found or done."""
    comment = _locked(comment_id, actor, version)
    rules.check_next(comment.state, CommentState.HANDLING)
    _check_day(handled_on, comment)
    comment.handler = handler.strip()
    comment.handling = rules.check_text(handling, "处理情况")
    comment.handled_on = handled_on
    return _save(comment, CommentState.HANDLING, actor)


@transaction.atomic
def answer_comment(
    *,
    comment_id: int,
    answer: str,
    answered_on: date,
    version: int | None = None,
    actor: User,
) -> ResidentComment:
    """Write down how and when the resident, or the residents, got an answer."""
    comment = _locked(comment_id, actor, version)
    rules.check_next(comment.state, CommentState.ANSWERED)
    _check_day(answered_on, comment)
    comment.answer = rules.check_text(answer, "答复情况")
    comment.answered_on = answered_on
    return _save(comment, CommentState.ANSWERED, actor)


@transaction.atomic
def close_comment(
    *, comment_id: int, version: int | None = None, actor: User
) -> ResidentComment:
    """Close what was answered; it stays on record."""
    comment = _locked(comment_id, actor, version)
    rules.check_next(comment.state, CommentState.CLOSED)
    comment.closed_on = timezone.localdate()
    return _save(comment, CommentState.CLOSED, actor)


@transaction.atomic
def withdraw_comment(
    *, comment_id: int, words: str, version: int | None = None, actor: User
) -> ResidentComment:
    """Take back what was written down by mistake; it stays, uncounted."""
    comment = _locked(comment_id, actor, version)
    rules.check_next(comment.state, CommentState.WITHDRAWN)
    comment.withdrawn_reason = rules.check_text(words, "撤回原因")
    return _save(comment, CommentState.WITHDRAWN, actor)


def hand_over_comments(*, source: Organization, target: Organization) -> None:
    """Let the one a branch merges into go on with what it kept."""
    comments = ResidentComment.objects.filter(organization=source)
    days = list(
        comments.order_by("received_on").values_list("received_on", flat=True)[:1]
    )
    comments.update(organization=target)
    if days:
        facts_changed.send(
            sender=ResidentComment,
            organization_ids={source.pk, target.pk},
            since=days[0],
        )


def _locked(comment_id: int, actor: User, version: int | None) -> ResidentComment:
    comment = (
        ResidentComment.objects.visible_to(actor)
        .select_related("organization", "member")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=comment_id)
    )
    require(actor, Right.EDIT_MEMBERS, comment.organization)
    check_version(comment, version)
    return comment


def _check_day(day: date, comment: ResidentComment) -> None:
    rules.check_step(day, received_on=comment.received_on, today=timezone.localdate())


def _save(
    comment: ResidentComment, state: CommentState, actor: User
) -> ResidentComment:
    comment.state = state
    save_versioned(comment, version=comment.version)
    _tell(comment, AuditAction.COMMENT_CHANGED, actor)
    return comment


def _tell(comment: ResidentComment, action: AuditAction, actor: User) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=comment,
        organization=comment.organization,
        details={"comment_state": comment.state},
    )
    facts_changed.send(
        sender=ResidentComment,
        organization_ids={comment.organization_id},
        since=comment.received_on,
    )
