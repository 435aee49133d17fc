"""Who works at the posts of a project: placed, led, gone, taken back."""

from collections import Counter
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection

from activities.models import (
    Earned,
    Placement,
)
from config.lib.errors import RuleError
from members.models import EmploymentSpell, Lead
from members.services.employment import amend_spell, withdraw_record
from tests.activities.project_steps import (
    deeds_of,
    laid_off,
    left,
    line_of,
    mistaken,
    opened,
    placed,
    posted,
)
from tests.factories.members import MemberFactory
from tests.members.employment_steps import spell
from tests.races import needs_server, race

pytestmark = pytest.mark.django_db


def test_a_member_placed_is_at_work_and_led_once(
    post, worker, founder, branch_secretary
):
    person = placed(post, branch_secretary, worker, way="flexible")
    assert line_of(worker)[-1] == (date(2026, 4, 1), "flexible")
    assert person.spell.workplace == "便民缝补店"
    assert deeds_of(founder)[-1] == ("people", date(2026, 4, 1), 1, 0)
    earned = Earned.objects.filter(member=founder, source="lead")
    assert list(earned.values_list("times", flat=True)) == [1]
    found = Earned.objects.filter(member=worker, source="spell")
    assert found.get().source_id == person.spell_id
    left(person, branch_secretary)
    assert line_of(worker)[-1] == (date(2026, 6, 1), "seeking")
    assert deeds_of(founder)[-1] == ("people", date(2026, 4, 1), 1, 0)


@pytest.mark.parametrize(
    ("reason", "words", "status"),
    [
        ("other_job", "江滨物业", "by_unit"),
        ("quit", "", "seeking"),
        ("retired", "", "retired"),
        ("other", "搬走了", "other"),
    ],
)
def test_why_he_left_says_what_he_does_now(
    reason, words, status, post, worker, branch_secretary
):
    person = placed(post, branch_secretary, worker)
    left(person, branch_secretary, reason, words=words)
    latest = EmploymentSpell.objects.current().get(member=worker)
    assert latest.status == status
    assert latest.workplace == (words if reason == "other_job" else "")


@pytest.mark.parametrize(
    ("reason", "sentence"), [("other_job", "写明新的单位"), ("other", "写明离岗的原因")]
)
def test_a_reason_that_says_too_little_is_refused(
    reason, sentence, post, worker, branch_secretary
):
    person = placed(post, branch_secretary, worker)
    with pytest.raises(RuleError, match=sentence):
        left(person, branch_secretary, reason)
    assert Placement.objects.get().ends_on is None


def test_what_was_written_of_him_meanwhile_stays(post, worker, branch_secretary):
    person = placed(post, branch_secretary, worker)
    spell(worker, branch_secretary, "retired", date(2026, 5, 8))
    left(person, branch_secretary)
    assert line_of(worker)[-1] == (date(2026, 5, 8), "retired")
    assert person.next_spell is None


def test_work_written_down_by_hand_already_is_not_written_again(
    post, worker, branch_secretary
):
    spell(
        worker, branch_secretary, "by_unit", date(2026, 3, 20), workplace="便民缝补店"
    )
    person = placed(post, branch_secretary, worker)
    assert person.spell is None
    assert len(line_of(worker)) == 2


def test_a_resident_is_known_by_name_only(post, founder, branch_secretary):
    placed(post, branch_secretary, name=" 王芳 ")
    with pytest.raises(RuleError, match="王芳已在这个项目在岗"):
        placed(post, branch_secretary, name="王芳")
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_name FROM activities_placement")
        assert "王芳" not in str(cursor.fetchall())
    assert (
        EmploymentSpell.objects.filter(source="project").count() == 1
    )  # the founder's
    assert deeds_of(founder)[-1] == ("people", date(2026, 4, 1), 1, 0)


def test_who_cannot_be_placed(post, worker, founder, branch_secretary):
    for values, sentence in (
        ({}, "写下居民的姓名"),
        ({"member": worker, "name": "王芳"}, "请留空"),
        ({"member": founder}, "不算带领他人"),
        ({"member": worker, "starts_on": date(2026, 3, 1)}, "不能早于2026-03-02"),
        ({"member": worker, "starts_on": date(2999, 3, 1)}, "不能晚于今天"),
    ):
        with pytest.raises(RuleError, match=sentence):
            placed(post, branch_secretary, **values)
    placed(post, branch_secretary, worker)
    with pytest.raises(RuleError, match="苗远已在服务项目在岗"):
        placed(post, branch_secretary, worker)


def test_a_full_post_takes_nobody_until_somebody_leaves(post, branch_secretary):
    first = placed(post, branch_secretary, name="甲")
    placed(post, branch_secretary, name="乙")
    with pytest.raises(RuleError, match="2个位置从2026-05-01起已经有人"):
        placed(post, branch_secretary, name="丙", starts_on=date(2026, 5, 1))
    left(first, branch_secretary)
    with pytest.raises(RuleError, match="已经有人"):
        placed(post, branch_secretary, name="丙", starts_on=date(2026, 5, 31))
    placed(post, branch_secretary, name="丙", starts_on=date(2026, 6, 1))


def test_the_same_form_places_once(post, worker, branch_secretary):
    request_id = uuid4()
    one = placed(post, branch_secretary, worker, request_id=request_id)
    assert placed(post, branch_secretary, worker, request_id=request_id) == one
    assert Placement.objects.count() == 1


def test_a_mistake_takes_back_all_it_wrote(post, worker, founder, branch_secretary):
    person = placed(post, branch_secretary, worker)
    left(person, branch_secretary)
    before = deeds_of(founder)[:2]
    mistaken(person, branch_secretary)
    assert line_of(worker) == [(date(2025, 1, 6), "laid_off")]
    assert deeds_of(founder) == before
    with pytest.raises(RuleError, match="已经撤回"):
        mistaken(person, branch_secretary)
    placed(post, branch_secretary, worker)  # now as it was


def test_what_a_project_wrote_is_changed_there_only(post, worker, branch_secretary):
    person = placed(post, branch_secretary, worker)
    for model, record in ((Lead, person.lead), (EmploymentSpell, person.spell)):
        with pytest.raises(RuleError, match="由服务项目自动登记"):
            withdraw_record(model=model, record_id=record.pk, actor=branch_secretary)
    with pytest.raises(RuleError, match="由服务项目自动登记"):
        amend_spell(
            spell_id=person.spell_id,
            status="retired",
            starts_on=date(2026, 4, 1),
            actor=branch_secretary,
        )


# Races ------------------------------------------------------------------------


@needs_server
@pytest.mark.django_db(transaction=True)
def test_of_two_for_the_last_place_one_gets_it(
    branch_a1, branch_secretary, community_a
):
    owner = laid_off(MemberFactory(branch=branch_a1), branch_secretary)
    post = posted(opened(owner, branch_secretary, community_a), branch_secretary, 1)
    people = MemberFactory.create_batch(6, branch=branch_a1)
    found = race(lambda n: bool(placed(post, branch_secretary, people[n])), count=6)
    assert Counter(found) == {True: 1, "post": 5}
    assert Placement.objects.count() == 1
    assert Lead.objects.counted().filter(kind="people").count() == 1
    assert EmploymentSpell.objects.filter(status="by_unit").count() == 1
