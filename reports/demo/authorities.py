"""The demo's authorities: answered, waiting, overdue, not in touch for too long."""

from __future__ import annotations

from datetime import date, timedelta

from liaison.models import Authority, Exchange
from liaison.services.authorities import (
    AuthorityFacts,
    ContactFacts,
    add_contact,
    register_authority,
)
from liaison.services.exchanges import (
    ExchangeFacts,
    answer_exchange,
    record_exchange,
)
from organizations.models import User
from reports.demo.street import Street

# Name, kind, what for, own rhythm, whom to call.
_AUTHORITIES = (
    (
        "区市场监督管理局登记注册科",
        "market",
        "每季度提供新登记、注销的企业和个体户名单",
        None,
        "周科长",
    ),
    (
        "区民政局社会组织管理科",
        "civil",
        "每半年提供新登记、年检的社会组织名单",
        6,
        "吴科长",
    ),
    ("区教育局", "competent", "民办学校、培训机构的党建情况", 6, "郑干事"),
)
# Which authority, days ago, direction, matter, days to answer, answered after, open.
_EXCHANGES = (
    (0, 210, "received", "第一季度新登记企业名单", 15, 9, ""),
    (0, 120, "received", "第二季度新登记企业名单", 15, 12, ""),
    (0, 32, "received", "第三季度新登记企业名单", 20, None, ""),
    (0, 18, "sent", "街道两新组织摸底名单，请核对是否在册", 30, None, ""),
    (1, 100, "sent", "社会组织党组织覆盖情况", 30, 25, "两家社会组织查无下落"),
    (1, 60, "received", "关于社会组织年检的通报", None, None, ""),
    (2, 250, "sent", "民办培训机构党员名册", 30, 20, ""),
)


def make_authorities(street: Street, today: date) -> None:
    staff = User.objects.get(username="street")
    found = []
    for number, (name, kind, duty, months, contact) in enumerate(_AUTHORITIES):
        authority = register_authority(
            organization_id=street.root.pk,
            facts=AuthorityFacts(
                name=name,
                kind=kind,
                since=today - timedelta(days=330),
                duty=duty,
                months=months,
            ),
            actor=staff,
        )
        add_contact(
            authority_id=authority.pk,
            facts=ContactFacts(contact, "", f"0600-6000010{number}"),
            actor=staff,
        )
        found.append(authority)
    units = [unit.pk for unit in street.units]
    for place, days, direction, matter, wait, answered, left_open in _EXCHANGES:
        begin = today - timedelta(days=days)
        exchange = _exchanged(
            found[place],
            ExchangeFacts(
                held_on=begin,
                direction=direction,
                matter=matter,
                due_on=begin + timedelta(days=wait) if wait else None,
            ),
            units[place : place + 3],
            staff,
        )
        if answered is not None:
            answer_exchange(
                exchange_id=exchange.pk,
                answered_on=begin + timedelta(days=answered),
                words="逐家核对，已补录到工作单位，符合条件的列入组建计划。",
                left_open=left_open,
                actor=staff,
            )


def _exchanged(
    authority: Authority, facts: ExchangeFacts, units: list[int], staff: User
) -> Exchange:
    return record_exchange(
        authority_id=authority.pk, facts=facts, unit_ids=units, actor=staff
    )
