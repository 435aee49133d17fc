"""Posts that card holders claim: set up, claimed, decided, ended."""

from collections import Counter
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import StaleError
from liaison.models import ClaimPost, LiaisonCard, PostClaim
from liaison.services import cards, claims, posts
from liaison.services.posts import PostFacts
from organizations.models import AuditEvent, Organization
from organizations.services.structure import close_organization, merge_organizations
from tests.factories.liaison import LiaisonCardFactory
from tests.liaison.post_steps import ASKED, OPENED, agreed, asked, post_at
from tests.races import needs_server, race

pytestmark = pytest.mark.django_db
LEFT = date(2026, 6, 1)


@pytest.fixture
def post(branch_a1, branch_secretary):
    return post_at(branch_a1, branch_secretary)


@pytest.fixture
def second_card(branch_a1):
    return LiaisonCardFactory(organization=branch_a1)


def end(claim, actor, **changes):
    values = {"ends_on": LEFT, "end_reason": "quit"} | changes
    return claims.end_claim(claim_id=claim.pk, actor=actor, **values)


# Setting up ---------------------------------------------------------------------------


def test_a_post_is_set_up_and_written_down(post, branch_a1):
    assert (post.organization, post.places, post.is_open) == (branch_a1, 2, True)
    event = AuditEvent.objects.get(action="claim_post_saved")
    assert event.details == {"post_step": "opened"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"category": "打麻将"}, "岗位类别请从“组织建设、"),
        ({"places": 0}, "1到200"),
        ({"places": 201}, "1到200"),
        ({"opened_on": date(2999, 1, 1)}, "不能晚于今天"),
    ],
)
def test_what_makes_no_post(changes, words, branch_a1, branch_secretary):
    with pytest.raises(RuleError, match=words):
        post_at(branch_a1, branch_secretary, **changes)


def test_a_title_stands_once_among_open_posts(post, branch_a1, branch_secretary):
    with pytest.raises(RuleError, match="已有名为“楼道安全巡查员”"):
        post_at(branch_a1, branch_secretary)
    posts.close_post(
        post_id=post.pk, closed_on=LEFT, reason="改由物业", actor=branch_secretary
    )
    post_at(branch_a1, branch_secretary)


def test_the_same_form_sent_twice_sets_up_one(branch_a1, branch_secretary):
    values = {
        "organization_id": branch_a1.pk,
        "facts": PostFacts("文化体育", "合唱指导", "带合唱队", 3),
        "opened_on": OPENED,
        "request_id": uuid4(),
        "actor": branch_secretary,
    }
    assert posts.set_up_post(**values) == posts.set_up_post(**values)


def test_who_sets_up_where(
    street, community_a, branch_secretary, committee_staff, secretary_b, branch_a1
):
    with pytest.raises(Organization.DoesNotExist):
        post_at(branch_a1, secretary_b)
    with pytest.raises(Organization.DoesNotExist):
        post_at(community_a, branch_secretary)
    with pytest.raises(RuleError, match="社区或党支部"):
        post_at(street, committee_staff)


def test_a_stale_change_is_refused(post, branch_secretary):
    facts = PostFacts(post.category, "巡查员", "查", 3)
    change = {"post_id": post.pk, "facts": facts, "actor": branch_secretary}
    posts.amend_post(version=1, **change)
    with pytest.raises(StaleError):
        posts.amend_post(version=1, **change)


def test_a_category_off_the_list_stays_with_its_post(post, branch_secretary):
    ClaimPost.objects.update(category="旧类别")
    facts = PostFacts("旧类别", "巡查员", "查", 3)
    changed = posts.amend_post(post_id=post.pk, facts=facts, actor=branch_secretary)
    assert changed.category == "旧类别"


def test_places_are_never_fewer_than_were_held_at_once(
    post, card, second_card, branch_secretary
):
    for each in (card, second_card):
        agreed(post, each, branch_secretary)
    facts = PostFacts(post.category, post.title, "查", 1)
    with pytest.raises(RuleError, match="曾经同时有2人"):
        posts.amend_post(post_id=post.pk, facts=facts, actor=branch_secretary)


# Claiming -----------------------------------------------------------------------------


def test_a_claim_waits_until_the_community_decides(
    post, card, branch_secretary, facts_sent
):
    claim = asked(post, card, branch_secretary)
    assert (claim.state, claim.starts_on) == ("proposed", None)
    assert facts_sent == []  # nothing counts yet
    claim = claims.agree_claim(
        claim_id=claim.pk, starts_on=ASKED, actor=branch_secretary
    )
    assert (claim.state, claim.starts_on) == ("agreed", ASKED)
    assert facts_sent == [({post.organization_id}, ASKED)]
    steps = AuditEvent.objects.filter(action="post_claimed").order_by("pk")
    assert [each.details["claim_step"] for each in steps] == ["proposed", "agreed"]


def test_what_a_member_says_is_sealed(post, card, branch_secretary):
    asked(post, card, branch_secretary, words="腿不好只能坐着")
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM liaison_postclaim")
        assert "腿不好" not in str(cursor.fetchall())
    event = AuditEvent.objects.filter(action="post_claimed").get()
    assert "雷芳" not in event.target_label


def test_a_claim_declined_has_a_reason(post, card, branch_secretary):
    claim = asked(post, card, branch_secretary)
    with pytest.raises(RuleError, match="写明原因"):
        claims.decline_claim(claim_id=claim.pk, reason=" ", actor=branch_secretary)
    claims.decline_claim(claim_id=claim.pk, reason="时间不合", actor=branch_secretary)
    with pytest.raises(RuleError, match="不用再决定"):
        claims.agree_claim(claim_id=claim.pk, starts_on=ASKED, actor=branch_secretary)
    asked(post, card, branch_secretary)  # he may ask again


def test_a_card_claims_a_post_once_at_a_time(post, card, branch_secretary):
    request_id = uuid4()
    first = asked(post, card, branch_secretary, request_id=request_id)
    assert asked(post, card, branch_secretary, request_id=request_id) == first
    with pytest.raises(RuleError, match="已认领这个岗位"):
        asked(post, card, branch_secretary)


@pytest.mark.parametrize(
    ("day", "words"),
    [(date(2026, 3, 1), "不能早于2026-03-02"), (date(2999, 1, 1), "不能晚于今天")],
)
def test_a_claim_is_made_while_there_is_a_post(
    day, words, post, card, branch_secretary
):
    with pytest.raises(RuleError, match=words):
        asked(post, card, branch_secretary, proposed_on=day)


def test_a_branch_asks_and_its_community_decides(
    community_a, card, community_secretary, branch_secretary
):
    post = post_at(community_a, community_secretary)
    claim = asked(post, card, branch_secretary)
    with pytest.raises(PermissionDenied):
        claims.agree_claim(claim_id=claim.pk, starts_on=ASKED, actor=branch_secretary)
    with pytest.raises(PermissionDenied):
        posts.close_post(
            post_id=post.pk, closed_on=LEFT, reason="不设", actor=branch_secretary
        )
    claims.agree_claim(claim_id=claim.pk, starts_on=ASKED, actor=community_secretary)


def test_a_card_of_another_place_claims_nothing_here(
    post, branch_a2, branch_b1, committee_staff, secretary_b
):
    for branch in (branch_a2, branch_b1):
        other = LiaisonCardFactory(organization=branch)
        with pytest.raises(RuleError, match="本社区、本支部"):
            asked(post, other, committee_staff)
    with pytest.raises(ClaimPost.DoesNotExist):
        asked(post, other, secretary_b)
    own = post_at(branch_b1, secretary_b)
    foreign = LiaisonCardFactory(organization=branch_a2)
    with pytest.raises(LiaisonCard.DoesNotExist):
        asked(own, foreign, secretary_b)


def test_no_more_holders_than_places(post, card, second_card, branch_secretary):
    third = LiaisonCardFactory(organization=post.organization)
    first = agreed(post, card, branch_secretary)
    agreed(post, second_card, branch_secretary)
    claim = asked(post, third, branch_secretary)
    with pytest.raises(RuleError, match="2个名额已满"):
        claims.agree_claim(claim_id=claim.pk, starts_on=ASKED, actor=branch_secretary)
    end(first, branch_secretary)
    # Not for the days on which both were there either.
    with pytest.raises(RuleError, match="2个名额已满"):
        claims.agree_claim(
            claim_id=claim.pk, starts_on=date(2026, 5, 1), actor=branch_secretary
        )
    claims.agree_claim(claim_id=claim.pk, starts_on=LEFT, actor=branch_secretary)


@needs_server
@pytest.mark.django_db(transaction=True)
def test_twenty_decisions_at_once_fill_the_places_and_no_more(
    branch_a1, branch_secretary
):
    post = post_at(branch_a1, branch_secretary, places=3)
    asking = [
        asked(post, LiaisonCardFactory(organization=branch_a1), branch_secretary)
        for _ in range(20)
    ]

    def decide(number):
        claims.agree_claim(
            claim_id=asking[number].pk, starts_on=ASKED, actor=branch_secretary
        )
        return "agreed"

    assert Counter(race(decide)) == {"agreed": 3, "full": 17}
    assert PostClaim.objects.held().count() == 3


@needs_server
@pytest.mark.django_db(transaction=True)
def test_a_card_closed_while_it_is_agreed_to_holds_nothing(branch_a1, branch_secretary):
    post = post_at(branch_a1, branch_secretary, places=20)
    held = [LiaisonCardFactory(organization=branch_a1) for _ in range(10)]
    asking = [asked(post, each, branch_secretary) for each in held]

    def work(number):
        if number % 2:
            claims.agree_claim(
                claim_id=asking[number // 2].pk,
                starts_on=ASKED,
                actor=branch_secretary,
            )
        else:
            cards.close_card(
                card_id=held[number // 2].pk,
                ends_on=LEFT,
                reason="other",
                actor=branch_secretary,
            )
        return "done"

    outcome = Counter(race(work))
    assert outcome["done"] + outcome["decided"] == 20
    assert not PostClaim.objects.live().exists()


# Ending -------------------------------------------------------------------------------


def test_a_holder_leaves_with_a_reason(post, card, branch_secretary, facts_sent):
    claim = agreed(post, card, branch_secretary)
    facts_sent.clear()
    for reason, words in (("", "选择离岗原因"), ("other", "写明离岗的原因")):
        with pytest.raises(RuleError, match=words):
            end(claim, branch_secretary, end_reason=reason)
    with pytest.raises(RuleError, match="不能早于2026-04-01"):
        end(claim, branch_secretary, ends_on=date(2026, 3, 31))
    ended = end(claim, branch_secretary)
    assert (ended.state, ended.ends_on, ended.end_reason) == ("ended", LEFT, "quit")
    assert facts_sent == [({post.organization_id}, LEFT)]
    with pytest.raises(RuleError, match="已离岗"):
        end(claim, branch_secretary)


def test_a_proposal_is_taken_back(post, card, branch_secretary):
    claim = end(asked(post, card, branch_secretary), branch_secretary)
    assert (claim.state, claim.ends_on) == ("withdrawn", None)


def test_claims_end_with_the_card(post, card, branch_secretary, branch_a1):
    held = agreed(post, card, branch_secretary)
    other = post_at(branch_a1, branch_secretary, title="宣传员")
    waiting = asked(other, card, branch_secretary)
    cards.close_card(
        card_id=card.pk, ends_on=LEFT, reason="moved_home", actor=branch_secretary
    )
    held.refresh_from_db()
    waiting.refresh_from_db()
    assert (held.state, held.ends_on) == ("ended", LEFT)
    assert (waiting.state, waiting.end_reason) == ("withdrawn", "card_closed")


def test_a_card_closed_for_an_earlier_day_ends_no_post_before_it_began(
    post, card, branch_secretary
):
    held = agreed(post, card, branch_secretary)
    cards.close_card(
        card_id=card.pk,
        ends_on=date(2026, 3, 15),
        reason="other",
        actor=branch_secretary,
    )
    held.refresh_from_db()
    assert (held.starts_on, held.ends_on) == (ASKED, ASKED)


def test_claims_end_with_a_move_of_home(
    post, card, branch_secretary, branch_b1, secretary_b
):
    held = agreed(post, card, branch_secretary)
    card.member.affiliations.update(organization=branch_b1)
    cards.open_card(member_id=card.member_id, starts_on=LEFT, actor=secretary_b)
    held.refresh_from_db()
    assert (held.state, held.end_reason) == ("ended", "card_closed")


def test_claims_end_with_the_post(post, card, second_card, branch_secretary):
    held = agreed(post, card, branch_secretary)
    waiting = asked(post, second_card, branch_secretary)
    closing = {"post_id": post.pk, "actor": branch_secretary}
    with pytest.raises(RuleError, match="写明关闭的原因"):
        posts.close_post(closed_on=LEFT, reason="", **closing)
    with pytest.raises(RuleError, match="不能早于2026-04-01"):
        posts.close_post(closed_on=OPENED, reason="不设", **closing)
    posts.close_post(closed_on=LEFT, reason="不设", **closing)
    held.refresh_from_db()
    waiting.refresh_from_db()
    assert (held.ends_on, held.end_reason) == (LEFT, "post_closed")
    assert waiting.state == "withdrawn"
    with pytest.raises(RuleError, match="已于2026-06-01关闭"):
        asked(post, second_card, branch_secretary)


# The tree -----------------------------------------------------------------------------


def test_a_merger_takes_posts_and_claims_along(
    post, card, branch_a2, branch_secretary, committee_staff
):
    held = agreed(post, card, branch_secretary)
    post_at(branch_a2, committee_staff)  # the same title
    merge_organizations(
        source_id=card.organization_id,
        target_id=branch_a2.pk,
        on_date=timezone.localdate() - timedelta(days=1),
        actor=committee_staff,
    )
    post.refresh_from_db()
    held.refresh_from_db()
    assert post.organization == branch_a2
    assert post.title == "楼道安全巡查员（原沿江社区第一党支部）"
    assert held.state == "agreed"


def test_a_merger_into_another_community_ends_what_is_left_behind(
    community_a, card, branch_b1, community_secretary, committee_staff
):
    post = post_at(community_a, community_secretary)
    held = agreed(post, card, community_secretary)
    merge_organizations(
        source_id=card.organization_id,
        target_id=branch_b1.pk,
        on_date=timezone.localdate() - timedelta(days=1),
        actor=committee_staff,
    )
    held.refresh_from_db()
    assert (held.state, held.end_reason) == ("ended", "moved")


def test_a_branch_with_open_posts_is_not_closed(post, branch_a1, committee_staff):
    with pytest.raises(RuleError, match="1 个认领岗位没有关闭"):
        close_organization(
            organization_id=branch_a1.pk,
            on_date=timezone.localdate(),
            reason="合并",
            actor=committee_staff,
        )
