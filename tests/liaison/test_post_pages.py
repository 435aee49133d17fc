"""The pages of posts and claims, their list for the public, matching and figures."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Availability
from config.lib.periods import Month
from config.lib.registry import alerts
from liaison.indicators.posts import compute_months
from liaison.models import ClaimPost, PostClaim
from liaison.rules.posts import telling_pairs
from liaison.services import claims
from members.models import Talent
from organizations import parameters
from organizations.models import Organization
from tests.factories.liaison import LiaisonCardFactory
from tests.liaison.post_steps import ASKED, agreed, asked, post_at

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def url(name, *args) -> str:
    return reverse(f"liaison:{name}", args=args)


def page(client, name, *args, **query) -> str:
    response = client.get(url(name, *args), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def secretary(client_for, branch_secretary):
    return client_for(branch_secretary)


@pytest.fixture
def post(branch_a1, branch_secretary):
    return post_at(branch_a1, branch_secretary)


def post_data(branch, **changes) -> dict:
    return {
        "organization": branch.pk,
        "category": "健康医疗",
        "title": "义诊员",
        "duties": "每月量一次血压",
        "places": "3",
        "needed_at": "weekends",
        "opened_on": TODAY.isoformat(),
    } | changes


def test_a_post_goes_its_whole_way_on_the_pages(secretary, card, branch_a1):
    response = secretary.post(url("post-add"), post_data(branch_a1))
    post = ClaimPost.objects.get()
    assert response.url == post.get_absolute_url()
    assert "义诊员" in page(secretary, "post-list")
    claiming = {
        "chosen": card.pk,
        "words": "护士",
        "proposed_on": TODAY.isoformat(),
    }
    assert "雷芳（江滨中学）" in page(secretary, "claim-add", post.pk)
    secretary.post(url("claim-add", post.pk), claiming)
    claim = PostClaim.objects.get()
    assert "护士" in page(secretary, "post", post.pk)
    assert "待决定" in page(secretary, "card-detail", card.pk)
    deciding = {"decision": "agree", "starts_on": TODAY.isoformat(), "reason": ""}
    secretary.post(url("claim-decide", claim.pk), deciding)
    html = page(secretary, "post", post.pk)
    assert "在岗 1 人，空 2 个名额" in html
    member = secretary.get(card.member.get_absolute_url()).content.decode()
    assert "认领的岗位" in member
    ending = {"ends_on": TODAY.isoformat(), "end_reason": "quit"}
    secretary.post(url("claim-end", claim.pk), ending)
    assert "本人提出" in page(secretary, "post", post.pk)
    closing = {"closed_on": TODAY.isoformat(), "reason": "改由医院办", "version": 1}
    secretary.post(url("post-close", post.pk), closing)
    assert "改由医院办" in page(secretary, "post", post.pk)
    assert "义诊员" in page(secretary, "post-list", group="closed")


def test_a_card_claims_from_its_own_page(secretary, post, card):
    html = page(secretary, "card-claim", card.pk)
    assert "楼道安全巡查员（空2个）" in html
    data = {"chosen": post.pk, "proposed_on": TODAY.isoformat()}
    assert secretary.post(url("card-claim", card.pk), data).status_code == 302
    assert post.claims.get().card == card
    # Asked for already: not offered again.
    assert secretary.get(url("card-claim", card.pk)).status_code == 302


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"category": "没有的"}, "没有的"),
        ({"places": "0"}, "1"),
        ({"opened_on": "2999-01-01"}, "不能晚于今天"),
        ({"title": ""}, "必填"),
    ],
)
def test_a_refused_post_keeps_what_was_typed(changes, words, secretary, branch_a1):
    response = secretary.post(url("post-add"), post_data(branch_a1, **changes))
    html = response.content.decode()
    assert response.status_code == 422
    assert words in html
    assert "每月量一次血压" in html
    assert not ClaimPost.objects.exists()


def test_a_decision_says_what_is_missing(secretary, post, card, branch_secretary):
    claim = asked(post, card, branch_secretary)
    for data, words in (
        ({"decision": "agree", "starts_on": ""}, "请填写上岗日期"),
        ({"decision": "decline", "reason": ""}, "写明原因"),
        ({"decision": "agree", "starts_on": "2999-01-01"}, "不能晚于今天"),
    ):
        response = secretary.post(url("claim-decide", claim.pk), data)
        assert response.status_code == 422
        assert words in response.content.decode()


def test_a_stale_change_shows_both(secretary, post):
    data = post_data(post.organization, version=1, title="巡查员")
    data |= {"category": post.category}
    assert secretary.post(url("post-edit", post.pk), data).status_code == 302
    response = secretary.post(url("post-edit", post.pk), data | {"title": "安全员"})
    assert response.status_code == 409
    assert "安全员" in response.content.decode()
    closing = {"closed_on": TODAY.isoformat(), "reason": "不设", "version": 1}
    response = secretary.post(url("post-close", post.pk), closing)
    assert response.status_code == 409
    assert "不设" in response.content.decode()


def test_a_branch_sees_its_communitys_post_and_only_its_own_holders(
    secretary, card, community_a, branch_a2, community_secretary, client_for
):
    post = post_at(community_a, community_secretary)
    other = LiaisonCardFactory(organization=branch_a2)
    agreed(post, card, community_secretary)
    agreed(post, other, community_secretary)
    html = page(secretary, "post", post.pk)
    assert "雷芳" in html
    assert other.member.name not in html
    assert "另有其他党支部的 1 人在岗" in html
    assert secretary.get(url("post-edit", post.pk)).status_code == 403
    both = page(client_for(community_secretary), "post", post.pk)
    assert other.member.name in both


def test_the_public_list_says_name_unit_and_post_only(
    secretary, post, card, branch_secretary
):
    card.profession, card.wishes = "语文教师", "心理辅导"
    card.save()
    claim = asked(post, card, branch_secretary, words="晚上有空")
    assert "雷芳" not in page(secretary, "post-print")  # not decided
    claims.agree_claim(claim_id=claim.pk, starts_on=ASKED, actor=branch_secretary)
    html = page(secretary, "post-print", organization=post.organization_id)
    assert "雷芳（江滨中学）" in html
    assert "楼道安全巡查员" in html
    for secret in ("语文教师", "心理辅导", "晚上有空", card.number):
        assert secret not in html


def test_another_community_finds_no_such_post(
    client_for, secretary_b, community_a, community_secretary, post
):
    above = post_at(community_a, community_secretary)
    client = client_for(secretary_b)
    for each in (above, post):
        assert client.get(url("post", each.pk)).status_code == 404


def test_the_list_groups_and_filters(secretary, post, card, branch_secretary):
    full = post_at(post.organization, branch_secretary, title="满员岗", places=1)
    agreed(full, card, branch_secretary)
    asked(post, card, branch_secretary)
    assert "满员岗" not in page(secretary, "post-list", group="free")
    html = page(secretary, "post-list", group="waiting")
    assert "楼道安全巡查员" in html
    assert "满员岗" not in html
    html = page(secretary, "post-list", category="健康医疗")
    assert "没有符合条件的岗位" in html


# Matching -----------------------------------------------------------------------------


def test_words_that_tell():
    assert "医疗" in telling_pairs("健康医疗")
    assert telling_pairs("社区服务", "岗位") == ["区服"]


def test_matching_says_why(secretary, branch_a1, branch_a2, branch_secretary):
    law = Talent.objects.create(name="法律咨询")
    post = post_at(
        branch_a1,
        branch_secretary,
        category="法律咨询与援助",
        title="法律顾问",
        talents=[law],
        needed_at="weekends",
    )

    def holder(branch=branch_a1, **fields):
        return LiaisonCardFactory(organization=branch, **fields)

    skilled, wishing, timely, nothing = (
        holder(),
        holder(wishes="法律宣传"),
        holder(free_time="周六上午"),
        holder(wishes="唱歌", free_time="工作日"),
    )
    skilled.member.talents.add(law)
    busy = holder(wishes="法律宣传")
    Availability.objects.create(
        member=busy.member, evenings=True, asked_on=TODAY, recorded_by=branch_secretary
    )
    elsewhere = holder(branch_a2, wishes="法律宣传")
    claimed = holder(wishes="法律宣传")
    asked(post, claimed, branch_secretary)
    html = page(secretary, "post-match", post.pk)
    for card, reason in (
        (skilled, "特长：法律咨询"),
        (wishing, "服务意向：法律宣传"),
        (timely, "空闲时间：周六上午"),
    ):
        assert card.member.name in html
        assert reason in html
        assert f"{url('claim-add', post.pk)}?card={card.pk}" in html
    for card in (nothing, busy, elsewhere, claimed):
        assert f"?card={card.pk}" not in html


# Figures and warnings -----------------------------------------------------------------


def test_places_and_holders_at_month_ends(post, card, branch_secretary):
    claim = agreed(post, card, branch_secretary)
    claims.end_claim(
        claim_id=claim.pk,
        ends_on=date(2026, 6, 10),
        end_reason="quit",
        actor=branch_secretary,
    )
    months = [Month.containing(date(2026, number, 1)) for number in (2, 3, 4, 6)]
    found = compute_months(Organization.objects.all(), months)
    here = post.organization_id
    assert [month[here]["liaison.post_places"] for month in found] == [0, 2, 2, 2]
    assert [month[here]["liaison.post_filled"] for month in found] == [0, 0, 1, 0]


def _warned(key, user):
    alert = next(each for each in alerts() if each.key == key)
    return [alert.item(row, TODAY) for row in alert.queryset(user, TODAY)]


def test_who_is_warned_of_a_claim_that_waits(
    community_a, card, branch_secretary, community_secretary
):
    post = post_at(community_a, community_secretary)
    days = parameters.get("liaison.claim_decide_days")
    asked(post, card, branch_secretary, proposed_on=TODAY - timedelta(days=days))
    assert _warned("liaison.claims_waiting", community_secretary) == []
    PostClaim.objects.update(proposed_on=TODAY - timedelta(days=days + 1))
    (item,) = _warned("liaison.claims_waiting", community_secretary)
    assert item.due_on == TODAY - timedelta(days=1)
    # Whoever asked for his member can do nothing but wait.
    assert _warned("liaison.claims_waiting", branch_secretary) == []


def test_a_post_nobody_takes_is_warned_of(post, card, branch_secretary):
    (item,) = _warned("liaison.posts_free", branch_secretary)
    assert "还空2个" in item.detail
    ClaimPost.objects.update(opened_on=TODAY)
    assert _warned("liaison.posts_free", branch_secretary) == []
