"""Writing down help towards work, what came of it, and what members did for others."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from config.lib.versions import save_versioned
from members.choices.employment import HelpResult, RecordSource
from members.models import HelpStep, Lead
from members.rules import employment as rules
from members.services.contacts import branch_in_touch
from members.services.employment import lock_member, lock_record, tell, tell_of_deed
from organizations.choices import AuditAction
from organizations.models import User


@transaction.atomic
def record_help(
    *,
    member_id: int,
    kind: str,
    given_on: date,
    provider: str = "",
    content: str = "",
    result: str = HelpResult.PENDING,
    result_words: str = "",
    actor: User,
) -> HelpStep:
    """Write down a step of help; what is settled at once is settled that day.

    The same once more is the same step. Raises Member.DoesNotExist out of scope,
    PermissionDenied, RuleError.
    """
    member = lock_member(member_id, actor)
    organization = branch_in_touch(member, actor)
    today = timezone.localdate()
    rules.check_day("given_on", given_on, joined_on=member.joined_on, today=today)
    provider, content = provider.strip(), content.strip()
    result_words = result_words.strip()
    rules.check_length(provider, rules.PLACE_LENGTH, "由谁提供", "provider")
    rules.check_length(content, rules.TEXT_LENGTH, "帮扶内容", "content")
    rules.check_words(result, result_words)
    facts = {"kind": kind, "given_on": given_on, "organization": organization}
    for known in HelpStep.objects.counted().filter(member=member, **facts):
        if (known.provider, known.content) == (provider, content):
            return known
    step = HelpStep(
        **facts,
        member=member,
        provider=provider,
        content=content,
        result=result,
        result_on=None if result == HelpResult.PENDING else given_on,
        result_words=result_words,
        recorded_by=actor,
    )
    step.full_clean()
    step.save(force_insert=True)
    tell(step, AuditAction.HELP_RECORDED, actor, on=str(given_on))
    tell_of_deed(step)
    return step


@transaction.atomic
def settle_help(
    *,
    step_id: int,
    result: str,
    result_on: date,
    result_words: str = "",
    version: int | None = None,
    actor: User,
) -> HelpStep:
    """Write down what came of a step of help, or put it right.

    Raises HelpStep.DoesNotExist out of scope or withdrawn, StaleError, RuleError.
    """
    step, _ = lock_record(HelpStep, step_id, actor)
    if step.withdrawn_at is not None:
        raise HelpStep.DoesNotExist
    before, result_words = step.result, result_words.strip()
    rules.check_result(
        before,
        result,
        result_on=result_on,
        given_on=step.given_on,
        words=result_words,
        today=timezone.localdate(),
    )
    step.result, step.result_on, step.result_words = result, result_on, result_words
    save_versioned(
        step, version=version, update_fields=["result", "result_on", "result_words"]
    )
    tell(step, AuditAction.HELP_SETTLED, actor, help_before=before, help_result=result)
    tell_of_deed(step)
    return step


@transaction.atomic
def record_lead(
    *,
    member_id: int,
    kind: str,
    starts_on: date,
    title: str,
    people_count: int = 0,
    posts_count: int = 0,
    evidence: str = "",
    actor: User,
) -> Lead:
    """Write down whom a member led into work, or the service he opened.

    The same once more is the same deed. Raises as `record_help`.
    """
    member = lock_member(member_id, actor)
    organization = branch_in_touch(member, actor)
    today = timezone.localdate()
    rules.check_day("starts_on", starts_on, joined_on=member.joined_on, today=today)
    title, evidence = title.strip(), evidence.strip()
    rules.check_lead(kind, title=title, people=people_count, posts=posts_count)
    rules.check_length(evidence, rules.TEXT_LENGTH, "依据", "evidence")
    facts = {
        "kind": kind,
        "starts_on": starts_on,
        "people_count": people_count,
        "posts_count": posts_count,
    }
    deeds = list(Lead.objects.counted().filter(member=member))
    for known in deeds:
        is_same = all(getattr(known, name) == value for name, value in facts.items())
        if is_same and known.title == title and known.source == RecordSource.HAND:
            return known
    rules.check_lead_once(kind, title, [(d.kind, d.source, d.title) for d in deeds])
    lead = Lead(
        **facts,
        member=member,
        organization=organization,
        title=title,
        evidence=evidence,
        recorded_by=actor,
    )
    lead.full_clean()
    lead.save(force_insert=True)
    tell(lead, AuditAction.LEAD_RECORDED, actor, on=str(starts_on))
    tell_of_deed(lead)
    return lead
