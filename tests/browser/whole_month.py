"""The whole month, for both widths: each has a module and a portal of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
from django.utils import timezone
from playwright.sync_api import expect

from activities.models import Activity
from config.lib.periods import Month
from liaison.models import LiaisonCard
from members.models import Member
from organizations.models import Organization, User
from tests.browser import month
from tests.liaison.mailbox import Mailbox

REPLY = "已收到，将在本单位通报表扬。"
WORDS = "主动参加社区法律咨询，群众反映好。"


def branch_of(username: str) -> Organization:
    return User.objects.get(username=username).posts.get().organization


def people_of(branch: Organization, category: str, kind: str) -> list[Member]:
    """Members of one category whose names nobody else in the branch bears."""
    rows = branch.affiliations.filter(ends_on__isnull=True).select_related("member")
    names = [row.member.name for row in rows]
    return [
        row.member
        for row in rows.order_by("member_id")
        if row.kind == kind
        and row.member.category == category
        and names.count(row.member.name) == 1
    ]


def import_in_wizard(open_page: Any, width: str, folder: Path) -> None:
    branch = branch_of("branch")
    known = people_of(branch, "retired", "on_roll")[0]
    page = open_page("branch", width)
    file = month.roster(folder, known)
    month.check_marked(month.import_roster(page, file, folder))
    assert Member.objects.get(pk=known.pk).phone == "13900008888"
    assert not Member.objects.filter(name="雷错行").exists()


def record_and_complete(open_page: Any, width: str) -> None:
    branch = branch_of("branch")
    absent, present = people_of(branch, "mobile", "on_roll")[:2]
    page = open_page("branch", width)
    before = month.labour_done(page)
    month.record_activity(page, "清扫滨江路", absent.name)
    after = month.labour_done(page)
    assert after[present.name] == before[present.name] + 1
    assert after[absent.name] == before[absent.name]


def card_to_receipt(
    open_page: Any, width: str, folder: Path, mailbox: Mailbox | None = None
) -> None:
    """The whole loop; by mail where a `mailbox` is there to take it, else by link."""
    branch = branch_of("branch")
    with_card = set(LiaisonCard.objects.open().values_list("member_id", flat=True))
    member = next(
        person
        for kind in ("co_managed", "on_roll")
        for person in people_of(branch, "in_post", kind)
        if person.pk not in with_card
    )
    unit = member.home_unit.name
    secretary = open_page("branch", width)
    month.open_card(secretary, member, "为居民解答法律问题")
    month.word_remarks(secretary, member.name, "优秀", WORDS)

    street = open_page("street", width)
    if mailbox is not None:
        month.take_mail(
            street, member.home_unit.get_absolute_url(), "party@unit.example"
        )
    board = month.build_round(street)
    if mailbox is None:
        link = month.deliver_by_link(street, board, unit)
    else:
        link = month.deliver_by_mail(street, board, unit, mailbox)
    contact = open_page(width=width)
    file = month.confirm_as_unit(contact, link, folder, REPLY)
    cells = [
        cell
        for row in openpyxl.load_workbook(file)["党员表现"].iter_rows(values_only=True)
        for cell in row
    ]
    assert {member.name, "优秀", WORDS} <= set(cells)

    contact.watch.allowed = {404}
    contact.goto(link)
    expect(contact.get_by_role("heading", name="链接不能使用")).to_be_visible()
    assert member.name not in contact.content()
    street.goto(board)
    row = street.get_by_role("row").filter(has_text=unit)
    expect(row).to_contain_text("已确认")
    row.get_by_role("link").click()
    expect(street.get_by_text(REPLY)).to_be_visible()


def month_in_workbook(open_page: Any, width: str, folder: Path) -> None:
    branch = branch_of("branch")
    this_month = Month.containing(timezone.localdate())
    page = open_page("branch", width)
    file = month.monthly_workbook(page, this_month.label, folder)
    assert month.first_total(file, "党员基本情况") == month.on_roll(branch, this_month)
    held = Activity.objects.filter(organization=branch, state="held")
    assert month.first_total(file, "活动开展") == sum(
        activity.held_on in this_month for activity in held
    )
