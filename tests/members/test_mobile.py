"""Members away: one record for both sides, from the registration to the end."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from config.lib.errors import RuleError
from config.lib.versions import StaleError
from members.divisions import place_name, places, provinces
from members.models import Affiliation, DuplicateClaim, Member, MobileStay
from members.rules import mobile as rules
from members.services.mobile import amend_stay
from organizations.choices import Role
from organizations.models import AuditEvent
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.factories.organizations import OrganizationFactory, PostFactory, UserFactory
from tests.members.mobile_steps import (
    ago,
    came,
    course,
    ended,
    newcomer,
    out,
    placed,
    verified,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1)


def test_the_divisions_are_those_of_the_standard():
    assert len(provinces()) == 34
    assert (place_name("330100"), place_name("110108")) == (
        "浙江省杭州市",
        "北京市海淀区",
    )
    assert place_name("429004") == "湖北省仙桃市"
    assert place_name("371200") == ""  # 莱芜市 is a part of 济南市 since 2019
    assert all(len(code) == 6 and code.isdigit() for code in places())


def test_who_is_out_stays_on_the_roll_and_is_marked(
    member, branch_a1, branch_secretary
):
    stay = out(member, branch_secretary)
    member.refresh_from_db()
    assert (stay.state, stay.direction, stay.home) == ("away", "out", branch_a1)
    assert member.is_mobile
    assert member.affiliations.open().get().kind == "on_roll"
    assert member in Member.objects.visible_to(branch_secretary)
    event = AuditEvent.objects.get(action="mobile_registered")
    assert event.details == {"mobile_way": "out"}
    assert member.name not in event.target_label


def test_where_somebody_lives_is_not_readable_in_the_database(member, branch_secretary):
    out(member, branch_secretary)
    with connection.cursor() as cursor:
        cursor.execute("SELECT place, home_phone FROM members_mobilestay")
        assert "滨江" not in str(cursor.fetchone())


def test_a_second_open_stay_is_refused(member, branch_secretary):
    first = out(member, branch_secretary)
    with pytest.raises(RuleError, match="已有一条没有结束的流动登记"):
        out(member, branch_secretary)
    ended(first, branch_secretary)
    assert out(member, branch_secretary).pk != first.pk


def test_out_of_scope_and_without_the_right(
    member, branch_secretary, secretary_b, auditor
):
    stay = out(member, branch_secretary)
    for stranger in (secretary_b, auditor):
        with pytest.raises(Affiliation.DoesNotExist):
            out(member, stranger)
        with pytest.raises(MobileStay.DoesNotExist):
            ended(stay, stranger)


def test_somebody_from_outside_is_held_by_nobody_until_placed(
    community_a, branch_a1, community_secretary, branch_secretary
):
    stay = came(community_a, community_secretary)
    assert not Member.objects.exists()
    assert stay not in MobileStay.objects.visible_to(branch_secretary)
    with pytest.raises(RuleError, match="还没有核实党员身份"):
        placed(stay, branch_a1, community_secretary)
    stay = verified(stay, community_secretary)
    assert (stay.verified_by, stay.proof) == (community_secretary, "call")
    stay = placed(stay, branch_a1, community_secretary, group_name="第一党小组")
    member = Member.objects.get()
    relation = member.affiliations.get()
    assert (relation.kind, relation.organization) == ("mobile_in", branch_a1)
    assert (member.name, member.category, member.is_mobile) == (
        "顾远来",
        "mobile",
        True,
    )
    assert (stay.state, stay.host, stay.group_name) == (
        "placed",
        branch_a1,
        "第一党小组",
    )
    # The file holds the numbers now, once.
    assert (stay.id_number, stay.id_index, stay.phone) == ("", "", "")
    assert stay in MobileStay.objects.visible_to(branch_secretary)


def test_the_days_of_verifying_and_placing_are_looked_at(branch_a1, branch_secretary):
    stay = came(branch_a1, branch_secretary)
    with pytest.raises(RuleError, match="核实日期不能晚于今天"):
        verified(stay, branch_secretary, days=-1)
    stay = verified(stay, branch_secretary)
    with pytest.raises(RuleError, match="编入日期不能早于核实日期"):
        placed(stay, branch_a1, branch_secretary, days=1)
    with pytest.raises(RuleError, match="已有人办过"):
        verified(stay, branch_secretary)


def test_the_same_person_twice_at_one_host_is_once(branch_a1, branch_secretary):
    came(branch_a1, branch_secretary)
    with pytest.raises(RuleError, match="不能重复登记"):
        came(branch_a1, branch_secretary)
    assert MobileStay.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"started_on": ago(-1)}, "不能晚于今天"),
        ({"expected_end_on": ago(300)}, "应晚于流动开始日期"),
        ({"division": "123456"}, "GB/T 2260"),
        ({"card_number": "A1"}, "编号和发证日期两项"),
        ({"card_number": "A1", "card_issued_on": ago(-2)}, "发证日期不能晚于今天"),
    ],
)
def test_what_cannot_be_is_refused(member, branch_secretary, changes, sentence):
    with pytest.raises(RuleError, match=sentence):
        out(member, branch_secretary, **changes)
    assert not MobileStay.objects.exists()


def test_only_the_branch_of_the_roll_writes_down_who_is_out(
    branch_a1, branch_b1, branch_secretary
):
    member = MemberFactory(branch=branch_b1)
    taken = AffiliationFactory(member=member, organization=branch_a1, kind="co_managed")
    with pytest.raises(RuleError, match="组织关系所在的党支部登记"):
        rules.check_roll(taken.kind)


def test_within_the_street_both_branches_share_one_record(
    member, branch_a1, branch_b1, branch_secretary, secretary_b
):
    stay = out(member, branch_secretary, host=branch_b1)
    assert (stay.direction, stay.state) == ("within", "registered")
    assert stay in MobileStay.objects.visible_to(secretary_b)
    verified(stay, secretary_b)
    placed(stay, branch_b1, secretary_b)
    kinds = set(member.affiliations.open().values_list("kind", "organization"))
    assert kinds == {("on_roll", branch_a1.pk), ("mobile_in", branch_b1.pk)}
    with pytest.raises(PermissionDenied):
        verified(stay, branch_secretary)
    # Either side may say that he came back.
    ended(stay, branch_secretary)
    assert member.affiliations.open().get().kind == "on_roll"
    assert member.affiliations.get(kind="mobile_in").end_reason == "flowed_back"


def test_who_was_written_down_as_out_is_met_by_his_host(
    member, branch_b1, branch_secretary, secretary_b
):
    stay = out(member, branch_secretary, host_name="不清楚")
    person = newcomer(name=member.name, id_number=member.id_number)
    met = came(branch_b1, secretary_b, person, host_contact="毕书记")
    assert met.pk == stay.pk
    assert (met.direction, met.state, met.host) == ("within", "registered", branch_b1)
    assert (met.host_name, met.host_contact) == ("", "毕书记")
    assert MobileStay.objects.count() == 1


def test_a_member_nobody_wrote_down_is_found_by_number_and_name(
    member, branch_a1, branch_b1, secretary_b
):
    person = newcomer(name=member.name, id_number=member.id_number)
    stay = came(branch_b1, secretary_b, person)
    assert (stay.home, stay.member, stay.id_number) == (branch_a1, member, "")
    member.refresh_from_db()
    assert member.is_mobile


def test_a_number_with_another_name_tells_nothing_and_is_the_streets_to_settle(
    member, branch_b1, secretary_b
):
    stay = came(branch_b1, secretary_b, newcomer(id_number=member.id_number))
    assert (stay.direction, stay.member) == ("in", None)
    verified(stay, secretary_b)
    with pytest.raises(RuleError, match="须由街道核对"):
        placed(stay, branch_b1, secretary_b)
    claim = DuplicateClaim.objects.get()
    assert (claim.member, claim.kind) == (member, "mobile_in")
    stay.refresh_from_db()
    assert stay.state == "verified"


def test_nobody_is_placed_in_the_branch_of_his_own_roll(
    member, branch_a1, branch_secretary
):
    person = newcomer(name=member.name, id_number=member.id_number)
    with pytest.raises(RuleError, match="组织关系就在"):
        came(branch_a1, branch_secretary, person)


def test_another_street_learns_nothing_of_a_roll(member, other_street):
    branch = OrganizationFactory(kind="branch", parent=other_street)
    user = UserFactory()
    PostFactory(user=user, role=Role.BRANCH_SECRETARY, organization=branch)
    person = newcomer(name=member.name, id_number=member.id_number)
    assert came(branch, user, person).member is None


def test_mending_counts_the_version(member, branch_secretary):
    stay = out(member, branch_secretary)
    amend_stay(
        stay_id=stay.pk,
        course=course(card_number="鄂0001", card_issued_on=ago(150)),
        version=1,
        actor=branch_secretary,
    )
    with pytest.raises(StaleError):
        amend_stay(stay_id=stay.pk, course=course(), version=1, actor=branch_secretary)
    stay.refresh_from_db()
    assert (stay.card_number, stay.version, stay.home_name) == ("鄂0001", 2, "")
    ended(stay, branch_secretary)
    with pytest.raises(RuleError, match="已经结束"):
        amend_stay(stay_id=stay.pk, course=course(), actor=branch_secretary)


def test_the_end_clears_the_mark_and_needs_a_reason(member, branch_secretary):
    stay = out(member, branch_secretary)
    for reason in ("", "transferred"):
        with pytest.raises(RuleError, match="请选择结束原因"):
            ended(stay, branch_secretary, reason)
    with pytest.raises(RuleError, match="不能早于流动开始日期"):
        ended(stay, branch_secretary, days=900)
    ended(stay, branch_secretary, "left")
    member.refresh_from_db()
    assert not member.is_mobile
    with pytest.raises(RuleError, match="已结束"):
        ended(stay, branch_secretary)


# Contacts ---------------------------------------------------------------------


def test_hints_follow_the_rules_of_the_card():
    def hint(days, reason="work", card=False):
        end = ago(0) + timedelta(days=days) if days else None
        found = rules.hints(
            reason=reason, started_on=ago(0), expected_end_on=end, has_card=card
        )
        return found[0] if found else ""

    assert "不到6个月" in hint(90)
    assert "应当转接组织关系" in hint(400, "residence")
    assert "可由基层党委发" in hint(None)
    assert hint(400, card=True) == ""
