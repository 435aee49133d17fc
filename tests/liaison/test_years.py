"""A card's year: invitations, summary, and what residents say of an entry."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import StaleError
from liaison.models import CardEntry, CardSummary, LiaisonCard, PlannedInvitation
from liaison.rules.years import too_many
from liaison.services import cards, years
from organizations.models import Parameter
from tests.factories.activities import ActivityFactory
from tests.factories.liaison import CardEntryFactory
from tests.liaison.post_steps import agreed, post_at

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year


@pytest.fixture
def secretary(client_for, branch_secretary):
    return client_for(branch_secretary)


def url(card, name="card-year", year=YEAR) -> str:
    return reverse(f"liaison:{name}", args=[card.pk, year])


def invited(card, actor, **changes) -> PlannedInvitation:
    values = {"month": date(YEAR, 6, 1), "content": "楼道清扫"} | changes
    return years.plan_invitation(card_id=card.pk, actor=actor, **values)


# The plan -----------------------------------------------------------------------------


def test_an_invitation_is_planned_once_for_its_form(card, branch_secretary):
    request_id = uuid4()
    first = invited(card, branch_secretary, request_id=request_id)
    assert invited(card, branch_secretary, request_id=request_id) == first
    years.cancel_invitation(invitation_id=first.pk, actor=branch_secretary)
    again = years.cancel_invitation(invitation_id=first.pk, actor=branch_secretary)
    assert again.cancelled_at


def test_an_activity_says_when_and_what(card, branch_secretary):
    activity = ActivityFactory(
        organization=card.organization, held_on=date(YEAR, 10, 9), title="敬老"
    )
    found = invited(card, branch_secretary, content="", activity_id=activity.pk)
    assert (found.month, found.content) == (date(YEAR, 10, 1), "敬老")


def test_what_is_no_invitation(card, branch_secretary, secretary_b):
    with pytest.raises(RuleError, match="选一项活动，或者写明"):
        invited(card, branch_secretary, content=" ")
    with pytest.raises(RuleError, match="才建"):
        invited(card, branch_secretary, month=date(2025, 12, 1))
    with pytest.raises(LiaisonCard.DoesNotExist):
        invited(card, secretary_b)


def test_more_than_a_months_most_is_warned_of_not_refused(
    secretary, card, branch_secretary
):
    for _ in range(2):
        invited(card, branch_secretary)
    assert "超过每月" not in secretary.get(url(card)).content.decode()
    data = {"month": f"{YEAR}-06-01", "content": "植树"}
    response = secretary.post(url(card, "invitation-add"), data, follow=True)
    assert f"{YEAR}年6月已安排3次邀请，超过每月2次" in response.content.decode()
    third = PlannedInvitation.objects.latest("pk")
    cancel = reverse("liaison:invitation-cancel", args=[third.pk])
    assert "超过每月" not in secretary.post(cancel, follow=True).content.decode()
    Parameter.objects.create(key="liaison.invitations_a_month", value=1)
    assert "超过每月1次" in secretary.get(url(card)).content.decode()


def test_each_month_is_counted_by_itself():
    months = [date(2026, 3, 1)] * 3 + [date(2026, 4, 1)] * 2
    assert len(too_many(months, 2)) == 1
    assert too_many(months, 3) == []


def test_a_refused_invitation_keeps_what_was_typed(secretary, card):
    data = {"month": "2025-12-01", "content": "登山"}
    response = secretary.post(url(card, "invitation-add"), data)
    assert response.status_code == 422
    assert "登山" in response.content.decode()


# The summary --------------------------------------------------------------------------


def test_figures_are_recorded_and_words_are_peoples(
    secretary, card, branch_secretary, branch_a1
):
    today = timezone.localdate()
    CardEntryFactory(card=card, occurred_on=today, hours=Decimal("1.5"))
    CardEntryFactory(card=card, occurred_on=today, kind="daily", hours=0)
    ActivityFactory(organization=branch_a1, held_on=today, present=[card.member])
    agreed(post_at(branch_a1, branch_secretary), card, branch_secretary)
    html = secretary.get(url(card)).content.decode()
    assert f"{YEAR}年参加党组织活动和社区服务共2次，3.5小时。" in html
    assert "1 个" in html
    assert not CardSummary.objects.exists()
    data = {"words": "热心公益", "version": 0}
    secretary.post(url(card, "summary-write"), data)
    assert CardSummary.objects.get().words == "热心公益"
    response = secretary.post(url(card, "summary-write"), data | {"words": "再写"})
    assert response.status_code == 409
    assert "再写" in response.content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM liaison_cardsummary")
        assert "热心" not in str(cursor.fetchall())


def test_a_summary_is_of_a_year_of_the_card(card, branch_secretary):
    write = {"card_id": card.pk, "words": "好", "actor": branch_secretary}
    for year in (2025, YEAR + 1):
        with pytest.raises(RuleError, match="这一年还没有"):
            years.write_summary(year=year, **write)
    with pytest.raises(RuleError, match="写一句"):
        years.write_summary(year=YEAR, **write | {"words": " "})
    with pytest.raises(StaleError):
        years.write_summary(year=YEAR, version=3, **write)


def test_a_closed_card_is_summed_up_but_plans_nothing(card, branch_secretary):
    cards.close_card(
        card_id=card.pk,
        ends_on=date(2026, 8, 3),
        reason="other",
        actor=branch_secretary,
    )
    with pytest.raises(RuleError, match="已经注销"):
        invited(card, branch_secretary)
    years.write_summary(card_id=card.pk, year=2026, words="好", actor=branch_secretary)


def test_who_only_sees_changes_nothing(card, branch_secretary, client_for, secretary_b):
    assert client_for(secretary_b).get(url(card)).status_code == 404
    invitation = invited(card, branch_secretary)
    with pytest.raises(PlannedInvitation.DoesNotExist):
        years.cancel_invitation(invitation_id=invitation.pk, actor=secretary_b)
    invitation.refresh_from_db()
    assert invitation.cancelled_at is None


@pytest.mark.parametrize("year", [1, 1989, 2999])
def test_a_year_far_away_is_no_page(year, secretary, card):
    assert secretary.get(url(card, year=year)).status_code == 404


# Residents' words ---------------------------------------------------------------------


def test_a_residents_words_stand_on_the_card_sealed(secretary, card):
    data = {
        "kind": "service",
        "occurred_on": timezone.localdate().isoformat(),
        "hours": "1",
        "content": "修水管",
        "resident_words": "修得好，随叫随到",
        "request_id": str(uuid4()),
    }
    address = reverse("liaison:entry-add", args=[card.pk])
    assert secretary.post(address, data).status_code == 302
    html = secretary.get(card.get_absolute_url()).content.decode()
    assert "群众评价：修得好，随叫随到" in html
    with connection.cursor() as cursor:
        cursor.execute("SELECT resident_words FROM liaison_cardentry")
        assert "随叫" not in str(cursor.fetchall())


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("王阿姨13800000000说好", "不写是哪位居民"),
        ("电话 1380 000 0000", "不写是哪位居民"),
        ("好" * 61, "不要超过 60 字"),
    ],
)
def test_words_that_tell_who_said_them_are_refused(
    words, sentence, card, branch_secretary
):
    with pytest.raises(RuleError, match=sentence):
        cards.add_entry(
            card_id=card.pk,
            kind="service",
            occurred_on=date(2026, 8, 3),
            hours=Decimal(1),
            content="修水管",
            resident_words=words,
            actor=branch_secretary,
            today=date(2026, 9, 1),
        )
    assert not CardEntry.objects.exists()
