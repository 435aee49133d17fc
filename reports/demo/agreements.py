"""The demo's agreements with resident units: kept, behind, ending soon, a draft."""

from __future__ import annotations

from datetime import date, timedelta

from activities.choices import ActivityState
from activities.models import Activity
from config.lib.dates import months_after
from config.lib.periods import Quarter
from liaison.models import Agreement, Obligation
from liaison.rules.agreements import quarters_owed
from liaison.services.agreements import (
    AgreementFacts,
    draft_agreement,
    sign_agreement,
)
from liaison.services.clauses import ClauseFacts, put_clause
from liaison.services.obligations import (
    ItemFacts,
    add_item,
    file_report,
    give_evidence,
    meet_need,
    use_resource,
)
from organizations.models import User, WorkUnit
from reports.demo.street import Street

# Field, words, whether the unit does it, rhythm, times.
_CLAUSES = (
    ("culture", "开放操场和阅览室，供居民活动", True, "quarter", 1),
    ("party", "党员骨干到社区业余党校讲一课", True, "half_year", 1),
    ("environment", "共同整治周边环境卫生", False, "quarter", 1),
    ("security", "上下学时段联防值守", True, "year", 2),
)
# List, kind, words, whether of the unit, amount, when.
_LISTS = (
    ("resource", "place", "阶梯教室", True, "80 座", "周末全天"),
    ("resource", "talent", "法律顾问", True, "2 名", "每月第一个周六"),
    ("resource", "money", "助学金", True, "每年 5000 元", ""),
    ("need", "place", "业余党校上课的地方", False, "", ""),
    ("need", "knowledge", "老年人防诈骗讲座", False, "每季度一次", ""),
)
# How many days ago each begins; the last is a draft.
_BEGINS = (345, 250, 140, 20, 0)


def make_agreements(street: Street, today: date) -> None:
    staff = User.objects.get(username="street")
    units = WorkUnit.objects.filter(pk__in=[unit.pk for unit in street.units])
    for number, days in enumerate(_BEGINS):
        home = street.communities[number % len(street.communities)]
        unit = units.order_by("pk")[number]
        agreement = _drawn(home, unit, today - timedelta(days=days), staff)
        if number == len(_BEGINS) - 1:
            continue
        sign_agreement(
            agreement_id=agreement.pk,
            signed_on=agreement.starts_on,
            signatory="沈书记",
            unit_signatories={party.pk: "负责人" for party in agreement.parties.all()},
            actor=staff,
        )
        _kept(agreement, today, staff, is_behind=number == 1)


def _drawn(home, unit: WorkUnit, begin: date, staff: User) -> Agreement:
    agreement = draft_agreement(
        organization_id=home.organization.pk,
        facts=AgreementFacts(
            title=f"{home.name}与{unit.name}共建协议"[:80],
            starts_on=begin,
            ends_on=months_after(begin, 12) - timedelta(days=1),
            purpose="资源共享、优势互补，居民身边多几处活动的地方、多几双帮忙的手。",
            liaison_name="顾干事",
        ),
        unit_ids=[unit.pk],
        actor=staff,
    )
    party = agreement.parties.get()
    for field, words, is_unit, rhythm, times in _CLAUSES:
        put_clause(
            agreement_id=agreement.pk,
            facts=ClauseFacts(
                field=field,
                words=words,
                rhythm=rhythm,
                times=times,
                party_id=party.pk if is_unit else None,
            ),
            actor=staff,
        )
    for kind, category, words, is_unit, amount, available in _LISTS:
        add_item(
            agreement_id=agreement.pk,
            facts=ItemFacts(
                kind=kind,
                category=category,
                words=words,
                amount=amount,
                available=available,
                party_id=party.pk if is_unit else None,
            ),
            actor=staff,
        )
    return agreement


def _kept(agreement: Agreement, today: date, staff: User, *, is_behind: bool) -> None:
    """What was done of it, from the community's own activities of the time."""
    room, lawyer, _ = agreement.items.filter(kind="resource").order_by("pk")
    need = agreement.items.filter(kind="need").first()
    assert need is not None
    meet_need(item_id=need.pk, met_by_id=room.pk, actor=staff)
    last = today - timedelta(days=9)
    if last > agreement.starts_on:
        for item, words, people in (
            (room, "业余党校秋季班上课", 46),
            (lawyer, "社区法律咨询", 18),
        ):
            use_resource(
                item_id=item.pk, used_on=last, words=words, people=people, actor=staff
            )
    owed = Obligation.objects.filter(agreement=agreement, starts_on__lte=today)
    for place, obligation in enumerate(owed.order_by("due_on", "pk")):
        if is_behind and place % 2:
            continue
        done = (
            Activity.objects.lying_below([agreement.organization.path])
            .filter(
                state=ActivityState.HELD,
                held_on__gte=obligation.starts_on,
                held_on__lte=min(obligation.due_on, today),
            )
            .order_by("held_on", "pk")
        )
        for activity in done[: obligation.times]:
            give_evidence(
                obligation_id=obligation.pk, activity_id=activity.pk, actor=staff
            )
    _reported(agreement, today, staff, is_behind=is_behind)


def _reported(
    agreement: Agreement, today: date, staff: User, *, is_behind: bool
) -> None:
    owed: list[Quarter] = list(
        quarters_owed(
            starts_on=agreement.starts_on, last_day=agreement.ends_on, today=today
        )
    )
    for quarter in owed[:-1] if is_behind else owed:
        file_report(
            agreement_id=agreement.pk,
            quarter=quarter,
            words="按约定开展了共建活动，居民反映好；下一季继续。",
            actor=staff,
        )
