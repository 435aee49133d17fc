"""What visits add to the month's figures and to the list of things to do."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from activities.models import Household, Visit, VisitMatter
from activities.services.visits import withdraw_visit
from config.lib import registry
from config.lib.periods import Month
from organizations.models import Organization, Parameter
from tests.activities.household_steps import asked, listed, stepped, visited

pytestmark = pytest.mark.django_db
MONTHS = [Month(2026, number) for number in (1, 3, 4)] + [Month(2027, 1)]


def figures(key) -> list[dict[str, int]]:
    """The figure in each of MONTHS, by the organization's name."""
    [group] = [each for each in registry.groups() if each.key == "visits"]
    found = group.compute_months(Organization.objects.all(), MONTHS)
    names = dict(Organization.objects.values_list("pk", "short_name"))
    return [
        {names[pk]: own[key] for pk, own in month.items() if own.get(key)}
        for month in found
    ]


@pytest.fixture
def homes(community_a, branch_a1, community_secretary):
    """Three doors of the branch, listed since January 2026."""
    found = [
        listed(community_a, community_secretary, room=room, organization=branch_a1)
        for room in ("101", "102", "103")
    ]
    Household.objects.update(listed_on=date(2026, 1, 5))
    return found


def on(visit_or_matter, day):
    """Let a visit have been on that day."""
    visit = getattr(visit_or_matter, "visit", visit_or_matter)
    Visit.objects.filter(pk=visit.pk).update(visited_on=day)
    return visit_or_matter


def test_visits_households_and_the_share_of_the_year(
    homes, branch_a1, branch_secretary
):
    for home, day in (
        *((homes[0], date(2026, 1, 9)), (homes[0], date(2026, 3, 2))),
        *((homes[0], date(2026, 3, 30)), (homes[1], date(2026, 2, 28))),
        *((homes[2], date(2027, 1, 1)), (homes[1], date(2025, 12, 31))),
    ):
        on(visited(home, branch_secretary), day)
    wrong = on(visited(homes[2], branch_secretary), date(2026, 1, 9))
    withdraw_visit(visit_id=wrong.pk, words="记错", actor=branch_secretary)
    a1 = branch_a1.short_name
    assert figures("activities.households") == [{a1: 3}] * 4
    assert figures("activities.visits") == [{a1: 1}, {a1: 2}, {}, {a1: 1}]
    assert figures("activities.households_visited") == [{a1: 1}, {a1: 1}, {}, {a1: 1}]
    assert figures("activities.households_visited_year") == [
        *({a1: 1}, {a1: 2}, {a1: 2}, {a1: 1})
    ]
    Household.objects.filter(pk=homes[0].pk).update(ended_on=date(2026, 4, 30))
    assert figures("activities.households") == [{a1: 3}, {a1: 3}, {a1: 2}, {a1: 2}]
    assert figures("activities.households_visited_year")[1] == {a1: 1}


def test_what_was_collected_solved_and_waits(homes, branch_a1, branch_secretary):
    solved = on(asked(homes[0], branch_secretary), date(2026, 1, 9))
    on(asked(homes[1], branch_secretary), date(2026, 1, 20))
    referred = on(asked(homes[1], branch_secretary), date(2026, 3, 20))
    for matter, act in ((solved, "solve"), (referred, "refer")):
        stepped(matter, act, branch_secretary)
    VisitMatter.objects.filter(pk=solved.pk).update(
        settled_on=date(2026, 3, 1), answered_on=date(2026, 3, 2)
    )
    VisitMatter.objects.filter(pk=referred.pk).update(settled_on=date(2026, 4, 1))
    a1 = branch_a1.short_name
    assert figures("activities.visit_matters") == [{a1: 2}, {a1: 1}, {}, {}]
    assert figures("activities.visit_matters_solved") == [{}, {a1: 1}, {}, {}]
    assert figures("activities.visit_matters_waiting") == [
        *({a1: 2}, {a1: 2}, {a1: 2}, {a1: 2})
    ]


def test_a_figure_leads_to_its_rows(client_for, homes, branch_a1, branch_secretary):
    month = Month.containing(timezone.localdate())
    visited(homes[0], branch_secretary, matters=["一", "二"])
    client = client_for(branch_secretary)
    for key, total in (("activities.visits", "1"), ("activities.visit_matters", "2")):
        url = registry.indicator(key).list_url(branch_a1.pk, month)
        assert client.get(url).context["total"] == total


def test_a_promise_that_is_due_is_told(homes, branch_secretary, secretary_b):
    alert = registry.alert("activities.visit_matters_overdue")
    today = timezone.localdate()
    late = asked(homes[0], branch_secretary, days_ago=31)
    asked(homes[1], branch_secretary, days_ago=30)
    [item] = alert.rows(branch_secretary, today)
    assert (item.label, item.url) == ("1号楼 101：房屋物业", late.get_absolute_url())
    assert "还没有办结" in item.detail
    stepped(late, "solve", branch_secretary)
    [item] = alert.rows(branch_secretary, today)
    assert "还没有答复" in item.detail
    stepped(late, "answer", branch_secretary)
    assert alert.count(branch_secretary, today) == 0
    assert alert.count(secretary_b, today + timedelta(days=60)) == 0


@time_machine.travel("2026-10-09 09:00+08:00", tick=False)
def test_doors_nobody_has_been_to_are_told_late_in_the_year(
    client_for, homes, branch_a1, branch_secretary, community_secretary
):
    alert = registry.alert("activities.households_unvisited")
    visited(homes[0], branch_secretary)
    on(visited(homes[1], branch_secretary), date(2025, 10, 9))
    assert alert.count(branch_secretary, date(2026, 9, 30)) == 0
    today = date(2026, 10, 9)
    for user in (branch_secretary, community_secretary):
        [item] = alert.rows(user, today)
        assert (item.organization_id, item.detail) == (
            *(branch_a1.pk, "还有2户今年没有走访，占67%"),
        )
    page = client_for(branch_secretary).get(item.url)
    assert {row.pk for row in page.context["page"].rows} == {homes[1].pk, homes[2].pk}
    Parameter.objects.create(key="activities.unvisited_percent", value="80")
    assert alert.count(branch_secretary, today) == 0
    page = client_for(branch_secretary).get(reverse("reports:alert", args=[alert.key]))
    assert page.status_code == 200
