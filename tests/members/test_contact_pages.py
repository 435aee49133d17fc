"""The log of contacts and the page for calling, as a secretary uses them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from members.models import Contact
from members.services.contacts import record_contact
from organizations.models import AuditEvent, Parameter
from tests.factories.activities import ActivityFactory, ParticipationFactory
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1, name="雷芳", phone="13900001234")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def secretary(client_for, branch_secretary):
    return client_for(branch_secretary)


def url(name, *arguments):
    return reverse(f"members:{name}", args=arguments)


def text_of(response) -> str:
    body = response.content.decode()
    body = body.split("<main", 1)[-1].split("</main", 1)[0]
    return "".join(re.sub(r"<[^>]*>", "", body).split())


def test_one_tap_writes_a_call_down_and_two_are_one(secretary, member, today):
    assert "没有联系记录" in text_of(secretary.get(url("call")))
    answer = secretary.post(url("called", member.pk), headers=HTMX)
    assert "已记下今天的电话联系" in answer.content.decode()
    back = secretary.post(
        url("called", member.pk), {"next": url("call") + "?q=lei"}, follow=True
    )
    assert back.redirect_chain[-1][0] == url("call") + "?q=lei"
    assert "今天联系过" in text_of(back)
    contact = Contact.objects.get()
    assert (contact.way, contact.contacted_on, contact.content) == ("phone", today, "")


def test_a_number_is_shown_only_to_call_and_that_is_written_down(secretary, member):
    listed = secretary.get(url("call")).content.decode()
    assert "13900001234" not in listed
    shown = secretary.post(url("dial", member.pk), headers=HTMX).content.decode()
    assert 'href="tel:13900001234"' in shown
    event = AuditEvent.objects.filter(action="field_revealed").get()
    assert event.details == {"field": "phone", "reason": "拨打电话联系"}
    whole = secretary.post(url("dial", member.pk), {"next": url("call")})
    assert 'href="tel:13900001234"' in whole.content.decode()
    assert secretary.get(url("dial", member.pk)).status_code == 405


def test_past_the_limit_of_an_hour_no_number_is_shown(secretary, member):
    Parameter.objects.create(key="members.reveals_an_hour", value=1)
    secretary.post(url("dial", member.pk))
    refused = secretary.post(url("dial", member.pk))
    assert refused.status_code == 422
    assert "次数已到上限" in text_of(refused)
    assert "13900001234" not in refused.content.decode()


def test_whom_nobody_was_in_touch_with_is_found(
    secretary, branch_a1, branch_secretary, today
):
    called, met, _silent = (
        MemberFactory(branch=branch_a1, name=name) for name in ("雷一", "雷二", "雷三")
    )
    record_contact(
        member_id=called.pk,
        contacted_on=today - timedelta(days=29),
        way="visit",
        actor=branch_secretary,
    )
    activity = ActivityFactory(
        organization=branch_a1, held_on=today - timedelta(days=30)
    )
    ParticipationFactory(activity=activity, member=met, hours=1)
    for days, names in (("30", {"雷二", "雷三"}), ("60", {"雷三"}), ("", None)):
        page = secretary.get(url("call"), {"silent": days}).content.decode()
        found = set(re.findall(r'calls__name" href="[^"]*">([^<]*)<', page))
        assert found == (names or {"雷一", "雷二", "雷三"}), days
    assert "30天前联系" in text_of(secretary.get(url("call")))


def test_search_by_initials_and_never_by_a_whole_number(secretary, member):
    assert "雷芳" in text_of(secretary.get(url("call"), {"q": "lf"}))
    assert "没有符合条件的党员" in text_of(secretary.get(url("call"), {"q": "zz"}))
    answer = secretary.get(url("call"), {"q": "13900001234"})
    assert (answer.status_code, answer["Location"]) == (302, url("find"))
    assert "查询条件有误" in text_of(secretary.get(url("call"), {"silent": "7"}))


def test_the_log_keeps_what_was_said_and_a_refused_form_its_words(
    secretary, member, today
):
    form = {"way": "visit", "contacted_on": today.isoformat(), "content": "身体好"}
    answer = secretary.post(url("contacts", member.pk), form, follow=True)
    assert "上门走访身体好" in text_of(answer)
    form |= {"contacted_on": (today + timedelta(days=1)).isoformat()}
    refused = secretary.post(url("contacts", member.pk), form)
    assert refused.status_code == 422
    assert "联系日期不能晚于今天" in text_of(refused)
    assert "身体好</textarea>" in refused.content.decode()
    contact = Contact.objects.get()
    done = secretary.post(
        url("contact-withdraw", contact.pk),
        {"next": url("contacts", member.pk)},
        follow=True,
    )
    assert "已撤回" in text_of(done)
    assert secretary.get(url("contact-withdraw", contact.pk)).status_code == 404


def test_opening_the_log_is_written_down(secretary, member):
    secretary.get(url("contacts", member.pk))
    event = AuditEvent.objects.get(action="member_viewed")
    assert event.details == {"page": "contacts"}


def test_another_branch_finds_nobody_there(client_for, secretary_b, member):
    other = client_for(secretary_b)
    assert "雷芳" not in text_of(other.get(url("call")))
    for name in ("dial", "called"):
        assert other.post(url(name, member.pk)).status_code == 404
    assert other.get(url("contacts", member.pk)).status_code == 404


def test_fifty_people_cost_as_many_questions_as_one(
    secretary, branch_a1, member, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12) as one:
        secretary.get(url("call"))
    MemberFactory.create_batch(20, branch=branch_a1)
    with django_assert_max_num_queries(len(one)):
        secretary.get(url("call"))


def test_a_long_log_goes_on_over_the_page(secretary, member, branch_secretary, today):
    for days in range(51):
        record_contact(
            member_id=member.pk,
            contacted_on=today - timedelta(days=days),
            way="phone",
            actor=branch_secretary,
        )
    first = secretary.get(url("contacts", member.pk)).content.decode()
    found = re.search(r'rel="next" href="([^"]+)"', first)
    assert found is not None
    oldest = (today - timedelta(days=50)).isoformat()
    assert oldest not in first
    following = found.group(1).replace("&amp;", "&")
    assert (
        oldest in secretary.get(url("contacts", member.pk) + following).content.decode()
    )
