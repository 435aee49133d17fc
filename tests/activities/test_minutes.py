"""Minutes: topics, decisions, why somebody was away, when a meeting may decide."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, Minutes
from activities.services.activities import cancel_activity
from activities.services.minutes import MinutesFacts, save_minutes
from activities.turnout import voting_turnout
from config.lib.errors import RuleError
from config.lib.versions import StaleError
from members.models import Member
from tests.factories.activities import ActivityFactory, ParticipationFactory
from tests.factories.members import AffiliationFactory, MemberFactory

FACTS = MinutesFacts("支书记", "记录员", "讨论困难帮扶", "同意补助一户")


@pytest.fixture
def people(branch_a1):
    return MemberFactory.create_batch(4, branch=branch_a1)


@pytest.fixture
def meeting(branch_a1, people):
    """Two of four came; one is on leave."""
    activity = ActivityFactory(
        organization=branch_a1,
        kind="members_meeting",
        held_on=timezone.localdate(),
        present=people[:2],
    )
    ParticipationFactory(activity=activity, member=people[2], presence="leave")
    return activity


@pytest.fixture
def write(meeting, branch_secretary):
    def call(facts=FACTS, version=0, reasons=None, actor=branch_secretary):
        return save_minutes(
            activity_id=meeting.pk,
            version=version,
            facts=facts,
            reasons=reasons or {},
            actor=actor,
        )

    return call


def test_who_may_vote_is_counted_by_the_day(meeting, branch_a1, branch_b1):
    MemberFactory(branch=branch_a1, member_type="probationary", confirmed_on=None)
    guest = MemberFactory(branch=branch_b1)
    AffiliationFactory(member=guest, organization=branch_a1, kind="co_managed")
    ParticipationFactory(activity=meeting, member=guest)
    turnout = voting_turnout(meeting)
    assert (turnout.expected, turnout.present) == (4, 2)
    assert not turnout.is_quorate
    meeting.kind = "theme_day"
    assert voting_turnout(meeting) is None


def test_half_is_not_more_than_half_and_decides_nothing(write, meeting, people):
    with pytest.raises(RuleError, match=r"没有超过半数.*第十一条"):
        write()
    assert not Minutes.objects.exists()
    write(MinutesFacts(topics="人数不足，改期"))
    ParticipationFactory(activity=meeting, member=people[3])
    written = write(version=1)
    assert (written.version, written.decisions) == (2, FACTS.decisions)


def test_reasons_go_to_those_who_were_away_and_stay(write, people, meeting):
    write(MinutesFacts(), reasons={people[2].pk: " 住院 "})
    assert meeting.participations.get(member=people[2]).note == "住院"
    with pytest.raises(Member.DoesNotExist):
        write(MinutesFacts(), version=1, reasons={people[0].pk: "到会的"})


def test_somebody_else_wrote_meanwhile(write):
    write(MinutesFacts(topics="甲"))
    with pytest.raises(StaleError):
        write(MinutesFacts(topics="乙"))


def test_scope_right_and_state(write, meeting, secretary_b, branch_secretary):
    with pytest.raises(Activity.DoesNotExist):
        write(actor=secretary_b)
    branch_secretary.posts.update(role="hardship_officer")
    stranger = type(branch_secretary).objects.get(pk=branch_secretary.pk)
    with pytest.raises(PermissionDenied):
        write(actor=stranger)


def test_a_cancelled_meeting_has_no_minutes(write, meeting, branch_secretary):
    cancel_activity(activity_id=meeting.pk, reason="改期", actor=branch_secretary)
    with pytest.raises(RuleError, match="不写会议记录"):
        write()


def test_what_was_said_is_sealed_in_the_database(write):
    write(MinutesFacts(topics="某同志的家庭困难"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT topics FROM activities_minutes")
        assert "家庭" not in cursor.fetchone()[0]


def test_the_page_writes_shows_and_keeps_reasons_through_an_edit(
    client_for, meeting, people, branch_secretary
):
    client = client_for(branch_secretary)
    url = reverse("activities:minutes", args=[meeting.pk])
    shown = client.get(url).content.decode()
    assert "没有超过半数" in shown
    assert f"{people[2].name}（请假）的原因" in shown
    data = {
        "version": 0,
        "topics": "学习文件",
        "decisions": "同意",
        f"reason-{people[2].pk}": "出差",
    }
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert "学习文件" in refused.content.decode()
    saved = client.post(url, data | {"decisions": ""}, follow=True).content.decode()
    assert "学习文件" in saved
    assert "出差" in saved
    stale = client.post(url, data | {"topics": "别的", "decisions": ""})
    assert stale.status_code == 409
    assert "学习文件" in stale.content.decode()
    edit = reverse("activities:edit", args=[meeting.pk])
    form = client.get(edit).context["form"]
    values = {name: form[name].value() for name in ("kind", "title", "hours", "place")}
    values |= {
        "starts_at": form["starts_at"].value().strftime("%Y-%m-%d %H:%M"),
        "present": [p.pk for p in people[:2]],
        "leave": [people[2].pk],
        "version": meeting.version,
    }
    assert client.post(edit, values).status_code == 302
    assert meeting.participations.get(member=people[2]).note == "出差"
