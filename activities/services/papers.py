"""Papers for a seminar or an exchange: added with their file, withdrawn."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from activities.models import Paper
from activities.rules import papers as rules
from activities.services.activities import locked_activity
from config.lib.errors import RuleError
from members.models import Member
from organizations import audit
from organizations.choices import AuditAction, FilePurpose
from organizations.models import User
from organizations.services.files import DOCUMENTS, store_upload

PAPER_MAX_BYTES = 10 * 1024 * 1024


@transaction.atomic
def add_paper(
    *,
    activity_id: int,
    member_id: int | None,
    author_name: str,
    title: str,
    upload: Any,
    actor: User,
    request_id: UUID | None = None,
) -> Paper:
    """Add somebody's paper; a repeated `request_id` returns that of the first time.

    Raises Activity.DoesNotExist or Member.DoesNotExist out of scope, PermissionDenied
    without the right to record there, RuleError.
    """
    activity = locked_activity(activity_id, actor)
    if request_id is not None:
        # The activity's row is locked, so a second copy of the form waits above.
        earlier = Paper.objects.visible_to(actor).filter(request_id=request_id)
        if (found := earlier.first()) is not None:
            return found
    rules.check_takes_papers(activity.kind, activity.state)
    rules.check_paper_count(activity.papers.standing().count() + 1)
    author_name = author_name.strip()
    rules.check_author(is_member=member_id is not None, name=author_name)
    member = None
    if member_id is not None:
        member = Member.objects.visible_to(actor).get(pk=member_id)
    paper = Paper(
        activity=activity,
        member=member,
        author_name=author_name,
        title=title.strip(),
        recorded_by=actor,
        request_id=request_id,
        file=store_upload(
            upload=upload,
            purpose=FilePurpose.PAPER,
            organization=activity.organization,
            actor=actor,
            allowed_types=DOCUMENTS,
            max_bytes=PAPER_MAX_BYTES,
        ),
    )
    paper.full_clean(exclude=["request_id"])
    paper.save(force_insert=True)
    _tell(paper, "added", actor)
    return paper


@transaction.atomic
def withdraw_paper(*, paper_id: int, reason: str, actor: User) -> Paper:
    """Take a paper back; it stays on record, without a way to its file.

    Raises Paper.DoesNotExist out of scope, PermissionDenied, RuleError.
    """
    seen = Paper.objects.visible_to(actor).filter(pk=paper_id)
    activity_id = seen.values_list("activity", flat=True).get()
    activity = locked_activity(activity_id, actor)
    paper = seen.get()
    paper.activity = activity
    if paper.withdrawn_at is not None:
        raise RuleError("这份材料已经撤回。", code="already_withdrawn")
    if not reason.strip():
        raise RuleError("请写明撤回的原因。", code="reason_missing")
    paper.withdrawn_at, paper.withdrawn_reason = timezone.now(), reason.strip()
    paper.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    _tell(paper, "withdrawn", actor)
    return paper


def _tell(paper: Paper, step: str, actor: User) -> None:
    audit.record(
        actor=actor,
        action=AuditAction.ACTIVITY_UPDATED,
        target=paper.activity,
        organization=paper.activity.organization,
        details={"paper": step, "paper_id": paper.pk},
    )
