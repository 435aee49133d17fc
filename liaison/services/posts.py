"""Posts that card holders claim: set up, mended, closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.rules.projects import check_day, most_at_once
from config.lib.errors import RuleError
from config.lib.paths import depth
from config.lib.versions import check_version, save_versioned
from liaison.models import ClaimPost
from liaison.parameters.posts import POST_CATEGORIES
from liaison.rules import posts as rules
from liaison.services.claims import end_claims_of_post, spans_of
from members.models import Talent
from organizations import audit, parameters
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Organization, User
from organizations.signals import facts_changed


@dataclass(frozen=True)
class PostFacts:
    """What a post is, for how many, and when it is done."""

    category: str
    title: str
    duties: str
    places: int
    talents: Sequence[Talent] = ()
    needed_at: str = ""
    time_words: str = ""


@transaction.atomic
def set_up_post(
    *,
    organization_id: int,
    facts: PostFacts,
    opened_on: date,
    actor: User,
    request_id: UUID | None = None,
) -> ClaimPost:
    """Set up a post of a community or branch.

    A repeated `request_id` returns the post of the first time. Raises
    Organization.DoesNotExist out of scope, PermissionDenied, RuleError.
    """
    places = Organization.objects.with_members_visible_to(actor).open()
    organization = places.get(pk=organization_id)
    require(actor, Right.KEEP_CARDS, organization)
    if request_id is not None:
        earlier = ClaimPost.objects.visible_to(actor).filter(request_id=request_id)
        if (found := earlier.first()) is not None:
            return found
    if depth(organization.path) == 1:
        raise RuleError(
            "岗位由社区或党支部设，请选择社区或党支部。", code="organization"
        )
    check_day(
        opened_on,
        label="设岗日期",
        code="opened_on",
        first=date(2000, 1, 1),
        today=timezone.localdate(),
    )
    rules.check_places(facts.places)
    post = ClaimPost(
        organization=organization,
        opened_on=opened_on,
        recorded_by=actor,
        request_id=request_id,
    )
    _apply(post, facts)
    _save_titled(post)
    post.talents.set(facts.talents)
    _tell(post, "opened", actor, since=opened_on)
    return post


@transaction.atomic
def amend_post(
    *, post_id: int, facts: PostFacts, version: int | None = None, actor: User
) -> ClaimPost:
    """Put a post right; never to fewer places than were ever held at once.

    Raises ClaimPost.DoesNotExist out of scope, PermissionDenied, StaleError,
    RuleError.
    """
    post = _locked(post_id, actor)
    check_version(post, version)
    spans = spans_of(post)
    rules.check_places(facts.places, most_at_once(spans) if spans else 0)
    _apply(post, facts)
    post.version += 1
    _save_titled(post)
    post.talents.set(facts.talents)
    _tell(post, "amended", actor, since=post.opened_on)
    return post


@transaction.atomic
def close_post(
    *,
    post_id: int,
    closed_on: date,
    reason: str,
    version: int | None = None,
    actor: User,
) -> ClaimPost:
    """Close a post: who holds it leaves that day, who asked for it is told why.

    Raises as `amend_post`.
    """
    post = _locked(post_id, actor)
    rules.check_reason(reason, "请写明关闭的原因。")
    days = {day for span in spans_of(post) for day in span if day is not None}
    check_day(
        closed_on,
        label="关闭日期",
        code="closed_on",
        first=max([post.opened_on, *days]),
        today=timezone.localdate(),
    )
    check_version(post, version)
    ended = end_claims_of_post(post, closed_on, actor)
    post.closed_on, post.closed_reason = closed_on, reason.strip()
    save_versioned(post, version=version, update_fields=["closed_on", "closed_reason"])
    _tell(post, "closed", actor, since=closed_on, people=ended)
    return post


def hand_over_posts(*, source: Organization, target: Organization) -> None:
    """Let the one a branch merges into keep its posts; a title taken says whence.

    In the caller's transaction.
    """
    posts = list(ClaimPost.objects.filter(organization=source).order_by("pk"))
    taken = ClaimPost.objects.open().filter(organization=target)
    titles = set(taken.values_list("title", flat=True))
    for post in posts:
        post.organization = target
        if post.is_open and post.title in titles:
            post.title = f"{post.title[:14]}（原{source}）"[:30]
        post.save(update_fields=["organization", "title"])
    if posts:
        facts_changed.send(
            sender=ClaimPost,
            organization_ids={source.pk, target.pk},
            since=min(post.opened_on for post in posts),
        )


def _locked(post_id: int, actor: User) -> ClaimPost:
    """The open post, locked: all that changes it or its claims waits here."""
    post = (
        ClaimPost.objects.visible_to(actor)
        .select_related("organization")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=post_id)
    )
    require(actor, Right.KEEP_CARDS, post.organization)
    rules.check_open(post.closed_on, post.title)
    return post


def _apply(post: ClaimPost, facts: PostFacts) -> None:
    rules.check_category(
        facts.category, parameters.get(POST_CATEGORIES.key), kept=post.category
    )
    post.category, post.title = facts.category, facts.title.strip()
    post.duties, post.places = facts.duties.strip(), facts.places
    post.needed_at, post.time_words = facts.needed_at, facts.time_words.strip()
    post.clean_fields(exclude=["organization", "recorded_by"])


def _save_titled(post: ClaimPost) -> None:
    try:
        with transaction.atomic():
            post.save()
    except IntegrityError:
        raise RuleError(
            f"{post.organization}已有名为“{post.title}”的岗位，请换一个名称，"
            "要增加人数的请修改原来的岗位。",
            code="title",
        ) from None


def _tell(
    post: ClaimPost, step: str, actor: User, *, since: date, people: int = 0
) -> None:
    details: dict[str, object] = {"post_step": step}
    if people:
        details["count"] = people
    audit.record(
        actor=actor,
        action=AuditAction.CLAIM_POST_SAVED,
        target=post,
        organization=post.organization,
        details=details,
    )
    facts_changed.send(
        sender=ClaimPost, organization_ids={post.organization_id}, since=since
    )
