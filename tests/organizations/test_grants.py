"""Every (granter, target, role, place): nobody gives more than lies in own hands.

What is expected is written out by hand, not asked of the portal.
"""

from dataclasses import dataclass

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from config.lib.errors import RuleError
from organizations.choices import Role
from organizations.models import Post, User
from organizations.services import accounts, posts, totp
from tests.factories.organizations import PostFactory, UserFactory

# What lies under each place of the tree in tests/conftest.py, itself included.
BELOW = {
    "street": {"street", "community_a", "branch_a1", "branch_b1"},
    "community_a": {"community_a", "branch_a1"},
    "branch_a1": {"branch_a1"},
    "branch_b1": {"branch_b1"},
    "other_street": {"other_street"},
}
PLACES = [*BELOW, "work_unit"]
# Where the targets are branch secretaries already.
HELD = {("near", "branch_a1"), ("far", "other_street")}
REFUSED = (PermissionDenied, RuleError, ValidationError, User.DoesNotExist)


@dataclass
class Office:
    """The places, who may grant what where, and whom it may be granted to."""

    places: dict
    granters: dict
    targets: dict


@pytest.fixture
def office(street, community_a, branch_a1, branch_b1, other_street, work_unit):
    found = locals()
    places = {name: found[name] for name in PLACES}
    return Office(places, _granters(places), _targets(places))


def _granters(places):
    """Each role at the street, administrators of a community and of another street."""
    held = {role: (role, "street") for role in Role.values}
    held[Role.UNIT_CONTACT] = (Role.UNIT_CONTACT, "work_unit")
    held["of a community"] = (Role.SYSTEM_ADMINISTRATOR, "community_a")
    held["of another street"] = (Role.SYSTEM_ADMINISTRATOR, "other_street")
    granters = {}
    for name, (role, at) in held.items():
        user = UserFactory()
        _hold(user, role, at, places)
        granters[name] = (user, role, at)
    return granters


def _targets(places):
    """Without a post, within one community, of another street."""
    targets = {name: UserFactory() for name in ("new", "near", "far")}
    for name, place in HELD:
        _hold(targets[name], Role.BRANCH_SECRETARY, place, places)
    return targets


def _hold(user, role, at, places):
    kind = "work_unit" if at == "work_unit" else "organization"
    PostFactory(user=user, role=role, **{"organization": None, kind: places[at]})


def _may(role, at, target, new_role, place) -> bool:
    """Whether this grant is one that the office wants."""
    if role != Role.SYSTEM_ADMINISTRATOR or target == "self":
        return False
    if (new_role == Role.UNIT_CONTACT) != (place == "work_unit"):
        return False
    if new_role == Role.BRANCH_SECRETARY and (target, place) in HELD:
        return False  # the same post twice
    if new_role == Role.AUDITOR and target != "new":
        return False  # 三员分立
    if target == "far" and at != "other_street":
        return False
    if target == "near" and at == "other_street":
        return False
    return place == "work_unit" or place in BELOW[at]


def _grant(granter, target, role, office, place) -> bool:
    kind = "work_unit_id" if place == "work_unit" else "organization_id"
    try:
        with transaction.atomic():
            posts.grant_post(
                user_id=target.pk,
                role=role,
                starts_on=timezone.localdate(),
                actor=User.objects.get(pk=granter.pk),
                **{kind: office.places[place].pk},
            )
    except REFUSED:
        return False
    return True


def test_every_grant_is_done_or_refused_as_the_office_wants(office):
    faults, count, done = [], 0, 0
    for name, (granter, role, at) in office.granters.items():
        is_administrator = role == Role.SYSTEM_ADMINISTRATOR
        targets = {**office.targets, "self": granter}
        if not is_administrator:
            targets = {"new": office.targets["new"], "self": granter}
        for key, target in targets.items():
            for new_role in Role.values:
                for place in PLACES:
                    before = Post.objects.count()
                    with transaction.atomic():
                        was_done = _grant(granter, target, new_role, office, place)
                        added = Post.objects.count() - before
                        transaction.set_rollback(True)
                    wanted = _may(role, at, key, new_role, place)
                    count += 1
                    done += was_done
                    if was_done != wanted or added != int(was_done):
                        faults.append(f"{name} gives {key} {new_role} at {place}")
    assert not faults
    assert count > 600
    assert done > 40


def test_no_account_with_a_post_out_of_reach_is_taken_over(office):
    """By a new password, by switching it off or by taking its phone off."""
    both = UserFactory()
    for place in ("branch_a1", "branch_b1"):
        _hold(both, Role.BRANCH_SECRETARY, place, office.places)
    targets = {**office.targets, "both": both}
    reach = {
        ("street", "new"),
        ("street", "near"),
        ("street", "both"),
        ("community_a", "new"),
        ("community_a", "near"),
        ("other_street", "new"),
        ("other_street", "far"),
    }
    acts = (
        lambda **who: accounts.reset_password(**who),
        lambda **who: accounts.set_active(is_active=False, **who),
        lambda **who: accounts.rename_account(display_name="改名", **who),
        lambda **who: totp.reset_totp(**who),
    )
    faults = []
    for name, (granter, role, at) in office.granters.items():
        actor = User.objects.get(pk=granter.pk)
        for key, target in {**targets, "self": granter}.items():
            wanted = role == Role.SYSTEM_ADMINISTRATOR and (at, key) in reach
            for number, act in enumerate(acts):
                try:
                    with transaction.atomic():
                        act(user_id=target.pk, actor=actor)
                        transaction.set_rollback(True)
                    was_done = True
                except REFUSED:
                    was_done = False
                if was_done != wanted:
                    faults.append(f"{name}: act {number} on {key}")
    assert not faults


@pytest.mark.parametrize("place", ["branch_a1", "branch_b1", "street", "other_street"])
def test_the_admins_page_grants_no_more_than_the_service(client_for, office, place):
    granter, _, at = office.granters["of a community"]
    client = client_for(granter)
    address = reverse("admin:organizations_post_add")
    for role in sorted(set(Role.values) - {Role.UNIT_CONTACT}):
        for target in (office.targets["new"], granter):
            before = Post.objects.count()
            data = {
                "user": target.pk,
                "role": role,
                "organization": office.places[place].pk,
                "starts_on": "2026-10-01",
            }
            with transaction.atomic():
                client.post(address, data)
                added = Post.objects.count() - before
                transaction.set_rollback(True)
            is_wanted = place in BELOW[at] and target != granter
            assert added == int(is_wanted), (role, target)


def test_nobody_ends_or_prolongs_the_own_post(office):
    for granter, _, _ in office.granters.values():
        own = granter.posts.get()
        with pytest.raises((*REFUSED, Post.DoesNotExist)):
            posts.end_post(
                post_id=own.pk,
                ends_on=timezone.localdate(),
                actor=User.objects.get(pk=granter.pk),
            )
        own.refresh_from_db()
        assert own.ends_on is None
