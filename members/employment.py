"""What the pages about employment show: who is out of work, and one person's record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import QueryDict
from django.urls import reverse

from config.lib.paging import Page, page_by_key, total_of
from config.lib.periods import Quarter
from members.calling import last_words
from members.choices import Category
from members.choices.employment import EmploymentGroup, HelpResult, LeadKind
from members.contact_sources import contacted_since, last_contacts
from members.listing import places
from members.models import EmploymentNeed, EmploymentSpell, HelpStep, Lead, Member
from members.querysets import MemberQuerySet
from members.rules import employment as rules
from organizations.models import Organization, User

_NOT_RECORDED = "下岗失业（未登记状况）"
TONES = {
    HelpResult.PENDING: "info",
    HelpResult.SUCCEEDED: "ok",
    HelpResult.FAILED: "warn",
}


def out_of_work() -> Q:
    """Members without work: by what is written down, else by their category."""
    current = EmploymentSpell.objects.current().out_of_work()
    recorded = EmploymentSpell.objects.counted()
    laid_off = Member.objects.filter(category=Category.LAID_OFF)
    unrecorded = laid_off.exclude(pk__in=_people(recorded))
    # One set to begin with: of two conditions each member would be asked.
    return Q(pk__in=_people(current).union(unrecorded.order_by().values("pk")))


def reemployed() -> Q:
    """Members who were out of work and have found some."""
    return Q(pk__in=_people(EmploymentSpell.objects.current().reemployed()))


def silent(today: date) -> Q:
    """Out of work, and nobody was in touch or helped in this quarter so far."""
    return out_of_work() & ~Q(contacted_since(Quarter.containing(today).start))


def _people(rows: QuerySet) -> QuerySet:
    return rows.order_by().values("member_id")


@dataclass(frozen=True)
class EmploymentPage(Page):
    """`rows` are dictionaries: name, url, branch, status, since, needs, help, last."""

    total: str


def employment_page(
    user: User, data: dict[str, Any] | None, params: QueryDict, today: date
) -> EmploymentPage:
    """One page of the people whose work is a concern, by name.

    `data` are the cleaned filters; None where they are not to be understood.
    """
    members = _found(user, data, today)
    page = page_by_key(members.values("pk", "name"), params, "name_pinyin")
    _finish_rows(page.rows, user, today)
    return EmploymentPage(**vars(page), total=total_of(page, members))


def _found(user: User, data: dict[str, Any] | None, today: date) -> MemberQuerySet:
    if data is None:
        return Member.objects.none()
    members = Member.objects.visible_to(user, below=data["organization"])
    group = data["group"]
    if group == EmploymentGroup.BACK:
        members = members.filter(reemployed())
    elif group == EmploymentGroup.ALL:
        recorded = Q(pk__in=_people(EmploymentSpell.objects.counted()))
        members = members.filter(Q(category=Category.LAID_OFF) | recorded)
    else:
        members = members.filter(out_of_work())
    if data["silent"]:
        start = Quarter.containing(today).start
        members = members.exclude(contacted_since(start))
    return members


def _finish_rows(rows: list[dict[str, Any]], user: User, today: date) -> None:
    ids = [row["pk"] for row in rows]
    branches = places(ids, user)
    spells = {
        spell.member_id: spell
        for spell in EmploymentSpell.objects.current().filter(member__in=ids)
    }
    needs = latest_needs(ids)
    # The last in the dictionary is the latest.
    helped = {
        step.member_id: step
        for step in HelpStep.objects.counted()
        .filter(member__in=ids)
        .order_by("given_on", "pk")
    }
    last = last_contacts(ids)
    for row in rows:
        pk = row["pk"]
        spell, step, need = spells.get(pk), helped.get(pk), needs.get(pk)
        row |= {
            "url": reverse("members:employment", args=[pk]),
            "help_url": reverse("members:help-add", args=[pk]),
            "branch": branches.get(pk, ("—", ""))[0],
            "status": spell.get_status_display() if spell else _NOT_RECORDED,
            "since": f"{spell.starts_on}起" if spell else "",
            "workplace": spell.workplace if spell else "",
            "needs": "；".join(filter(None, (need.needs, need.skills))) if need else "",
            "help": f"{step.given_on} {step.get_kind_display()}" if step else "",
            "result": step.get_result_display() if step else "",
            "tone": TONES[step.result] if step else "",
            # Without the day, which stands in the log.
            "last": last_words(last.get(pk), today).partition("（")[0],
        }


def latest_needs(ids: list[int]) -> dict[int, EmploymentNeed]:
    """The words that count of each member who has any."""
    rows = EmploymentNeed.objects.filter(member__in=ids).order_by("pk")
    return {row.member_id: row for row in rows}


@dataclass(frozen=True)
class LeadTotals:
    """Numbers of the deeds that branches wrote down, and how many name nobody here."""

    people: int
    services: int
    posts: int
    unnamed: int


def leads(user: User, data: dict[str, Any]) -> tuple[QuerySet[Lead], LeadTotals]:
    """Deeds of the ledger, and their numbers.

    A deed stays with the branch that wrote it down; who has moved away since is
    counted there and named no more.
    """
    wanted = Lead.objects.counted().written_in(user)
    organization: Organization | None = data["organization"]
    if organization is not None:
        below = Organization.objects.within([organization.path])
        wanted = wanted.filter(organization__in=below)
    if month := data["month"]:
        wanted = wanted.filter(starts_on__gte=month.start, starts_on__lt=month.end)
    if data["kind"]:
        wanted = wanted.filter(kind=data["kind"])
    named = wanted.visible_to(user)
    is_service = Q(kind=LeadKind.SERVICE)
    sums = wanted.order_by().aggregate(
        people=Sum("people_count", default=0),
        posts=Sum("posts_count", default=0),
        services=Count("pk", filter=is_service),
        unnamed=Count("pk") - Count("pk", filter=Q(pk__in=named.values("pk"))),
    )
    return named, LeadTotals(**sums)


def spell_rows(spells: list[EmploymentSpell]) -> list[EmploymentSpell]:
    """Every spell, the latest first, each with its `ends_on`; corrected ones too."""
    counted = [spell for spell in spells if spell.withdrawn_at is None]
    replaced = {spell.replaces_id for spell in spells}
    ends = {spell.pk: end for spell, end in rules.timeline(counted)}
    for spell in spells:
        spell.ends_on = ends.get(spell.pk)
        spell.is_open = spell.pk in ends and spell.ends_on is None
        spell.mark = ""
        if spell.withdrawn_at is not None:
            spell.mark = "已更正" if spell.pk in replaced else "已撤回"
    return sorted(spells, key=lambda row: (row.starts_on, row.pk), reverse=True)


def disagreement(member: Member, spells: list[EmploymentSpell]) -> str:
    """A sentence where the category is not the one of the latest spell, else ""."""
    latest = next((spell for spell in spells if spell.is_open), None)
    if latest is None or not rules.disagrees(latest.status, member.category):
        return ""
    fitting = Category(rules.CATEGORY_OF[latest.status]).label
    return (
        f"就业状况是“{latest.get_status_display()}”，党员类别仍是"
        f"“{member.get_category_display()}”。如需改为“{fitting}”，"
        "在最新一段点“更正”，勾选“党员类别一并改过来”。"
    )
