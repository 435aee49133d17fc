"""A relation goes from one secretary to another, and a batch of letters goes out."""

import pytest
from playwright.sync_api import expect

from members.models import Member, Transfer
from organizations.models import Organization, User
from tests.browser.month import download, go
from tests.browser.portal import committed
from tests.browser.whole_month import branch_of, people_of
from tests.factories.organizations import PostFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
PASSWORD = "Second-4-the-branch"


@pytest.fixture
def second(portal):
    """The secretary of a branch in another community; his branch."""
    own = branch_of("branch")
    branch = (
        Organization.objects.branches().exclude(parent=own.parent).order_by("path")
    )[0]

    def enrol():
        user = User(username="second", display_name="季书记")
        user.set_password(PASSWORD)
        user.must_change_password = False
        user.save()
        PostFactory(user=user, role="branch_secretary", organization=branch)

    if not User.objects.filter(username="second").exists():
        committed(enrol)
    portal.passwords["second"] = PASSWORD
    return branch


def roll_of(member):
    return Member.objects.get(pk=member.pk).affiliations.open().get(kind="on_roll")


@pytest.mark.parametrize(("width", "place"), [("phone", 1), ("desk", 2)])
def test_one_secretary_sends_and_the_other_accepts(open_page, second, width, place):
    own = branch_of("branch")
    busy = set(Transfer.objects.waiting().values_list("member_id", flat=True))
    people = [m for m in people_of(own, "retired", "on_roll") if m.pk not in busy]
    member = people[place]
    sender = open_page("branch", width)
    sender.goto(member.get_absolute_url())
    sender.get_by_role("link", name="组织关系转接").last.click()
    sender.get_by_label("去向").select_option(label="经常居住地")
    sender.get_by_label("接收党支部").fill(second.short_name)
    sender.get_by_label("党费交至").fill("2026年10月")
    sender.get_by_role("button", name="保存").click()
    expect(sender.get_by_text("等待对方接收")).to_be_visible()
    assert roll_of(member).organization == own

    taker = open_page("second", width)
    taker.goto("/")
    taker.get_by_role("link", name="等待本支部接收的转接").first.click()
    taker.get_by_role("link", name=member.name, exact=True).first.click()
    taker.get_by_role("link", name="登记接收").click()
    taker.get_by_role("button", name="登记接收").click()
    expect(taker.get_by_text("已接收，组织关系已转")).to_be_visible()
    assert roll_of(member).organization == second
    taker.goto(member.get_absolute_url())
    expect(taker.get_by_role("heading", name=member.name)).to_be_visible()

    sender.watch.allowed = {404}
    sender.goto(member.get_absolute_url())
    expect(sender.get_by_role("heading", name="没有找到")).to_be_visible()


def test_a_batch_of_letters_is_issued_printed_and_taken_away(open_page, tmp_path):
    page = open_page("street")
    go(page, "组织关系转接")
    page.goto(Transfer.objects.exclude(batch=None).first().batch.get_absolute_url())
    count = page.locator("[name=transfer]").count()
    page.get_by_role("button", name="批量开具").click()
    page.get_by_role("button", name="批量开具").click()
    expect(page.get_by_text(f"已编号开具{count}封介绍信")).to_be_visible()
    file = download(page, tmp_path, name="下载Word")
    assert file.read_bytes()[:2] == b"PK"
    page.get_by_role("link", name="打印全部介绍信").click()
    expect(page.get_by_text("请转接组织关系")).to_have_count(count)
