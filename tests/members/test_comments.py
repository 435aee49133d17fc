"""Residents' comments: kept, looked into, answered; read by whom they concern."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from config.lib import registry
from config.lib.errors import RuleError
from members.models import ResidentComment
from members.rules.comments import NEXT
from members.services.comments import (
    CommentFacts,
    answer_comment,
    close_comment,
    handle_comment,
    may_see_informant,
    record_comment,
    withdraw_comment,
)
from organizations.choices import Role
from organizations.models import AuditEvent
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.factories.organizations import (
    OrganizationFactory,
    PostFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1)


def said(member, organization, actor, request_id=None, **changes):
    values = {
        "received_on": timezone.localdate(),
        "source": "call",
        "kind": "criticism",
        "content": "楼道堆放杂物",
        "informant": "楼下邻居",
    }
    return record_comment(
        member_id=member.pk,
        organization_id=organization.pk,
        facts=CommentFacts(**values | changes),
        request_id=request_id,
        actor=actor,
    )


def step(name, comment, actor, **changes):
    """Take a step of a comment with plausible words."""
    today = timezone.localdate()
    service, values = {
        "handle": (
            handle_comment,
            {"handler": "支一平", "handling": "已清理", "handled_on": today},
        ),
        "answer": (answer_comment, {"answer": "当面答复", "answered_on": today}),
        "close": (close_comment, {}),
        "withdraw": (withdraw_comment, {"words": "记错人"}),
    }[name]
    return service(comment_id=comment.pk, actor=actor, **values | changes)


def test_a_comment_goes_from_the_resident_to_the_answer(
    member, branch_a1, branch_secretary
):
    comment = said(member, branch_a1, branch_secretary)
    for name, state in (
        ("handle", "handling"),
        ("answer", "answered"),
        ("close", "closed"),
    ):
        comment = step(name, comment, branch_secretary)
        assert comment.state == state
    assert comment.closed_on == timezone.localdate()
    with pytest.raises(RuleError, match="先处理、再答复、后办结"):
        step("withdraw", comment, branch_secretary)
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert actions == {"comment_recorded", "comment_changed"}
    assert "杂物" not in str(list(AuditEvent.objects.values_list("details", flat=True)))


def test_what_was_said_is_not_readable_in_the_database(
    member, branch_a1, branch_secretary
):
    comment = said(member, branch_a1, branch_secretary)
    step("handle", comment, branch_secretary)
    step("answer", comment, branch_secretary)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT content, informant, handler, handling, answer"
            " FROM members_residentcomment"
        )
        stored = " ".join(cursor.fetchone())
    for plain in ("杂物", "邻居", "支一平", "清理", "答复"):
        assert plain not in stored


def test_only_who_keeps_it_and_those_above_read_it(
    member,
    branch_a1,
    branch_b1,
    community_a,
    branch_secretary,
    secretary_b,
    community_secretary,
    committee_staff,
):
    AffiliationFactory(member=member, organization=branch_b1, kind="co_managed")
    low = said(member, branch_a1, branch_secretary)
    high = said(member, community_a, community_secretary, content="关于支部书记")
    seen = {
        user.username: set(ResidentComment.objects.visible_to(user))
        for user in (
            branch_secretary,
            secretary_b,
            community_secretary,
            committee_staff,
        )
    }
    assert seen == {
        "branch-a1": {low},
        "branch-b1": set(),
        "secretary-a": {low, high},
        "staff": {low, high},
    }
    with pytest.raises(PermissionDenied):
        said(member, community_a, branch_secretary)
    with pytest.raises(ResidentComment.DoesNotExist):
        step("handle", high, branch_secretary)


def test_the_informant_is_named_to_the_keeper_and_the_street_alone(
    client_for,
    member,
    branch_a1,
    branch_secretary,
    community_secretary,
    committee_staff,
):
    comment = said(member, branch_a1, branch_secretary)
    for user, sees in (
        (branch_secretary, True),
        (community_secretary, False),
        (committee_staff, True),
    ):
        assert may_see_informant(user, comment) is sees
        client = client_for(user)
        for url in (
            comment.get_absolute_url(),
            reverse("members:comment-step", args=[comment.pk, "handle"]),
            reverse("members:reports", args=[member.pk]),
        ):
            page = client.get(url).content.decode()
            assert ("楼下邻居" in page) is (sees and "reports" not in url)


def test_a_second_submit_records_once(member, branch_a1, branch_secretary):
    request_id = uuid4()
    first = said(member, branch_a1, branch_secretary, request_id)
    assert said(member, branch_a1, branch_secretary, request_id) == first


def test_impossible_days_and_empty_words_are_refused(
    member, branch_a1, branch_secretary
):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(RuleError, match="收到日期"):
        said(member, branch_a1, branch_secretary, received_on=tomorrow)
    with pytest.raises(RuleError, match="反映内容"):
        said(member, branch_a1, branch_secretary, content=" ")
    comment = said(member, branch_a1, branch_secretary)
    with pytest.raises(RuleError, match="日期应在"):
        step("handle", comment, branch_secretary, handled_on=tomorrow)
    with pytest.raises(RuleError, match="答复情况"):
        step("answer", comment, branch_secretary, answer="")
    with pytest.raises(RuleError, match="别人修改过"):
        step("handle", comment, branch_secretary, version=9)


def test_a_comment_unanswered_too_long_is_a_to_do(member, branch_a1, branch_secretary):
    today = timezone.localdate()
    alert = registry.alert("members.comments_unanswered")
    comment = said(
        member, branch_a1, branch_secretary, received_on=today - timedelta(days=31)
    )
    said(member, branch_a1, branch_secretary, received_on=today - timedelta(days=30))
    (item,) = alert.rows(branch_secretary, today)
    assert item.url == comment.get_absolute_url()
    assert "杂物" not in item.detail
    step("answer", comment, branch_secretary)
    assert list(alert.rows(branch_secretary, today)) == []


def test_the_pages_lead_from_the_file_to_the_answer(
    client_for, member, branch_a1, community_a, branch_secretary, community_secretary
):
    client = client_for(branch_secretary)
    url = reverse("members:comment-add", args=[member.pk])
    page = client.get(url).content.decode()
    assert "不公开，不排名" in page
    assert community_a.short_name not in page
    above = client_for(community_secretary).get(url).content.decode()
    assert community_a.short_name in above
    data = {
        "kind": "praise",
        "source": "meeting",
        "received_on": str(timezone.localdate()),
        "content": "帮老人修水管",
        "organization": branch_a1.pk,
        "request_id": str(uuid4()),
    }
    refused = client.post(url, data | {"kind": ""})
    assert refused.status_code == 422
    assert "帮老人修水管" in refused.content.decode()
    for _ in "12":
        assert client.post(url, data).status_code == 302
    comment = ResidentComment.objects.get()
    answer = reverse("members:comment-step", args=[comment.pk, "answer"])
    data = {"day": str(timezone.localdate()), "words": "在居民会议上说明"}
    assert client.post(answer, data | {"version": 9}).status_code == 409
    assert client.post(answer, data | {"version": 1}).status_code == 302
    close = reverse("members:comment-step", args=[comment.pk, "close"])
    assert client.post(close, {"version": 2}).status_code == 302
    listed = client.get(reverse("members:comment-list") + "?group=closed")
    assert member.name in listed.content.decode()
    page = client.get(reverse("members:reports", args=[member.pk])).content.decode()
    assert "帮老人修水管" in page


STEPS = st.lists(
    st.sampled_from(["handle", "handle", "answer", "answer", "close", "withdraw"]),
    max_size=8,
)


class CommentProperties(TestCase):
    @settings(
        max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(STEPS)
    def test_no_order_of_steps_closes_what_was_not_answered(self, steps):
        branch = OrganizationFactory()
        user = UserFactory()
        PostFactory(user=user, role=Role.BRANCH_SECRETARY, organization=branch)
        comment = said(MemberFactory(branch=branch), branch, user)
        wanted = {"handle": "handling", "answer": "answered", "close": "closed"}
        for name in steps:
            comment.refresh_from_db()
            may = wanted.get(name, "withdrawn") in NEXT[comment.state]
            try:
                step(name, comment, user)
                assert may
            except RuleError:
                assert not may
        comment.refresh_from_db()
        if comment.state in {"answered", "closed"}:
            assert comment.answered_on is not None
        if comment.state == "closed":
            assert comment.closed_on is not None
