"""The dropdown of branches is kept, and drawn anew when the tree has changed."""

from datetime import date

import pytest

from config.lib.choices import KeptModelChoiceField
from config.lib.forms import ScopedForm
from organizations.models import Organization
from organizations.services.structure import (
    close_organization,
    create_organization,
    move_organization,
    update_organization,
)


class PlaceForm(ScopedForm):
    place = KeptModelChoiceField(
        queryset=Organization.objects.order_by("path"),
        label_column="short_name",
        required=False,
    )


def drawn(user, value=""):
    return str(PlaceForm({"place": value}, user=user)["place"])


def test_it_is_drawn_from_one_question_the_second_time(
    branch_a1, committee_staff, django_assert_num_queries
):
    first = drawn(committee_staff)
    assert branch_a1.short_name in first
    with django_assert_num_queries(1) as captured:
        assert drawn(committee_staff) == first
    assert "short_name" not in captured[0]["sql"]


def test_the_chosen_one_is_marked_and_nobody_elses_page(branch_a1, committee_staff):
    chosen = drawn(committee_staff, branch_a1.pk)
    assert f'<option value="{branch_a1.pk}" selected>' in chosen
    assert chosen.count(" selected") == 1
    assert f'<option value="{branch_a1.pk}">' in drawn(committee_staff)


def test_each_scope_has_its_own(branch_a1, branch_b1, branch_secretary, secretary_b):
    own, other = drawn(branch_secretary), drawn(secretary_b)
    assert branch_a1.short_name in own
    assert branch_b1.short_name not in own
    assert branch_a1.short_name not in other


@pytest.mark.parametrize("change", ["rename", "create", "move"])
def test_a_change_of_the_tree_shows_at_once(
    change, branch_a1, community_a, community_b, committee_staff, community_secretary
):
    for user in (committee_staff, community_secretary):
        drawn(user)
    if change == "rename":
        update_organization(
            organization_id=branch_a1.pk,
            version=branch_a1.version,
            actor=committee_staff,
            short_name="改名支部<新>",
        )
        assert "改名支部&lt;新&gt;" in drawn(community_secretary)
    elif change == "create":
        create_organization(
            parent_id=community_a.pk,
            name="中共沿江社区新建支部委员会",
            short_name="新建支部",
            kind="branch",
            actor=committee_staff,
        )
        assert "新建支部" in drawn(community_secretary)
    else:
        move_organization(
            organization_id=branch_a1.pk,
            new_parent_id=community_b.pk,
            actor=committee_staff,
        )
        assert branch_a1.short_name not in drawn(community_secretary)
        options = drawn(committee_staff)
        places = [options.index(x.short_name) for x in (community_b, branch_a1)]
        assert places == sorted(places)


def test_a_closed_branch_is_drawn_as_the_question_says(branch_a2, committee_staff):
    before = drawn(committee_staff)
    close_organization(
        organization_id=branch_a2.pk,
        on_date=date(2026, 1, 31),
        reason="撤销",
        actor=committee_staff,
    )
    asked = PlaceForm({}, user=committee_staff).fields["place"].queryset
    is_offered = branch_a2 in asked
    assert (f">{branch_a2.short_name}<" in drawn(committee_staff)) is is_offered
    assert f">{branch_a2.short_name}<" in before


def test_whoever_sees_no_organization_is_offered_the_empty_choice(branch_a1, expired):
    assert drawn(expired).count("<option") == 1
