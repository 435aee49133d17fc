"""What a password must be, as tables for both profiles."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils import timezone

from organizations import passwords
from organizations.models import User
from organizations.services import accounts
from tests.factories.organizations import PASSWORD, UserFactory

SOMEBODY = User(username="jiangbin01", display_name="江滨")


def wrongs(profile, settings, password):
    settings.PASSWORD_PROFILE = profile
    return " ".join(passwords.problems(password, SOMEBODY))


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("Xiao-shan7", ""),
        ("lin qiao 24 Wu", ""),
        ("Xiao-sha7", "至少要 10 位"),
        ("xiaoshanhupan", "至少三种"),
        ("xiaoshan778431", "至少三种"),
        ("XIAOshanhupan", "至少三种"),
        ("Password2026!", "太常见"),
        ("P@ssw0rd", "太常见"),
        ("Dangjian@2026", "太常见"),
        ("Abcdefghij!", "太常见"),
        ("0987654321", "太常见"),
        ("aaaaAAAA1111", "太常见"),
        ("Jiangbin01#8", "与用户名或姓名太相似"),
        ("Xx1-" * 40, "最多 128 位"),
    ],
)
def test_the_mlps_profile(settings, password, expected):
    found = wrongs("mlps", settings, password)
    assert expected in found
    assert bool(found) == bool(expected)


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("xiaoshanhupan", ""),
        ("小山湖畔的一棵老樟树下有风", ""),
        ("Xiao-shan7", "至少要 12 位"),
        ("qwertyuiopas", "太常见"),
        ("password2026", "太常见"),
        ("jiangbin01jiangbin", "与用户名或姓名太相似"),
    ],
)
def test_the_asvs_profile(settings, password, expected):
    found = wrongs("asvs", settings, password)
    assert expected in found
    assert bool(found) == bool(expected)


def test_an_unknown_profile_is_refused_by_name(settings):
    settings.PASSWORD_PROFILE = "simple"
    with pytest.raises(ImproperlyConfigured, match="PASSWORD_PROFILE=simple"):
        passwords.current_profile()


@pytest.mark.parametrize(
    ("profile", "days", "expected"),
    [("mlps", 89, False), ("mlps", 90, True), ("asvs", 900, False)],
)
def test_when_a_password_expires(settings, profile, days, expected):
    settings.PASSWORD_PROFILE = profile
    now = timezone.now()
    user = User(password_changed_at=now - timedelta(days=days))
    assert passwords.is_expired(user, now) is expected


def test_the_last_five_passwords_cannot_come_back(db):
    user = UserFactory()
    chosen = [f"Lin-qiao-{word}-7" for word in "abcdef"]
    for password in chosen:
        accounts.change_own_password(user=user, password=password)
    for password in chosen[1:]:
        with pytest.raises(ValidationError, match="最近 5 次"):
            accounts.change_own_password(user=user, password=password)
    accounts.change_own_password(user=user, password=chosen[0])


def test_the_present_password_cannot_be_chosen_again(db):
    with pytest.raises(ValidationError, match="最近 5 次"):
        accounts.change_own_password(user=UserFactory(), password=PASSWORD)


def test_an_initial_password_is_long_and_never_the_same():
    issued = {passwords.new_initial_password() for _ in range(50)}
    assert len(issued) == 50
    assert all(len(one.replace("-", "")) == 24 for one in issued)
