"""The bases of forms, filters and admin offer nothing out of scope."""

import django_filters
import pytest
from django import forms
from django.contrib.admin import site
from django.urls import reverse

from config.lib.forms import ScopedFilterSet, ScopedForm, ScopedModelForm
from organizations.models import Community, Organization, Post, User
from tests.conftest import login
from tests.factories.organizations import CommunityFactory, OrganizationFactory


class PlaceForm(ScopedForm):
    place = forms.ModelChoiceField(Organization.objects.all())
    places = forms.ModelMultipleChoiceField(Organization.objects.all(), required=False)


class HomeForm(ScopedForm):
    home = forms.ModelChoiceField(Community.objects.all())


class PostForm(ScopedModelForm):
    class Meta:
        model = Post
        fields = ["organization", "role"]


class PostFilter(ScopedFilterSet):
    organization = django_filters.ModelChoiceFilter(queryset=Organization.objects.all())
    role = django_filters.ChoiceFilter(choices=Post.Role.choices)

    class Meta:
        model = Post
        fields = ["organization", "role"]


def choices(form, name="organization"):
    return set(form.fields[name].queryset)


@pytest.mark.parametrize("make", [PlaceForm, PostForm])
def test_a_form_without_a_user_is_a_mistake(make):
    with pytest.raises(TypeError, match="user"):
        make({})


def test_filters_without_a_user_or_rows_are_a_mistake(branch_secretary):
    with pytest.raises(TypeError, match="user"):
        PostFilter({}, Post.objects.all())
    with pytest.raises(TypeError, match="queryset"):
        PostFilter({}, user=branch_secretary)


def test_choices_are_the_users_own(
    community_secretary, community_a, branch_a1, branch_b1
):
    own = {community_a, branch_a1}
    user = community_secretary
    assert choices(PlaceForm(user=user), "place") == own
    assert choices(PlaceForm(user=user), "places") == own
    assert choices(PostForm(user=user)) == own
    assert choices(PostFilter({}, Post.objects.all(), user=user).form) == own


def test_a_foreign_choice_reads_like_a_missing_one(community_secretary, branch_b1):
    def error(pk):
        form = PlaceForm({"place": pk}, user=community_secretary)
        return form.errors["place"]

    assert error(branch_b1.pk) == error(999_999)


@pytest.mark.parametrize(
    "who", ["branch_secretary", "community_secretary", "secretary_b", "committee_staff"]
)
def test_a_streets_communities_are_offered_to_all_who_work_in_it(
    request, community_a, community_b, other_street, who
):
    CommunityFactory(
        organization=OrganizationFactory(kind="committee", parent=other_street)
    )

    user = request.getfixturevalue(who)

    assert choices(HomeForm(user=user), "home") == {
        community_a.community,
        community_b.community,
    }


@pytest.mark.parametrize("who", ["auditor", "unit_contact", "outsider", "expired"])
def test_no_community_is_offered_without_a_post_in_the_tree(request, community_a, who):
    assert choices(HomeForm(user=request.getfixturevalue(who)), "home") == set()


def test_what_is_offered_opens_no_page(client_for, branch_secretary, community_b):
    page = client_for(branch_secretary).get(
        reverse("organizations:community-edit", args=[community_b.community.pk])
    )

    assert page.status_code == 404


def test_a_foreign_filter_finds_nothing(community_secretary, secretary_b, branch_b1):
    data = {"organization": branch_b1.pk}
    filters = PostFilter(data, Post.objects.all(), user=community_secretary)
    assert not filters.form.is_valid()


def test_blank_choices_are_worded(community_secretary, branch_a1):
    user = community_secretary
    assert "请选择" in str(PostForm(user=user)["role"])
    filters = PostFilter({}, Post.objects.all(), user=user)
    assert str(filters.form["role"]).count("全部") == 1
    assert str(filters.form["organization"]).count("全部") == 1


@pytest.mark.parametrize(
    ("data", "expected"),
    [({}, False), ({"role": ""}, False), ({"role": "auditor"}, True)],
)
def test_whether_filters_are_in_use(community_secretary, data, expected):
    filters = PostFilter(data, Post.objects.all(), user=community_secretary)
    assert filters.is_filtered is expected


# The admin ------------------------------------------------------------------------


def portal_admins():
    apps = {"organizations", "members", "activities", "liaison", "reports"}
    return [m for m in site._registry if m._meta.app_label in apps]


def test_only_the_portals_own_models_are_in_the_admin():
    assert set(site._registry) == set(portal_admins())


@pytest.mark.parametrize(
    "model", portal_admins(), ids=lambda model: model._meta.label_lower
)
def test_a_superuser_without_a_post_gets_no_list(client, outsider, model):
    User.objects.filter(pk=outsider.pk).update(is_superuser=True, is_staff=True)
    login(client, outsider)
    address = reverse(
        f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    )
    assert client.get(address, follow=True).status_code == 403


@pytest.mark.parametrize(
    "model", portal_admins(), ids=lambda model: model._meta.label_lower
)
def test_nothing_is_deleted_in_the_admin(rf, sysadmin, model):
    request = rf.get("/")
    request.user = sysadmin
    admin = site._registry[model]
    assert not admin.has_delete_permission(request)
    assert "delete_selected" not in admin.get_actions(request)
