"""What agreements owe: met by evidence recorded elsewhere, waived, reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from activities.choices import ActivityState
from activities.models import Activity
from config.lib.errors import RuleError
from config.lib.periods import Quarter
from config.lib.versions import check_version
from liaison.choices.agreements import ListKind
from liaison.models import (
    Agreement,
    AgreementReport,
    Evidence,
    ListItem,
    Obligation,
    ResourceUse,
)
from liaison.rules import agreements as rules
from liaison.services.agreements import locked_agreement, owed_by_project, tell
from organizations.models import User
from organizations.signals import facts_changed


@dataclass(frozen=True)
class ItemFacts:
    """A line of the three lists."""

    kind: str
    category: str
    words: str
    amount: str = ""
    available: str = ""
    party_id: int | None = None
    due_on: date | None = None


@transaction.atomic
def add_item(
    *,
    agreement_id: int,
    facts: ItemFacts,
    actor: User,
    request_id: UUID | None = None,
) -> ListItem:
    """Add a resource, a need or a project; a project owes its day once signed.

    Raises Agreement.DoesNotExist out of scope, AgreementParty.DoesNotExist, RuleError.
    """
    agreement = locked_agreement(agreement_id, actor)
    if request_id is not None:
        earlier = agreement.items.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    _check_not_ended(agreement)
    is_project = facts.kind == ListKind.PROJECT
    if is_project and facts.due_on is None:
        raise RuleError("项目请写完成期限，到期提醒才有依据。", code="due_on")
    if facts.due_on is not None and is_project:
        rules.check_due(
            facts.due_on, starts_on=agreement.starts_on, ends_on=agreement.ends_on
        )
    item = ListItem(
        agreement=agreement,
        kind=facts.kind,
        category=facts.category,
        words=facts.words.strip(),
        amount=facts.amount.strip(),
        available=facts.available.strip(),
        party=agreement.parties.get(pk=facts.party_id) if facts.party_id else None,
        due_on=facts.due_on if is_project else None,
        request_id=request_id,
    )
    item.clean_fields(exclude=["agreement", "party", "met_by"])
    item.save(force_insert=True)
    if is_project and agreement.signed_on is not None:
        owed_by_project(item).save(force_insert=True)
    tell(agreement, "item_added", actor, since=_since(agreement))
    return item


@transaction.atomic
def remove_item(*, item_id: int, reason: str, actor: User) -> ListItem:
    """Take a line off its list; a project then owes nothing any more."""
    item, agreement = _locked_item(item_id, actor)
    if not reason.strip():
        raise RuleError("请写明移出清单的原因。", code="reason")
    if item.uses.counted().exists():
        raise RuleError(
            "这项资源已有使用记录，不能移出；登记错了的请先撤回使用记录。",
            code="used",
        )
    item.removed_at, item.removed_reason = timezone.now(), reason.strip()
    item.save(update_fields=["removed_at", "removed_reason"])
    item.meets.update(met_by=None)
    Obligation.objects.filter(item=item).update(
        waived_at=timezone.now(), waived_reason=reason.strip()
    )
    tell(agreement, "item_removed", actor, since=_since(agreement))
    return item


@transaction.atomic
def meet_need(*, item_id: int, met_by_id: int | None, actor: User) -> ListItem:
    """Say which resource or project of the agreement meets a need; None for none."""
    item, agreement = _locked_item(item_id, actor)
    if item.kind != ListKind.NEED:
        raise RuleError("只有需求才由资源或项目满足。", code="kind")
    offered = agreement.items.filter(removed_at__isnull=True).exclude(
        kind=ListKind.NEED
    )
    item.met_by = offered.get(pk=met_by_id) if met_by_id is not None else None
    item.save(update_fields=["met_by"])
    tell(agreement, "need_met", actor)
    return item


@transaction.atomic
def use_resource(
    *,
    item_id: int,
    used_on: date,
    words: str,
    money: Decimal | None = None,
    people: int | None = None,
    actor: User,
    request_id: UUID | None = None,
) -> ResourceUse:
    """Record that a resource was given. Raises ListItem.DoesNotExist, RuleError."""
    item, agreement = _locked_item(item_id, actor)
    if request_id is not None:
        earlier = item.uses.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    if item.kind != ListKind.RESOURCE:
        raise RuleError("只有资源清单上的事项登记使用。", code="kind")
    if agreement.signed_on is None:
        raise RuleError("协议签订以后才登记资源的使用。", code="signed")
    if used_on > timezone.localdate():
        raise RuleError("使用日期不能晚于今天。", code="used_on")
    if used_on < agreement.starts_on:
        raise RuleError(
            f"使用日期不能早于协议生效日期（{agreement.starts_on}）。", code="used_on"
        )
    use = ResourceUse(
        item=item,
        used_on=used_on,
        words=words.strip(),
        money=money,
        people=people,
        recorded_by=actor,
        request_id=request_id,
    )
    use.full_clean(exclude=["item", "recorded_by", "request_id"])
    use.save(force_insert=True)
    tell(agreement, "used", actor, since=used_on)
    return use


@transaction.atomic
def withdraw_use(*, use_id: int, reason: str, actor: User) -> ResourceUse:
    """Take a record of use back; what it was evidence of is owed again."""
    seen = ResourceUse.objects.visible_to(actor).select_related("item")
    agreement = locked_agreement(seen.get(pk=use_id).item.agreement_id, actor)
    use = seen.get(pk=use_id)
    if use.withdrawn_at is not None:
        raise RuleError("这条使用记录已经撤回。", code="withdrawn")
    if not reason.strip():
        raise RuleError("请写明撤回的原因。", code="reason")
    use.withdrawn_at, use.withdrawn_reason = timezone.now(), reason.strip()
    use.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    tell(agreement, "use_withdrawn", actor, since=use.used_on)
    return use


@transaction.atomic
def give_evidence(
    *,
    obligation_id: int,
    actor: User,
    activity_id: int | None = None,
    use_id: int | None = None,
) -> Evidence:
    """Show that an obligation was met, by an activity held or a resource given.

    Giving the same twice is giving it once. Raises Obligation.DoesNotExist,
    Activity.DoesNotExist, ResourceUse.DoesNotExist, RuleError.
    """
    obligation, agreement = _locked_obligation(obligation_id, actor)
    today = timezone.localdate()
    evidence = Evidence(obligation=obligation, given_by=actor)
    if activity_id is not None:
        # Of the place that made the agreement: another community's is not its deed.
        own = Activity.objects.visible_to(actor).lying_below(
            [agreement.organization.path]
        )
        activity = own.get(pk=activity_id)
        if activity.state != ActivityState.HELD:
            raise RuleError("这次活动还没有开展，不能作为依据。", code="evidence")
        evidence.activity, day = activity, activity.held_on
    elif use_id is None:
        raise RuleError("请选一项活动或者资源使用作为依据。", code="evidence")
    else:
        uses = ResourceUse.objects.counted().filter(item__agreement=agreement)
        evidence.use = uses.get(pk=use_id)
        day = evidence.use.used_on
    rules.check_evidence_day(day, starts_on=obligation.starts_on, today=today)
    same = Evidence.objects.filter(
        obligation=obligation, activity=evidence.activity, use=evidence.use
    )
    if (found := same.first()) is not None:
        return found
    evidence.save(force_insert=True)
    tell(agreement, "evidence_given", actor, since=obligation.due_on)
    return evidence


@transaction.atomic
def take_evidence_back(*, evidence_id: int, actor: User) -> Obligation:
    """Take evidence away that was given by mistake; the deed itself stays recorded."""
    seen = Evidence.objects.visible_to(actor)
    obligation, agreement = _locked_obligation(
        seen.get(pk=evidence_id).obligation_id, actor
    )
    seen.filter(pk=evidence_id).delete()
    tell(agreement, "evidence_taken", actor, since=obligation.due_on)
    return obligation


@transaction.atomic
def waive_obligation(*, obligation_id: int, reason: str, actor: User) -> Obligation:
    """Say that one due date is owed no more, and why; the clause stands."""
    obligation, agreement = _locked_obligation(obligation_id, actor)
    if not reason.strip():
        raise RuleError("请写明免办的原因。", code="reason")
    obligation.waived_at, obligation.waived_reason = timezone.now(), reason.strip()
    obligation.save(update_fields=["waived_at", "waived_reason"])
    tell(agreement, "waived", actor, since=obligation.due_on)
    return obligation


@transaction.atomic
def file_report(
    *,
    agreement_id: int,
    quarter: Quarter,
    words: str,
    version: int | None = None,
    actor: User,
) -> AgreementReport:
    """Report a quarter that is over to the street, with its figures as they are now.

    A report may be mended; the figures are taken anew then. Raises
    Agreement.DoesNotExist, StaleError, RuleError.
    """
    agreement = locked_agreement(agreement_id, actor)
    if agreement.signed_on is None:
        raise RuleError("协议还没有签订，不用报告。", code="signed")
    owed = rules.quarters_owed(
        starts_on=agreement.starts_on,
        last_day=last_day_of(agreement),
        today=timezone.localdate(),
    )
    if quarter not in list(owed):
        raise RuleError(
            f"{quarter.title}还没有结束，或者不在协议期内，不用报告。", code="quarter"
        )
    if not words.strip():
        raise RuleError("请写一两句履行情况。", code="words")
    report = agreement.reports.filter(quarter_start=quarter.start).first()
    if report is None:
        report = AgreementReport(
            agreement=agreement, quarter_start=quarter.start, version=0
        )
    else:
        check_version(report, version)
    report.words, report.filed_by = words.strip(), actor
    report.version += 1
    for name, number in quarter_figures(agreement, quarter).items():
        setattr(report, name, number)
    report.clean_fields(exclude=["agreement", "filed_by"])
    report.save()
    tell(agreement, "reported", actor, since=quarter.start)
    return report


def quarter_figures(agreement: Agreement, quarter: Quarter) -> dict[str, int]:
    """What fell due in the quarter, what of it is done, and what is overdue."""
    rows = Obligation.objects.filter(
        agreement=agreement, due_on__gte=quarter.start, due_on__lt=quarter.end
    )
    due, done = rows.owed().count(), rows.owed().met().count()
    return {"due": due, "done": done, "overdue": due - done}


def tell_of_activities(organization_ids: set[int], since: date) -> None:
    """Let figures follow where an activity that was evidence is cancelled or held."""
    rows = Evidence.objects.filter(
        activity__organization__in=organization_ids, activity__held_on__gte=since
    )
    found = rows.values_list("obligation__agreement__organization").annotate(
        first=Min("obligation__due_on")
    )
    for organization_id, first in found.order_by():
        facts_changed.send(
            sender=Evidence, organization_ids={organization_id}, since=first
        )


def last_day_of(agreement: Agreement) -> date:
    """The last day on which the agreement held or will hold."""
    if agreement.ended_on is not None:
        return agreement.ended_on - timedelta(days=1)
    return agreement.ends_on


def _since(agreement: Agreement) -> date | None:
    return agreement.starts_on if agreement.signed_on is not None else None


def _check_not_ended(agreement: Agreement) -> None:
    if agreement.ended_on is not None:
        raise RuleError("协议已经终止，清单不再变动。", code="ended")


def _locked_item(item_id: int, actor: User) -> tuple[ListItem, Agreement]:
    seen = ListItem.objects.visible_to(actor)
    agreement = locked_agreement(seen.get(pk=item_id).agreement_id, actor)
    item = seen.get(pk=item_id)
    if item.removed_at is not None:
        raise RuleError("这一项已经移出清单。", code="removed")
    _check_not_ended(agreement)
    return item, agreement


def _locked_obligation(obligation_id: int, actor: User) -> tuple[Obligation, Agreement]:
    seen = Obligation.objects.visible_to(actor)
    agreement = locked_agreement(seen.get(pk=obligation_id).agreement_id, actor)
    obligation = seen.get(pk=obligation_id)
    if obligation.waived_at is not None:
        raise RuleError("这一项已经登记免办。", code="waived")
    if agreement.ended_on is not None and obligation.due_on >= agreement.ended_on:
        raise RuleError("协议在这一项到期以前已经终止，不用再办。", code="ended")
    return obligation, agreement
