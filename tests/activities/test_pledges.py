"""What a member takes upon himself, and whether it was done."""

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.completion import audience, program_period
from activities.models import Pledge, ProgramItem
from activities.services.achievements import record_achievement
from activities.services.pledges import save_pledges
from activities.unfinished import lacking
from members.models import Member
from organizations.models import AuditEvent, Organization
from tests.factories.members import MemberFactory


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def pledge(in_post, six_leads, branch_secretary, today):
    def call(**words):
        ids = {i.key: i.pk for i in six_leads.items.all()}
        return save_pledges(
            member_id=in_post.pk,
            words={ids[key]: text for key, text in words.items()},
            actor=branch_secretary,
            today=today,
        )

    return call


def standing():
    rows = Pledge.objects.standing().values_list("item__key", "words")
    return dict(rows.order_by("item__sort_order"))


def test_pledges_are_taken_changed_and_given_up(pledge):
    pledge(policy="每月宣讲", service="")
    pledge(policy="每月宣讲", service="")
    assert standing() == {"policy": "每月宣讲", "service": ""}
    assert AuditEvent.objects.filter(action="pledge_changed").count() == 1
    pledge(policy="每周宣讲")
    assert standing() == {"policy": "每周宣讲"}
    pledge()
    assert standing() == {}
    assert Pledge.objects.count() == 2  # given up, never deleted


def test_an_item_of_another_program_is_not_on_offer(
    in_post, five_ones, branch_secretary, today
):
    foreign = five_ones.items.first().pk
    with pytest.raises(ProgramItem.DoesNotExist):
        save_pledges(
            member_id=in_post.pk,
            words={foreign: ""},
            actor=branch_secretary,
            today=today,
        )


def test_out_of_scope_is_no_member(branch_b1, branch_secretary, today):
    stranger = MemberFactory(branch=branch_b1, category="in_post")
    with pytest.raises(Member.DoesNotExist):
        save_pledges(
            member_id=stranger.pk, words={}, actor=branch_secretary, today=today
        )


def test_who_pledged_and_did_not_is_found(
    pledge, in_post, six_leads, branch_a1, branch_secretary, today
):
    MemberFactory(branch=branch_a1, category="in_post")  # pledged nothing
    pledge(policy="")
    period = program_period(six_leads, today)
    people = audience(six_leads, Organization.objects.all())
    items = list(six_leads.items.all())

    def late():
        rows = lacking(people, items, period.start, period.end, pledged=True)
        return list(rows.values_list("member", flat=True))

    assert late() == [in_post.pk]
    record_achievement(
        member_id=in_post.pk,
        item_id=items[0].pk,
        achieved_on=today,
        content="入户宣讲",
        actor=branch_secretary,
        today=today,
    )
    assert late() == []


def test_the_pages_take_a_pledge_and_show_it(
    client_for, in_post, six_leads, branch_a1, branch_secretary
):
    client = client_for(branch_secretary)
    item = six_leads.items.get(key="policy")
    url = reverse("activities:pledges", args=[in_post.pk])
    assert "带头宣传党的政策" in client.get(url).content.decode()
    long = {f"take-{item.pk}": "on", f"words-{item.pk}": "讲" * 201}
    refused = client.post(url, long)
    assert refused.status_code == 422
    assert "讲讲讲" in refused.content.decode()
    page = client.post(url, long | {f"words-{item.pk}": "每月宣讲"}, follow=True)
    assert "共认领 1 项" in page.content.decode()
    assert "已认领：每月宣讲" in page.content.decode()
    matrix = reverse("activities:completion")
    query = {"program": "liu-dai", "organization": branch_a1.pk}
    assert "completion__pledged" in client.get(matrix, query).content.decode()
    late = client.get(matrix, query | {"missing": "pledged"}).content.decode()
    assert in_post.name in late
    printed = client.get(
        reverse("activities:completion-reminder"), query | {"missing": "pledged"}
    ).content.decode()
    assert in_post.name in printed
