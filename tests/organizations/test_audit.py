"""The audit trail: only ever added to, whoever asks."""

import pytest
from django.db import DatabaseError, connection, transaction

from organizations import audit
from organizations.choices import AuditAction, AuditResult
from organizations.models import AuditEvent
from tests.conftest import login


@pytest.fixture
def event(branch_secretary):
    return audit.record(actor=branch_secretary, action=AuditAction.LOGIN)


def run_sql(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_event_keeps_the_name_the_actor_had(event, branch_secretary):
    branch_secretary.display_name = "改了名"
    branch_secretary.save()
    assert AuditEvent.objects.get(pk=event.pk).actor_label == "支一平"


def test_an_event_of_the_system_says_so(db):
    event = audit.record(actor=None, action=AuditAction.KEYS_ROTATED)
    assert (event.actor, event.actor_label, event.result) == (
        None,
        "系统",
        AuditResult.DONE,
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: AuditEvent.objects.filter(pk=event.pk).update(address=None),
        lambda event: AuditEvent.objects.all().delete(),
        lambda event: AuditEvent.objects.bulk_update([event], ["address"]),
    ],
)
def test_the_orm_refuses_to_change_or_remove_an_event(event, change):
    with pytest.raises(TypeError, match="append-only"):
        change(event)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE organizations_auditevent SET actor_label = 'x'",
        "DELETE FROM organizations_auditevent",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_event(event, statement):
    with pytest.raises(DatabaseError, match="append-only"):
        run_sql(statement)
    assert AuditEvent.objects.get().actor_label == "支一平"


@pytest.mark.postgres
def test_the_database_refuses_to_truncate_the_trail(event):
    if connection.vendor != "postgresql":
        pytest.skip("TRUNCATE is PostgreSQL's")
    with pytest.raises(DatabaseError, match="append-only"):
        run_sql(
            "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE organizations_auditevent CASCADE"
        )


@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_leaves_the_triggers_in_place(event):
    # The flush after this test takes them off and puts them back.
    with pytest.raises(DatabaseError, match="append-only"):
        run_sql("DELETE FROM organizations_auditevent")


@pytest.mark.django_db(transaction=True)
def test_after_a_flush_the_triggers_are_still_in_place(event):
    with pytest.raises(DatabaseError, match="append-only"):
        run_sql("DELETE FROM organizations_auditevent")
    assert AuditEvent.objects.count() == 1


# The page -------------------------------------------------------------------------

PAGE = "/organizations/audit/"


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("auditor", 200),
        ("sysadmin", 403),
        ("committee_staff", 403),
        ("branch_secretary", 403),
        ("outsider", 403),
    ],
)
def test_only_auditors_read_the_trail(client, request, who, status):
    login(client, request.getfixturevalue(who))
    assert client.get(PAGE).status_code == status


def test_the_page_tells_who_did_what(client, auditor, event):
    login(client, auditor)
    page = client.get(PAGE).content.decode()
    assert "支一平" in page
    assert "登录" in page


def test_a_persons_row_is_told_by_number_only(client, auditor, branch_secretary):
    AuditEvent(
        actor=branch_secretary,
        actor_label="支一平",
        action=AuditAction.FIELD_REVEALED,
        target_type="members.member",
        target_id="77",
        target_label="雷芳芳",
        details={"field": "电话", "reason": "通知开会", "name": "雷芳芳"},
    ).save()
    login(client, auditor)
    page = client.get(PAGE).content.decode()
    assert "雷芳芳" not in page
    assert "党员 77" in page
    assert "理由：通知开会" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", True),
        ("action=login", True),
        ("action=logout", False),
        ("result=denied", False),
        ("since=2100-01-01", False),
        ("until=2000-01-01", False),
    ],
)
def test_the_filters_narrow_the_page(client, auditor, event, query, shown):
    login(client, auditor)
    rows = client.get(f"{PAGE}?{query}").context["rows"]
    assert bool(rows) is shown


def test_the_filter_by_person(client, auditor, event, branch_secretary):
    login(client, auditor)
    for user, count in ((branch_secretary, 1), (auditor, 0)):
        assert len(client.get(f"{PAGE}?actor={user.pk}").context["rows"]) == count


def test_a_wrong_filter_is_said_and_shows_nothing(client, auditor, event):
    login(client, auditor)
    response = client.get(f"{PAGE}?since=yesterday")
    assert response.status_code == 200
    assert response.context["rows"] == []


def test_pages_follow_each_other_without_loss(client, auditor, branch_secretary):
    made = [
        audit.record(actor=branch_secretary, action=AuditAction.LOGIN).pk
        for _ in range(120)
    ]
    login(client, auditor)
    seen, address = [], PAGE
    while address:
        context = client.get(address).context
        seen += [event.pk for event, _, _ in context["rows"]]
        last, address = context, context["next_url"] and PAGE + context["next_url"]
    assert seen == made[::-1]
    back = client.get(PAGE + last["previous_url"]).context
    assert [event.pk for event, _, _ in back["rows"]] == made[::-1][50:100]
    first = client.get(PAGE + back["previous_url"]).context
    assert (first["previous_url"], len(first["rows"])) == ("", 50)


def test_the_last_page_costs_what_the_first_does(
    client, auditor, branch_secretary, django_assert_max_num_queries
):
    for _ in range(60):
        audit.record(actor=branch_secretary, action=AuditAction.LOGIN)
    login(client, auditor)
    with django_assert_max_num_queries(8):
        client.get(PAGE)
