"""Accounts and posts: who may give what to whom."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from config.lib.errors import RuleError
from organizations.choices import AuditAction, Role
from organizations.models import AuditEvent, Organization, Post, User
from organizations.services import accounts, posts, totp
from organizations.system import SYSTEM
from tests.conftest import login
from tests.factories.organizations import PASSWORD, PostFactory, UserFactory

TODAY = date(2026, 10, 1)


def grant(user, actor, role=Role.BRANCH_SECRETARY, organization=None, **more):
    values = {"starts_on": TODAY, "user_id": user.pk, "role": role, "actor": actor}
    if organization is not None:
        values["organization_id"] = organization.pk
    return posts.grant_post(**values | more)


# Accounts ------------------------------------------------------------------------


def test_a_new_account_has_a_one_time_password_and_no_right(sysadmin):
    user, password = accounts.create_account(
        username="lixin", display_name="李新", actor=sysadmin
    )
    assert user.check_password(password)
    assert user.must_change_password
    assert user.current_posts == []
    assert AuditEvent.objects.get().action == AuditAction.USER_CREATED


def test_the_one_time_password_is_written_nowhere(sysadmin):
    _, password = accounts.create_account(
        username="lixin", display_name="李新", actor=sysadmin
    )
    event = AuditEvent.objects.get()
    assert password not in f"{event.details}{event.target_label}"


def test_a_name_in_use_is_refused(sysadmin):
    with pytest.raises(ValidationError):
        accounts.create_account(
            username="sysadmin", display_name="另一个", actor=sysadmin
        )


@pytest.mark.parametrize("who", ["committee_staff", "community_secretary", "auditor"])
def test_others_make_no_accounts(request, who):
    with pytest.raises(PermissionDenied):
        accounts.create_account(
            username="x1", display_name="某", actor=request.getfixturevalue(who)
        )


def test_nobody_manages_their_own_account(sysadmin):
    with pytest.raises(RuleError, match="自己的账号"):
        accounts.reset_password(user_id=sysadmin.pk, actor=sysadmin)
    with pytest.raises(RuleError, match="自己的账号"):
        accounts.set_active(user_id=sysadmin.pk, is_active=False, actor=sysadmin)


def test_an_account_of_another_street_is_not_there(sysadmin, other_street):
    stranger = PostFactory(organization=other_street).user
    with pytest.raises(User.DoesNotExist):
        accounts.reset_password(user_id=stranger.pk, actor=sysadmin)


def test_an_account_held_elsewhere_too_is_not_taken_over(
    sysadmin, other_street, branch_a1
):
    """A new password would open the other street to whoever reads it first."""
    shared = PostFactory(organization=other_street).user
    PostFactory(user=shared, organization=branch_a1)
    before = shared.password
    for act in (accounts.reset_password, totp.reset_totp):
        with pytest.raises(RuleError, match="以外还有岗位"):
            act(user_id=shared.pk, actor=sysadmin)
    with pytest.raises(RuleError, match="以外还有岗位"):
        accounts.set_active(user_id=shared.pk, is_active=False, actor=sysadmin)
    shared.refresh_from_db()
    assert (shared.password, shared.is_active) == (before, True)


def test_an_account_whose_post_elsewhere_is_over_may_be_managed(
    sysadmin, other_street, branch_a1
):
    yesterday = timezone.localdate() - timedelta(days=1)
    moved = PostFactory(organization=other_street, ends_on=yesterday).user
    PostFactory(user=moved, organization=branch_a1)
    accounts.reset_password(user_id=moved.pk, actor=sysadmin)


# Posts ----------------------------------------------------------------------------


def test_a_post_gives_its_rights_at_its_place(sysadmin, outsider, branch_a1, branch_a2):
    grant(outsider, sysadmin, organization=branch_a1, starts_on=timezone.localdate())
    user = User.objects.get(pk=outsider.pk)
    assert user.has_right_at("edit_members", branch_a1)
    assert not user.has_right_at("edit_members", branch_a2)
    event = AuditEvent.objects.get()
    assert (event.action, event.organization) == (AuditAction.POST_GRANTED, branch_a1)


@pytest.mark.parametrize("role", Role.values)
def test_nobody_grants_themselves_anything(sysadmin, street, role):
    with pytest.raises(RuleError, match="自己"):
        grant(sysadmin, sysadmin, role, street)


@pytest.mark.parametrize(
    "who",
    [
        "committee_staff",
        "community_secretary",
        "branch_secretary",
        "auditor",
        "unit_contact",
        "outsider",
        "expired",
    ],
)
@pytest.mark.parametrize("role", Role.values)
def test_only_an_administrator_grants(request, who, role, branch_a1, work_unit):
    actor = request.getfixturevalue(who)
    place = {"organization_id": branch_a1.pk}
    if role == Role.UNIT_CONTACT:
        place = {"work_unit_id": work_unit.pk}
    with pytest.raises(PermissionDenied):
        grant(UserFactory(), actor, role, **place)


def test_an_administrator_grants_only_in_own_subtree(sysadmin, outsider, other_street):
    with pytest.raises(PermissionDenied):
        grant(outsider, sysadmin, organization=other_street)


def test_an_administrator_of_a_community_stays_there(
    community_a, branch_a1, branch_b1, outsider
):
    local = PostFactory(role=Role.SYSTEM_ADMINISTRATOR, organization=community_a).user
    grant(outsider, local, organization=branch_a1)
    with pytest.raises(PermissionDenied):
        grant(outsider, local, organization=branch_b1)


@pytest.mark.parametrize(
    ("held", "wanted"),
    [(Role.AUDITOR, Role.COMMITTEE_STAFF), (Role.BRANCH_SECRETARY, Role.AUDITOR)],
)
def test_who_audits_does_nothing_else(sysadmin, outsider, street, held, wanted):
    grant(outsider, sysadmin, held, street)
    with pytest.raises(RuleError, match="三员分立"):
        grant(outsider, sysadmin, wanted, street)


def test_an_auditor_whose_post_has_ended_may_change_over(sysadmin, outsider, street):
    grant(outsider, sysadmin, Role.AUDITOR, street, ends_on=TODAY)
    grant(
        outsider,
        sysadmin,
        Role.COMMITTEE_STAFF,
        street,
        starts_on=TODAY + timedelta(days=1),
    )


def test_the_same_post_twice_is_refused(sysadmin, outsider, branch_a1):
    grant(outsider, sysadmin, organization=branch_a1)
    with pytest.raises(RuleError, match="同样的岗位"):
        grant(outsider, sysadmin, organization=branch_a1, ends_on=TODAY)


def test_a_contact_person_needs_a_unit(sysadmin, outsider, street):
    with pytest.raises(ValidationError, match="单位联络人须选工作单位"):
        grant(outsider, sysadmin, Role.UNIT_CONTACT, street)


def test_no_post_in_a_closed_organization(sysadmin, outsider, branch_a1):
    branch_a1.closed_on = TODAY
    branch_a1.save()
    with pytest.raises(RuleError, match="已撤销"):
        grant(outsider, sysadmin, organization=branch_a1)


def test_a_post_that_ends_today_lasts_through_the_day(sysadmin, branch_secretary):
    post = branch_secretary.posts.get()
    today = timezone.localdate()
    posts.end_post(post_id=post.pk, ends_on=today, actor=sysadmin)
    assert Post.objects.in_force(today).filter(pk=post.pk).exists()
    assert not Post.objects.in_force(today + timedelta(days=1)).filter(pk=post.pk)
    assert AuditEvent.objects.get().action == AuditAction.POST_ENDED


def test_nobody_ends_their_own_post(sysadmin):
    with pytest.raises(RuleError, match="自己的岗位"):
        posts.end_post(post_id=sysadmin.posts.get().pk, ends_on=TODAY, actor=sysadmin)


def test_an_ended_post_is_not_prolonged(sysadmin, expired):
    with pytest.raises(RuleError, match="不能再延后"):
        posts.end_post(
            post_id=expired.posts.get().pk,
            ends_on=timezone.localdate(),
            actor=sysadmin,
        )


def test_a_post_out_of_scope_is_not_there(sysadmin, other_street):
    post = PostFactory(organization=other_street)
    with pytest.raises(Post.DoesNotExist):
        posts.end_post(post_id=post.pk, ends_on=TODAY, actor=sysadmin)


# The command ------------------------------------------------------------------------


def test_the_command_makes_the_first_administrator(street, capsys):
    call_command("create_account", "first", "首管", "--role", "system_administrator")
    user = User.objects.get(username="first")
    assert user.has_right("manage_users")
    password = capsys.readouterr().out.split("密码：")[1].split()[0]
    assert user.check_password(password)


def test_the_command_begins_an_empty_database(db):
    call_command(
        "create_account",
        "first",
        "首管",
        "--role=system_administrator",
        "--street=中共江滨街道工作委员会",
    )
    assert Organization.objects.get().kind == "work_committee"
    assert User.objects.get().has_right("manage_users")


def test_the_command_makes_no_second_street(street):
    with pytest.raises(CommandError, match="已有党组织"):
        call_command("create_account", "first", "首管", "--street=中共江南街道工委")
    assert not User.objects.exists()


def test_the_command_names_what_is_missing(db):
    with pytest.raises(CommandError, match="没有这个党组织"):
        call_command("create_account", "first", "首管", "--role", "auditor")


# The admin --------------------------------------------------------------------------

USERS = "/admin/organizations/user/"
POSTS = "/admin/organizations/post/"


@pytest.fixture
def office(client, sysadmin):
    return login(client, sysadmin)


def test_the_admin_shows_a_new_password_once(office):
    data = {"username": "lixin", "display_name": "李新"}
    response = office.post(f"{USERS}add/", data)
    assert response.status_code == 200
    page = response.content.decode()
    user = User.objects.get(username="lixin")
    password = page.split('class="initial-password">')[1].split("<")[0]
    assert user.check_password(password)
    page = office.get(f"{USERS}{user.pk}/change/").content.decode()
    assert password not in page


def test_the_admin_refuses_a_name_in_use_in_words(office):
    data = {"username": "sysadmin", "display_name": "另一个"}
    response = office.post(f"{USERS}add/", data)
    assert "已存在" in response.content.decode()


def test_the_admin_resets_a_password_by_post(office, branch_secretary):
    address = f"{USERS}{branch_secretary.pk}/reset-password/"
    assert office.get(address).status_code == 200
    assert 'class="initial-password">' in office.post(address).content.decode()
    branch_secretary.refresh_from_db()
    assert not branch_secretary.check_password(PASSWORD)


def test_the_admin_disables_and_enables(office, branch_secretary):
    for is_active in (False, True):
        office.post(f"{USERS}{branch_secretary.pk}/toggle-active/")
        branch_secretary.refresh_from_db()
        assert branch_secretary.is_active is is_active


def test_the_admin_says_why_the_own_account_is_refused(office, sysadmin):
    address = f"{USERS}{sysadmin.pk}/reset-password/"
    page = office.post(address, follow=True).content.decode()
    assert "不能管理自己的账号" in page


def test_the_admin_hides_accounts_of_another_street(office, other_street):
    stranger = PostFactory(organization=other_street).user
    assert stranger.username not in office.get(USERS).content.decode()
    for path in ("change/", "reset-password/", "toggle-active/", "reset-totp/"):
        response = office.get(f"{USERS}{stranger.pk}/{path}", follow=True)
        assert stranger.username not in response.content.decode()


def test_the_admin_grants_a_post_by_the_service(office, outsider, branch_a1, sysadmin):
    data = {
        "user": outsider.pk,
        "role": Role.BRANCH_SECRETARY,
        "organization": branch_a1.pk,
        "starts_on": "2026-10-01",
    }
    assert office.post(f"{POSTS}add/", data).status_code == 302
    post = outsider.posts.get()
    assert (post.granted_by, post.organization) == (sysadmin, branch_a1)


def test_the_admin_shows_a_refused_grant_with_the_reason(office, sysadmin, branch_a1):
    data = {
        "user": sysadmin.pk,
        "role": Role.BRANCH_SECRETARY,
        "organization": branch_a1.pk,
        "starts_on": "2026-10-01",
    }
    page = office.post(f"{POSTS}add/", data).content.decode()
    assert "不能给自己授予岗位" in page
    assert not Post.objects.filter(role=Role.BRANCH_SECRETARY).exists()


def test_the_admin_offers_no_place_out_of_scope(
    office, outsider, other_street, branch_a1
):
    data = {
        "user": outsider.pk,
        "role": Role.BRANCH_SECRETARY,
        "organization": other_street.pk,
        "starts_on": "2026-10-01",
    }
    response = office.post(f"{POSTS}add/", data)
    assert response.status_code == 200
    assert not outsider.posts.exists()
    search = "/admin/autocomplete/?app_label=organizations&model_name=post"
    found = office.get(f"{search}&field_name=organization&term=江滨").json()
    offered = {int(row["id"]) for row in found["results"]}
    assert branch_a1.pk in offered
    assert other_street.pk not in offered


def test_the_admin_ends_a_post(office, branch_secretary):
    post = branch_secretary.posts.get()
    office.post(f"{POSTS}{post.pk}/change/", {"ends_on": "2026-10-31"})
    post.refresh_from_db()
    assert post.ends_on == date(2026, 10, 31)


@pytest.mark.parametrize("model", ["user", "post"])
def test_committee_staff_manage_no_accounts(client, committee_staff, model):
    login(client, committee_staff)
    assert client.get(f"/admin/organizations/{model}/").status_code == 403


def test_the_system_may_manage_every_account(other_street):
    stranger = PostFactory(organization=other_street).user
    accounts.reset_password(user_id=stranger.pk, actor=SYSTEM)
