"""Projects of funds: registered, taken step by step, taken back, stopped.

The steps are a table (`fund_rules.FOLLOWS`). Allotting sets money of the line aside;
accepting and stopping give back what is left of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.money import yuan
from config.lib.versions import check_version
from organizations import fund_rules as rules
from organizations.access import Right
from organizations.fund_choices import STEP_NAMES, FundClass, FundStage
from organizations.models import FundLine, FundProject, FundStep, User
from organizations.services.funds import free_of, locked_line, tell


@dataclass(frozen=True)
class ProjectFacts:
    title: str
    category: str
    budget: Decimal
    planned_end: date
    number: str = ""
    proposed_by: str = ""
    summary: str = ""


@dataclass(frozen=True)
class StepFacts:
    """`amount` is what is allotted; only that step has one."""

    step: str
    done_on: date
    decided_by: str
    decision: str
    amount: Decimal | None = None


@transaction.atomic
def add_project(
    *,
    line_id: int,
    facts: ProjectFacts,
    actor: User,
    request_id: UUID | None = None,
) -> FundProject:
    """Register a project to be paid from a line.

    A repeated `request_id` returns the project of the first time. Raises
    FundLine.DoesNotExist, RuleError.
    """
    line = locked_line(line_id, actor, Right.KEEP_FUNDS)
    if request_id is not None:
        earlier = line.projects.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    project = FundProject(
        line=line,
        organization=line.fund_year.organization,
        made_by=actor,
        request_id=request_id,
    )
    _apply(project, facts)
    project.save(force_insert=True)
    _tell(project, "project_added", actor, amount=project.budget)
    return project


@transaction.atomic
def amend_project(
    *,
    project_id: int,
    facts: ProjectFacts,
    reason: str = "",
    version: int | None = None,
    actor: User,
) -> FundProject:
    """Change a project under way, its budget only with a reason.

    Raises FundProject.DoesNotExist, StaleError, RuleError.
    """
    project = _locked_project(project_id, actor)
    check_version(project, version)
    before = project.budget
    _apply(project, facts)
    changed = {}
    if project.budget != before:
        if not reason.strip():
            raise RuleError("项目预算有变，请写明修改的原因。", code="reason")
        changed = {"before": yuan(before), "after": yuan(project.budget)}
    _save(project)
    _tell(project, "project_amended", actor, reason=reason.strip(), **changed)
    return project


@transaction.atomic
def take_step(
    *,
    project_id: int,
    facts: StepFacts,
    version: int | None = None,
    actor: User,
) -> FundProject:
    """Record the next step: when, by whom, what was decided; none is skipped.

    Raises FundProject.DoesNotExist, StaleError, RuleError.
    """
    project = _locked_project(project_id, actor)
    check_version(project, version)
    rules.check_step(project.stage, facts.step)
    steps = project.steps.standing().order_by("-pk")
    last = steps.values_list("done_on", flat=True).first()
    rules.check_step_day(facts.done_on, last=last, today=timezone.localdate())
    step = FundStep(
        project=project,
        step=facts.step,
        done_on=facts.done_on,
        decided_by=facts.decided_by.strip(),
        decision=facts.decision.strip(),
        recorded_by=actor,
    )
    step.clean_fields(exclude=["project", "recorded_by"])
    _do(project, facts)
    step.save(force_insert=True)
    project.stage = facts.step
    _save(project)
    is_allotted = facts.step == FundStage.ALLOTTED
    amount = project.allotted if is_allotted else None
    _tell(project, facts.step, actor, amount=amount)
    return project


@transaction.atomic
def take_step_back(
    *, project_id: int, reason: str, version: int | None = None, actor: User
) -> FundProject:
    """Go back one step and say why; the step stays on record.

    Raises FundProject.DoesNotExist, StaleError, RuleError.
    """
    project = _locked_project(project_id, actor, may_be_published=True)
    check_version(project, version)
    if project.stage == FundStage.REGISTERED:
        raise RuleError("项目还没有办过一步，没有可以退回的。", code="step")
    if not reason.strip():
        raise RuleError("请写明退回的原因。", code="reason")
    _undo(project)
    step = project.steps.standing().get(step=project.stage)
    step.withdrawn_at, step.withdrawn_by = timezone.now(), actor
    step.withdrawn_reason = reason.strip()
    step.save()
    project.stage = rules.PRECEDES[project.stage]
    _save(project)
    name = STEP_NAMES[step.step]
    _tell(project, "step_back", actor, step=name, reason=step.withdrawn_reason)
    return project


@transaction.atomic
def stop_project(
    *, project_id: int, reason: str, version: int | None = None, actor: User
) -> FundProject:
    """Stop a project that will not be carried out; what is left is free again.

    Raises FundProject.DoesNotExist, StaleError, RuleError.
    """
    project = _locked_project(project_id, actor)
    check_version(project, version)
    if project.stage in rules.SETTLED:
        raise RuleError("项目已经验收，不能再终止；请办公示。", code="stage")
    if not reason.strip():
        raise RuleError("请写明终止的原因。", code="reason")
    _give_back(project)
    project.stopped_on, project.stopped_reason = timezone.localdate(), reason.strip()
    _save(project)
    _tell(
        project,
        "stopped",
        actor,
        amount=project.returned,
        reason=project.stopped_reason,
    )
    return project


def _do(project: FundProject, facts: StepFacts) -> None:
    """What a step does besides being recorded."""
    if facts.step == FundStage.ALLOTTED:
        _allot(project, facts.amount)
    elif facts.step == FundStage.PAID:
        _refuse_waiting(project)
        if not project.payments.paid().exists():
            raise RuleError(
                "这个项目还没有一笔确认过的付款，不能登记付清；请先登记付款，"
                "由另一个人确认。",
                code="step",
            )
    elif facts.step == FundStage.ACCEPTED:
        _give_back(project)
        project.accepted_on = facts.done_on
    elif facts.step == FundStage.PUBLISHED:
        project.published_on = facts.done_on


def _undo(project: FundProject) -> None:
    if project.stage == FundStage.ALLOTTED:
        if project.payments.standing().exists():
            raise RuleError("项目已有付款，不能退回拨付；请先撤回付款。", code="step")
        project.allotted = rules.NOTHING
    elif project.stage == FundStage.ACCEPTED:
        rules.check_covered(
            project.returned, free_of(project.line), f"“{project.line}”"
        )
        project.returned, project.accepted_on = rules.NOTHING, None
    elif project.stage == FundStage.PUBLISHED:
        project.published_on = None


def _allot(project: FundProject, amount: Decimal | None) -> None:
    if amount is None:
        raise RuleError("请填写拨付给项目的金额。", code="amount")
    rules.check_amount(amount)
    if amount > project.budget:
        raise RuleError(
            f"拨付（{yuan(amount)} 元）不能超过项目预算"
            f"（{yuan(project.budget)} 元）；预算有变的，请先修改项目。",
            code="amount",
        )
    rules.check_covered(amount, free_of(project.line), f"“{project.line}”")
    project.allotted = amount


def _give_back(project: FundProject) -> None:
    """Set free what is left of what was allotted."""
    _refuse_waiting(project)
    row: Any = FundProject.objects.filter(pk=project.pk).with_money().get()
    project.returned += row.left


def _refuse_waiting(project: FundProject) -> None:
    if number := project.payments.waiting().count():
        raise RuleError(
            f"这个项目还有 {number} 笔付款等待确认，请先确认或者撤回。", code="waiting"
        )


def _locked_project(
    project_id: int, actor: User, *, may_be_published: bool = False
) -> FundProject:
    """The project, under the lock of the line where its money lies."""
    seen = FundProject.objects.visible_to(actor).get(pk=project_id)
    line: FundLine = locked_line(seen.line_id, actor, Right.KEEP_FUNDS)
    rows = FundProject.objects.filter(pk=project_id, line=line)
    project = rows.first()
    if project is None:
        raise RuleError("刚刚办了年结，请重新打开项目。", code="line")
    project.line, project.organization = line, line.fund_year.organization
    if project.stopped_on is not None:
        raise RuleError("项目已经终止，不能再改。", code="stage")
    if project.published_on is not None and not may_be_published:
        raise RuleError(
            "项目已经公示，不能再改；确需更正的请先退回一步。", code="stage"
        )
    return project


def _apply(project: FundProject, facts: ProjectFacts) -> None:
    year = project.line.fund_year.year
    # Carried over into a later year it may keep an end that is past.
    if project.pk is None or facts.planned_end != project.planned_end:
        rules.check_planned_end(facts.planned_end, year)
    rules.check_budget(facts.budget, project.allotted)
    if facts.category not in FundClass:
        raise RuleError("请从所列的类别中选择。", code="category")
    project.title, project.category = facts.title.strip(), facts.category
    project.budget, project.planned_end = facts.budget, facts.planned_end
    project.number, project.summary = facts.number.strip(), facts.summary.strip()
    project.proposed_by = facts.proposed_by.strip()
    project.clean_fields(exclude=["line", "organization", "made_by"])


def _save(project: FundProject) -> None:
    project.version += 1
    project.save()


def _tell(project: FundProject, what: str, actor: User, **details: Any) -> None:
    tell(project.line, what, actor, fund_project=project.title, **details)
