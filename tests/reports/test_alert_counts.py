"""The one statement that counts all warnings may be kept: nothing else enters it."""

from datetime import datetime, time

import pytest
import time_machine

from config.lib.dates import SHANGHAI
from organizations import parameters
from organizations.choices import Role
from organizations.models import User
from organizations.parameter_specs import BRANCH_SIZE_LIMIT
from reports import alert_counts, todo
from tests.factories.members import MemberFactory
from tests.factories.organizations import PostFactory, UserFactory, WorkUnitFactory

pytestmark = pytest.mark.django_db


def spelled(user: User, today) -> alert_counts.Spelled:
    kept = [alert for alert in todo.alerts_for(user) if not alert.reads_first]
    return alert_counts.spell(alert_counts.asked_of(kept, user, today))


@pytest.mark.parametrize("role", Role.values)
def test_a_statement_follows_from_posts_day_and_settings_alone(
    role, street, today, django_assert_num_queries
):
    user = UserFactory()
    if role == Role.UNIT_CONTACT:
        PostFactory(
            user=user, role=role, organization=None, work_unit=WorkUnitFactory()
        )
    else:
        PostFactory(user=user, role=role, organization=street)
    assert user.current_posts
    found = set()
    with parameters.together(), django_assert_num_queries(0):
        for hour in (0, 23):
            moment = datetime.combine(today, time(hour, 30), tzinfo=SHANGHAI)
            with time_machine.travel(moment, tick=False):
                found.add(spelled(user, today))
    assert len(found) == 1


def test_what_changes_a_statement_is_not_answered_from_memory(
    branch_a1, branch_secretary, branch_b1, committee_staff, today
):
    MemberFactory.create_batch(4, branch=branch_a1, phone="")
    MemberFactory.create_batch(2, branch=branch_b1, phone="")

    def counted(user: User) -> dict[str, int]:
        user = User.objects.get(pk=user.pk)
        return {each.alert.key: each.count for each in todo.todos(user, today)}

    assert counted(branch_secretary)["members.no_phone"] == 4
    PostFactory(
        user=branch_secretary, role=Role.BRANCH_SECRETARY, organization=branch_b1
    )
    assert counted(branch_secretary)["members.no_phone"] == 6
    assert "members.branch_too_large" not in counted(committee_staff)
    parameters.change(key=BRANCH_SIZE_LIMIT, value=3, actor=committee_staff)
    assert counted(committee_staff)["members.branch_too_large"] == 1
    before = alert_counts.spell_and_keep.cache_info().hits
    counted(committee_staff)
    assert alert_counts.spell_and_keep.cache_info().hits == before + 1
