"""Plaques at the doors: who is behind one, since when, and how many have none."""

import io
from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from config.lib.errors import RuleError
from config.lib.periods import Month
from config.lib.registry import groups
from members.models import Member, Plaque, PlaqueMember
from members.services.merging import merge_members
from members.services.plaques import (
    PlaqueFacts,
    amend_plaque,
    hang_plaque,
    join_household,
    leave_household,
    take_down_plaque,
)
from organizations.models import AuditEvent, Community, StoredFile
from organizations.services.structure import merge_organizations
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.races import needs_server, race

pytestmark = pytest.mark.django_db


@pytest.fixture
def community(community_a):
    return Community.objects.get(organization=community_a)


@pytest.fixture
def member(branch_a1, community):
    return MemberFactory(branch=branch_a1, community=community)


@pytest.fixture
def hang(community):
    """Return a function that hangs a plaque at somebody's door."""

    def write(member, actor, **changes):
        values = {
            "community": community,
            "building": "滨江花园3幢",
            "address": "3幢2单元501室",
            "hung_on": timezone.localdate(),
        }
        upload = changes.pop("upload", None)
        facts = PlaqueFacts(**values | changes)
        return hang_plaque(member_id=member.pk, facts=facts, upload=upload, actor=actor)

    return write


def photo():
    output = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(output, "JPEG")
    return SimpleUploadedFile("门牌.jpg", output.getvalue())


def test_a_plaque_is_kept_for_the_branch_with_its_photo(
    hang, member, branch_a1, branch_secretary
):
    plaque = hang(member, branch_secretary, upload=photo(), badge_number="0018")
    assert plaque.organization == branch_a1
    assert plaque.photo.purpose == "plaque"
    place = PlaqueMember.objects.get()
    assert (place.member, place.covered_on) == (member, plaque.hung_on)
    event = AuditEvent.objects.get()
    assert event.action == "plaque_hung"
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM members_plaque")
        assert "501" not in cursor.fetchone()[0]


def test_one_household_has_one_plaque_and_twice_is_once(hang, member, branch_secretary):
    first = hang(member, branch_secretary)
    assert hang(member, branch_secretary) == first
    with pytest.raises(RuleError, match="已在一个挂牌户内"):
        hang(member, branch_secretary, address="别处")
    assert Plaque.objects.count() == 1


def test_others_behind_the_door_join_and_leave(
    hang, member, branch_a1, branch_secretary
):
    other = MemberFactory(branch=branch_a1)
    plaque = hang(
        member, branch_secretary, hung_on=timezone.localdate() - timedelta(days=9)
    )
    for _ in "12":
        join_household(plaque_id=plaque.pk, member_id=other.pk, actor=branch_secretary)
    place = plaque.places.get(member=other)
    assert place.covered_on == plaque.hung_on
    leave_household(place_id=place.pk, actor=branch_secretary)
    place.refresh_from_db()
    assert place.left_on == timezone.localdate()
    with pytest.raises(RuleError, match="请办理摘牌"):
        leave_household(
            place_id=plaque.places.current().get().pk, actor=branch_secretary
        )


def test_taking_down_ends_it_for_everybody_and_frees_the_door(
    hang, member, branch_secretary
):
    plaque = hang(member, branch_secretary)
    with pytest.raises(RuleError, match="写明摘牌的原因"):
        _down(plaque, branch_secretary, words="")
    with pytest.raises(RuleError, match="摘牌日期"):
        _down(plaque, branch_secretary, day=plaque.hung_on - timedelta(days=1))
    _down(plaque, branch_secretary)
    assert not plaque.places.current().exists()
    with pytest.raises(RuleError, match="已经摘下"):
        _down(plaque, branch_secretary)
    assert hang(member, branch_secretary) != plaque


def _down(plaque, actor, words="迁出", day=None):
    return take_down_plaque(
        plaque_id=plaque.pk,
        taken_down_on=day or timezone.localdate(),
        words=words,
        actor=actor,
    )


def test_mending_moves_the_day_of_those_covered_since(hang, member, branch_secretary):
    plaque = hang(member, branch_secretary)
    day = timezone.localdate() - timedelta(days=30)
    facts = PlaqueFacts(plaque.community, plaque.address, day)
    amend_plaque(plaque_id=plaque.pk, facts=facts, actor=branch_secretary)
    assert plaque.places.get().covered_on == day
    with pytest.raises(RuleError, match="别人修改过"):
        amend_plaque(
            plaque_id=plaque.pk, facts=facts, version=1, actor=branch_secretary
        )
    too_early = PlaqueFacts(plaque.community, plaque.address, date(1950, 1, 1))
    with pytest.raises(RuleError, match="挂牌日期"):
        amend_plaque(plaque_id=plaque.pk, facts=too_early, actor=branch_secretary)


def test_who_sees_and_changes_a_plaque(
    hang, member, branch_b1, branch_secretary, secretary_b, committee_staff
):
    plaque = hang(member, branch_secretary)
    AffiliationFactory(member=member, organization=branch_b1, kind="mobile_in")
    assert not Plaque.objects.visible_to(secretary_b).exists()
    assert Plaque.objects.visible_to(committee_staff).exists()
    with pytest.raises(Plaque.DoesNotExist):
        _down(plaque, secretary_b)
    stranger = MemberFactory()
    with pytest.raises(Member.DoesNotExist):
        hang(stranger, branch_secretary)


def test_two_records_of_one_person_behind_a_door_can_be_merged(
    hang, member, branch_a1, branch_secretary, committee_staff
):
    twin = MemberFactory(branch=branch_a1)
    plaque = hang(member, branch_secretary)
    join_household(plaque_id=plaque.pk, member_id=twin.pk, actor=branch_secretary)
    merge_members(kept_id=member.pk, gone_id=twin.pk, taken=(), actor=committee_staff)
    assert plaque.places.current().get().member == member


def test_a_merged_branch_takes_the_plaques_along(
    hang, member, branch_a1, branch_a2, branch_secretary, committee_staff
):
    plaque = hang(member, branch_secretary)
    merge_organizations(
        source_id=branch_a1.pk,
        target_id=branch_a2.pk,
        on_date=timezone.localdate(),
        actor=committee_staff,
    )
    plaque.refresh_from_db()
    assert plaque.organization == branch_a2


def test_the_pages_lead_from_the_file_to_the_door_and_back(
    client_for, member, branch_a1, community, branch_secretary
):
    client = client_for(branch_secretary)
    other = MemberFactory(branch=branch_a1, name="同住人")
    page = client.get(reverse("members:reports", args=[member.pk])).content.decode()
    assert "登记挂牌" in page
    url = reverse("members:plaque-add", args=[member.pk])
    data = {
        "community": community.pk,
        "building": "滨江花园3幢",
        "address": "3幢501室",
        "hung_on": str(timezone.localdate()),
        "photo": photo(),
    }
    refused = client.post(url, data | {"hung_on": "1900-01-01", "photo": ""})
    assert refused.status_code == 422
    assert "3幢501室" in refused.content.decode()
    data["photo"].seek(0)
    assert client.post(url, data).status_code == 302
    plaque = Plaque.objects.get()
    page = client.get(plaque.get_absolute_url() + "?q=同住").content.decode()
    assert "同住人" in page
    assert "501室" not in page
    assert str(StoredFile.objects.get().pk) in page
    join = reverse("members:household-join", args=[plaque.pk])
    client.post(join, {"member": other.pk})
    page = client.get(reverse("members:plaque-list")).content.decode()
    assert f"{member.name}、同住人" in page
    amend = reverse("members:plaque-amend", args=[plaque.pk])
    data = {"community": community.pk, "hung_on": str(plaque.hung_on), "address": ""}
    assert client.post(amend, data | {"version": 1}).status_code == 302
    assert client.post(amend, data | {"version": 1}).status_code == 409
    plaque.refresh_from_db()
    assert plaque.address == "3幢501室"
    leave = reverse("members:household-leave", args=[plaque.places.last().pk])
    client.post(leave)
    down = reverse("members:plaque-down", args=[plaque.pk])
    data = {"day": str(timezone.localdate()), "words": "迁出", "version": 1}
    assert client.post(down, data).status_code == 409
    assert client.post(down, data | {"version": 2}).status_code == 302
    page = client.get(reverse("members:plaque-list") + "?group=down").content.decode()
    assert member.name in page


def test_of_a_household_only_own_members_are_named(
    client_for, hang, member, branch_a2, community_secretary, branch_secretary
):
    other = MemberFactory(branch=branch_a2, name="别支部")
    plaque = hang(member, branch_secretary)
    join_household(plaque_id=plaque.pk, member_id=other.pk, actor=community_secretary)
    for user, sees in ((branch_secretary, False), (community_secretary, True)):
        client = client_for(user)
        for url in (plaque.get_absolute_url(), reverse("members:plaque-list")):
            assert ("别支部" in client.get(url).content.decode()) is sees


def test_the_rate_counts_each_person_once_where_he_is_educated(
    client_for, hang, member, branch_a1, branch_a2, branch_b1, committee_staff
):
    hang(member, committee_staff)
    MemberFactory(branch=branch_a1)
    AffiliationFactory(member=member, organization=branch_b1, kind="co_managed")
    url = reverse("members:plaque-rates")
    page = client_for(committee_staff).get(url).content.decode()
    assert "应挂牌党员2人，已挂牌1人，挂牌率50.0%" in page
    (group,) = [each for each in groups() if each.key == "reporting"]
    month = Month.containing(timezone.localdate())
    places = type(branch_a1).objects.all()
    figures = group.compute(places, month)
    shown = {
        branch.code: (
            figures.get(branch.pk, {}).get("members.plaque_due", 0),
            figures.get(branch.pk, {}).get("members.plaque_covered", 0),
        )
        for branch in (branch_a1, branch_a2, branch_b1)
    }
    assert list(shown.values()) == [(1, 0), (0, 0), (1, 1)]


def test_the_list_of_members_finds_who_has_no_plaque(
    client_for, hang, member, branch_a1, branch_secretary
):
    other = MemberFactory(branch=branch_a1, name="没有牌")
    hang(member, branch_secretary)
    url = reverse("members:list") + "?more=1&check=no_plaque"
    page = client_for(branch_secretary).get(url).content.decode()
    assert other.name in page
    assert f">{member.name}<" not in page


@needs_server
@pytest.mark.django_db(transaction=True)
def test_twenty_submits_at_once_hang_one_plaque(hang, member, branch_secretary):
    found = race(lambda n: hang(member, branch_secretary).pk)
    assert len(Counter(found)) == 1
    assert Plaque.objects.count() == PlaqueMember.objects.count() == 1
