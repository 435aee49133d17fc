"""The summary rows equal a recount, whatever was written and by however many."""

import threading
from collections import Counter
from datetime import date

import pytest
from django.db import connection

from members.parameters import AGE_BANDS
from organizations import parameters
from organizations.models import Organization, User
from reports.models import MonthSummary, SummaryMark
from reports.services import summaries
from tests.factories.activities import ActivityFactory
from tests.factories.members import MemberFactory
from tests.factories.organizations import OrganizationFactory


def nodes():
    return list(Organization.objects.order_by("path"))


def assert_equals_recount(months, today):
    for month in months:
        kept = summaries.read({month: nodes()}, today)[month]
        counted = summaries._recounted(nodes(), month)
        for node in nodes():
            for name in ("own", "values"):
                stored = {k: n for k, n in getattr(kept[node.pk], name).items() if n}
                fresh = {k: n for k, n in getattr(counted[node.pk], name).items() if n}
                assert stored == fresh, (month.label, node.short_name, name)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.django_db
def test_rows_equal_a_recount_after_any_sequence_of_writes(worker, month, today, seed):
    work = worker(seed)
    months = [month, month.previous(), summaries.kept_months(today)[0]]
    done = Counter()
    for number in range(48):
        done[work.step().split(":")[0]] += 1
        if number % 6 == 5:
            assert_equals_recount(months, today)
    assert len(done) > 8
    assert any(
        MonthSummary.objects.get(
            organization__path="000001", month=month.start
        ).values.values()
    )


@pytest.mark.django_db
def test_a_new_branch_counts_in_the_months_since_its_founding(
    worker, street, community_a, committee_staff, month, today
):
    assert_equals_recount([month, month.previous()], today)
    OrganizationFactory(parent=community_a)
    summaries.mark([community_a.pk], month.previous().start, today)
    assert_equals_recount([month, month.previous()], today)


@pytest.mark.django_db
def test_a_read_without_changes_takes_two_queries(
    tree, street, month, today, django_assert_num_queries
):
    MemberFactory.create_batch(5, branch=tree[3])
    wanted = {month: tree, month.previous(): [tree[1]]}
    summaries.read(wanted, today)
    with django_assert_num_queries(2):
        summaries.read(wanted, today)


@pytest.mark.django_db
def test_reading_takes_the_marks_away(tree, street, month, today):
    summaries.mark([tree[3].pk], today, today)
    assert summaries.is_stale(street, [month])
    summaries.figures(street, month, today)
    assert not SummaryMark.objects.exists()


@pytest.mark.django_db
def test_a_mark_elsewhere_leaves_a_branch_at_rest(tree, month, today):
    summaries.figures(tree[0], month, today)
    summaries.mark([tree[5].pk], today, today)
    assert not summaries.is_stale(tree[3], [month])


@pytest.mark.django_db
def test_months_without_rows_are_counted_from_the_facts(tree, street, today):
    old = summaries.kept_months(today)[0].previous()
    ActivityFactory(organization=tree[3], held_on=old.start)
    assert summaries.figures(street, old, today)["activities.held"] == 1
    assert not MonthSummary.objects.filter(month=old.start).exists()


@pytest.mark.django_db
def test_new_age_bands_are_counted_at_once(tree, street, month, today, committee_staff):
    MemberFactory(branch=tree[3], born_on=date(today.year - 40, 1, 1))
    assert summaries.figures(street, month, today)["members.age_3"] == 1
    bands = [["35岁及以下", None, 36], ["36岁及以上", 36, None]]
    parameters.change(key=AGE_BANDS, value=bands, actor=committee_staff)
    assert summaries.figures(street, month, today)["members.age_2"] == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_rows_equal_a_recount_after_concurrent_writes_and_reads(worker, month, today):
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL")
    failures = []

    def run(target):
        try:
            target()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    def write(seed):
        work = worker(seed)
        work.actor = User.objects.get(pk=work.actor.pk)
        for _ in range(25):
            work.step()

    def read():
        for _ in range(12):
            summaries.read({month: nodes(), month.previous(): nodes()}, today)

    targets = [lambda: write(11), lambda: write(12), read, read]
    threads = [threading.Thread(target=run, args=[target]) for target in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not failures
    assert_equals_recount([month, month.previous()], today)
