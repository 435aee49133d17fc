"""Long work of the reports app: the monthly workbook and the roster export.

Both apply the requester's rights when they run and again at download.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from config.lib.errors import RuleError
from organizations import parameters
from organizations.access import Right
from organizations.jobs import JobContext, job_kind
from organizations.models import Job, Organization, User
from reports import dues, leads, monthly, monthly_workbook, roster
from reports.choices import ExportKind
from reports.parameters import REASON_ROWS
from reports.services import closing, exports

MONTHLY_JOB = "reports.monthly"
ROSTER_JOB = "reports.roster"
DUES_JOB = "reports.dues"
LEADS_JOB = "reports.leads"
MONTHLY_PURPOSE = "月报"
DUES_PURPOSE = "党费月报"
LEADS_PURPOSE = "“双带”台账"


def _organization(user: User, pk: int, *rights: str) -> Organization:
    """The organization where `user` holds every right now."""
    found = Organization.objects.with_right(user, rights[0]).filter(pk=pk).first()
    if found is None or not all(user.has_right_at(right, found) for right in rights):
        raise PermissionDenied("您的岗位不能导出这个党组织的数据，未执行。")
    return found


def _may_fetch(user: User, job: Job) -> bool:
    """Whether the rights the file was made with still stand, and it is not expired."""
    organization = Organization.objects.filter(
        pk=job.parameters["organization"]
    ).first()
    if organization is None:
        return False
    rights = _rights_needed(job)
    if not all(user.has_right_at(right, organization) for right in rights):
        return False
    exports.check_not_expired(job)
    return True


def _rights_needed(job: Job) -> list[Right]:
    rights = [Right.VIEW_REPORTS, Right.EXPORT]
    if job.parameters.get("with_id_number"):
        rights.append(Right.REVEAL_ID)
    if job.parameters.get("with_contact"):
        rights.append(Right.REVEAL_CONTACT)
    if job.kind in {DUES_JOB, LEADS_JOB}:
        rights.append(Right.VIEW_MEMBERS)
    return rights


@job_kind(MONTHLY_JOB, may_download=_may_fetch)
def monthly_job(context: JobContext) -> None:
    """Build one organization's workbook; parameters: `organization` (id), `month`."""
    organization = _organization(
        context.requester,
        context.parameters["organization"],
        Right.VIEW_REPORTS,
        Right.EXPORT,
    )
    month = monthly.month_of(context.parameters["month"])
    content = closing.content_of(organization, month, timezone.localdate())
    info = exports.info_for(
        organization=organization,
        actor=context.requester,
        filters=month.title,
        purpose=MONTHLY_PURPOSE,
        extra=monthly_workbook.definitions(content),
        row_count=len(content["rows"]),
    )
    path = context.new_file(".xlsx")
    saved = monthly_workbook.save_workbook(content, path, info)
    name = monthly.file_name(content)
    with context.step(last=True):
        exports.register(
            kind=ExportKind.MONTHLY,
            title=name.removesuffix(".xlsx"),
            info=info,
            saved=saved,
            row_count=len(content["rows"]),
            organization=organization,
            filters={"month": month.label},
            actor=context.requester,
            job_id=context.id,
        )
        context.attach(path, name)
        context.result(f"{month.title}月报已生成，编号 {info.number}。")


@job_kind(ROSTER_JOB, may_download=_may_fetch)
def roster_job(context: JobContext) -> None:
    """Export a roster; parameters: see `services.roster_exports.request_roster`."""
    given = context.parameters
    rights = [Right.EXPORT, Right.VIEW_MEMBERS]
    rights += [Right.REVEAL_ID] if given["with_id_number"] else []
    rights += [Right.REVEAL_CONTACT] if given["with_contact"] else []
    organization = _organization(context.requester, given["organization"], *rights)
    query = roster.RosterQuery(
        organization,
        category=given["category"],
        with_id_number=given["with_id_number"],
        with_contact=given["with_contact"],
    )
    total = query.rows(context.requester).count()
    check_purpose(query, total, given["purpose"])
    info = exports.info_for(
        organization=organization,
        actor=context.requester,
        filters=query.words(),
        purpose=given["purpose"],
    )
    path = context.new_file(".xlsx")
    saved, number = roster.write_roster(
        query,
        context.requester,
        path,
        info,
        lambda done: context.progress(min(done, total), total),
    )
    title = f"党员花名册_{organization}"
    with context.step(last=True):
        exports.register(
            kind=ExportKind.ROSTER,
            title=title,
            info=info,
            saved=saved,
            row_count=number,
            organization=organization,
            filters=query.filters(),
            actor=context.requester,
            job_id=context.id,
        )
        context.attach(path, f"{title}_{info.number}.xlsx")
        context.result(f"已导出 {number} 人，编号 {info.number}。", rows=number)


@job_kind(DUES_JOB, may_download=_may_fetch)
def dues_job(context: JobContext) -> None:
    """Export a year of dues; parameters: `organization` (id), `year`."""
    given = context.parameters
    organization = _organization(
        context.requester, given["organization"], Right.EXPORT, Right.VIEW_MEMBERS
    )
    query = dues.DuesQuery(organization, given["year"])
    number = query.rolls(context.requester).count()
    info = exports.info_for(
        organization=organization,
        actor=context.requester,
        filters=query.words(),
        purpose=DUES_PURPOSE,
        row_count=number,
    )
    path = context.new_file(".xlsx")
    saved = dues.write_dues(query, context.requester, path, info, timezone.localdate())
    title = f"{query.year}年党费月报_{organization}"
    with context.step(last=True):
        exports.register(
            kind=ExportKind.DUES,
            title=title,
            info=info,
            saved=saved,
            row_count=number,
            organization=organization,
            filters={"year": query.year},
            actor=context.requester,
            job_id=context.id,
        )
        context.attach(path, f"{title}_{info.number}.xlsx")
        context.result(f"党费月报已生成，{number}人，编号 {info.number}。", rows=number)


@job_kind(LEADS_JOB, may_download=_may_fetch)
def leads_job(context: JobContext) -> None:
    """Export a year of 双带; parameters: `organization` (id), `year`."""
    given, user = context.parameters, context.requester
    organization = _organization(
        user, given["organization"], Right.EXPORT, Right.VIEW_MEMBERS
    )
    query = leads.LeadsQuery(organization, given["year"])
    number = query.deeds(user).count() + query.placements(user).count()
    info = exports.info_for(
        organization=organization,
        actor=user,
        filters=query.words(),
        purpose=LEADS_PURPOSE,
        row_count=number,
    )
    path = context.new_file(".xlsx")
    saved = leads.write_leads(query, user, path, info)
    title = f"{query.year}年双带台账_{organization}"
    with context.step(last=True):
        exports.register(
            kind=ExportKind.LEADS,
            title=title,
            info=info,
            saved=saved,
            row_count=number,
            organization=organization,
            filters={"year": query.year},
            actor=user,
            job_id=context.id,
        )
        context.attach(path, f"{title}_{info.number}.xlsx")
        context.result(f"双带台账已生成，{number}行，编号 {info.number}。", rows=number)


def check_purpose(query: roster.RosterQuery, rows: int, purpose: str) -> None:
    """Raise RuleError when this export has to say what it is for and does not."""
    if purpose.strip():
        return
    if query.with_id_number or query.with_contact:
        raise RuleError("导出完整身份号码或联系方式，请填写用途。", code="purpose")
    limit = parameters.get(REASON_ROWS.key)
    if rows > limit:
        raise RuleError(
            f"本次将导出 {rows} 人，超过 {limit} 人须填写用途。", code="purpose"
        )
