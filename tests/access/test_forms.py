"""Choices of every form, filter, serializer and admin: nothing out of scope in them."""

import inspect
import pkgutil
from importlib import import_module

import django_filters
import pytest
from django import forms
from django.contrib import admin
from django.test import RequestFactory
from django.utils import timezone
from rest_framework import serializers

import activities
import liaison
import members
import organizations
import reports
from config.lib.api import ScopedReadOnlyViewSet
from config.lib.forms import ScopedFilterSet, ScopedForm, ScopedModelForm
from liaison.models import Agreement, Pair
from members.coverage import Proposal, UnitMembers
from members.models import AidFund, MobileStay
from members.rules.standing import Situation
from organizations.management.commands.rotate_keys import encrypted_models
from organizations.models import Community, User, WorkUnit
from tests.access.cases import report
from tests.access.cast import ACTORS, line_of
from tests.access.world import MISSING_ID

pytestmark = pytest.mark.django_db

APPS = (organizations, members, activities, liaison, reports)
SCOPED = (ScopedForm, ScopedModelForm, ScopedFilterSet)
# Bases and classes that Django makes of them, not forms of a page.
_BASES = {"ScopedForm", "ScopedModelForm", "VersionedAdminForm"}


def _modules():
    for app in APPS:
        for found in pkgutil.walk_packages(app.__path__, f"{app.__name__}."):
            if ".migrations." not in found.name and ".management." not in found.name:
                yield import_module(found.name)


def _classes(base):
    """Subclasses of `base` that the portal defines, by name."""
    names = {module.__name__: module for module in _modules()}
    found = {
        each
        for module in names.values()
        for each in vars(module).values()
        if inspect.isclass(each) and issubclass(each, base) and each.__module__ in names
    }
    return sorted(found, key=lambda each: f"{each.__module__}.{each.__name__}")


def _is_scoped_model(model) -> bool:
    return hasattr(model._default_manager.all(), "visible_to")


def _scoped_fields(fields):
    return {
        name: field
        for name, field in fields.items()
        if isinstance(field, forms.ModelChoiceField)
        and _is_scoped_model(field.queryset.model)
    }


def _form_classes():
    return [
        each
        for each in _classes(forms.BaseForm)
        if each.__name__ not in _BASES and _scoped_fields(each.base_fields)
    ]


# The admin makes the others and narrows their choices itself: tried below.
SCOPED_FORMS = [each for each in _form_classes() if issubclass(each, SCOPED)]


def _offered(world, queryset, user):
    """Ids that `user` may choose: what he sees, and every place of his street.

    Where somebody lives is chosen among the communities of the street, public places
    whose pages stay closed. Told here by the tree of the cast, not by the querysets.
    """
    if queryset.model is not Community:
        return _visible(queryset, user)
    seen = ACTORS[user.username].places("view_organizations")
    streets = {line_of(key)[-1] for key in seen}
    return {
        place.pk
        for key, place in world.communities.items()
        if line_of(key)[-1] in streets
    }


def _visible(queryset, user):
    return set(
        queryset.model._default_manager.all()
        .visible_to(user)
        .values_list("pk", flat=True)
    )


def _made(form_class, world, user, data=None):
    """The form as its page makes it: what it asks for is taken from the world."""
    branch = world.orgs["a1"]
    member = world.rows["member-a1"]
    known = {
        "user": user,
        "today": timezone.localdate(),
        "parent": branch,
        "organization": branch,
        "branch": branch,
        "member": member,
        "affiliation": member.affiliations.open().get(),
        "people": [],
        "courses": [],
        "organizer": branch,
        "kind": "contacts",
        "person": member,
        "items": world.rows["item"].__class__.objects.all(),
        "may_edit_formal": True,
        "months": [],
        "this_year": 2026,
        "instance": MobileStay.objects.get(pk=world.find("newcomer", "a1").pk),
        # Only who left the Party is given a branch to come back to.
        "situation": Situation("full", "expelled", member.joined_on),
        "decided": "reinstated",
        "unit": WorkUnit.objects.get(pk=world.find("two-new", "a1").pk),
        "last": None,
        "proposal": Proposal("own", 3, 3, [], UnitMembers(0, 0, 0)),
        "reasons": [],
        "group": "new",
        "offered": [],
        "fund": AidFund.objects.get(pk=world.find("aid-fund", "a1").pk),
        "funds": AidFund.objects.visible_to(user).with_money(),
        "may_help": True,
    }
    asked = {}
    for each in form_class.__mro__:
        init = each.__dict__.get("__init__")
        if init is None or each in {forms.BaseForm, forms.models.BaseModelForm}:
            continue
        names = inspect.signature(init).parameters
        asked |= {name: known[name] for name in names if name in known}
        if "instance" in names and names["instance"].annotation == "Agreement":
            draft = world.find("agreement-draft", "a1")
            asked["instance"] = Agreement.objects.get(pk=draft.pk)
        if "instance" in names and names["instance"].annotation == "Pair":
            pair = world.find("joint-pair", "a1")
            asked["instance"] = Pair.objects.get(pk=pair.pk)
        if "instance" in names and names["instance"].annotation == "Conference":
            asked["instance"] = world.rows["conference-a1"]
    if issubclass(form_class, forms.ModelForm):
        if form_class._meta.model is member.__class__:
            asked["instance"] = member
        elif form_class._meta.model is branch.__class__:
            asked["instance"] = branch
    return form_class(data, **asked)


def test_every_form_with_scoped_choices_stands_on_a_scoped_base():
    assert len(_form_classes()) > 8
    bare = [
        f"{each.__module__}.{each.__name__}"
        for each in _form_classes()
        # The admin narrows the choices of its forms itself: tried below.
        if not issubclass(each, SCOPED) and ".forms.posts" not in each.__module__
    ]
    assert bare == []


@pytest.mark.parametrize("reader", ["branch_secretary", "secretary_b", "sysadmin"])
@pytest.mark.parametrize("form_class", SCOPED_FORMS, ids=lambda each: each.__name__)
def test_a_form_offers_only_rows_in_scope(world, form_class, reader):
    user = User.objects.get(username=reader)
    form = _made(form_class, world, user)
    faults = []
    for name, field in _scoped_fields(form.fields).items():
        offered = set(field.queryset.values_list("pk", flat=True))
        if foreign := offered - _offered(world, field.queryset, user):
            faults.append(f"{name}: {len(foreign)} rows out of scope")
    assert not faults, report(faults)


@pytest.mark.parametrize("form_class", SCOPED_FORMS, ids=lambda each: each.__name__)
def test_a_forged_choice_is_refused_as_a_missing_one(world, form_class):
    user = User.objects.get(username="branch_secretary")
    for name, field in _scoped_fields(_made(form_class, world, user).fields).items():
        model = field.queryset.model
        known = _offered(world, field.queryset, user)
        outside = model._default_manager.exclude(pk__in=known)
        if not outside.exists():
            continue
        texts = []
        for value in (outside.first().pk, MISSING_ID):
            errors = _made(form_class, world, user, {name: value}).errors
            assert name in errors, f"{name} takes {value}"
            texts.append(str(errors[name]).replace(str(value), "ID"))
        assert texts[0] == texts[1]


def test_every_filter_stands_on_the_scoped_base():
    bare = [
        each.__name__
        for each in _classes(django_filters.FilterSet)
        if not issubclass(each, ScopedFilterSet)
    ]
    assert bare == []


def test_no_serializer_takes_a_choice_or_every_field():
    faults = []
    for each in _classes(serializers.BaseSerializer):
        meta = getattr(each, "Meta", None)
        if meta is not None and meta.fields == "__all__":
            faults.append(f"{each.__name__}: every field")
        if meta is None:
            continue
        for name, field in each().fields.items():
            if isinstance(field, serializers.RelatedField) and not field.read_only:
                queryset = field.queryset
                # Ids are written out; nothing is read by them, since nothing is taken.
                if queryset is not None and not _reads_only(each):
                    faults.append(f"{each.__name__}.{name}: a choice")
    assert not faults, report(faults)


def _reads_only(serializer_class) -> bool:
    """Whether only read-only views show this serializer."""
    views = _classes(ScopedReadOnlyViewSet)
    shown = [getattr(view, "serializer_class", None) for view in views]
    nested = [
        type(getattr(field, "child", field))
        for one in shown
        if one is not None
        for field in one().fields.values()
    ]
    return serializer_class in shown or serializer_class in nested


@pytest.mark.parametrize("reader", ["sysadmin", "committee_staff"])
@pytest.mark.parametrize(
    "model_admin",
    list(admin.site._registry.values()),
    ids=lambda each: each.model._meta.label,
)
def test_the_admin_offers_only_rows_in_scope(world, model_admin, reader):
    """Dropdowns, many-to-many boxes and what autocomplete would find."""
    request = RequestFactory().get("/admin/")
    request.user = User.objects.get(username=reader)
    if not model_admin.has_add_permission(request):
        sample = model_admin.get_queryset(request).first()
        if sample is None or not model_admin.has_change_permission(request, sample):
            # Nothing to choose on a page that only shows.
            return
        form_class = model_admin.get_form(request, sample, change=True)
    else:
        form_class = model_admin.get_form(request)
    faults = []
    for name, field in _scoped_fields(form_class.base_fields).items():
        offered = set(field.queryset.values_list("pk", flat=True))
        if offered - _offered(world, field.queryset, request.user):
            faults.append(f"{name}: rows out of scope")
    for name in model_admin.autocomplete_fields:
        related = model_admin.model._meta.get_field(name).related_model
        found = admin.site._registry[related].get_queryset(request)
        pks = set(found.values_list("pk", flat=True))
        if pks - _visible(found, request.user):
            faults.append(f"{name}: completes rows out of scope")
    assert not faults, report(faults)


def test_no_form_takes_every_field():
    """`fields = "__all__"` would let a posted field change what no page shows."""
    taken = [
        each.__name__
        for each in _classes(forms.ModelForm)
        if getattr(each._meta, "fields", ()) == "__all__"
        or (each._meta.model is not None and each._meta.fields is None)
    ]
    assert taken == []


def test_rights_and_versions_are_no_fields_of_a_form():
    """Mass assignment: what services decide is never taken from a form."""
    decided = {"path", "is_superuser", "is_staff", "password", "code", "id_index"}
    taken = {
        f"{each.__name__}.{name}"
        for each in _classes(forms.ModelForm)
        for name in set(each.base_fields) & decided
    }
    assert taken == set()


# Fields named one by one ------------------------------------------------------------

PORTAL_ADMINS = list(admin.site._registry.values())


@pytest.mark.parametrize(
    "model_admin", PORTAL_ADMINS, ids=lambda each: each.model._meta.label
)
def test_the_admin_names_its_fields(model_admin):
    """Django's default is every field, also the one that is added next year."""
    form_fields = getattr(getattr(model_admin.form, "_meta", None), "fields", None)
    own = type(model_admin).get_fields is not admin.ModelAdmin.get_fields
    assert model_admin.fields or model_admin.fieldsets or form_fields or own
    assert not model_admin.exclude
    for inline in model_admin.inlines:
        assert inline.fields, inline


@pytest.mark.parametrize(
    "model_admin", PORTAL_ADMINS, ids=lambda each: each.model._meta.label
)
def test_no_filter_of_the_admin_lists_rows_of_others(model_admin):
    """Beside a list Django offers every row of a relation, whoever looks."""
    for each in model_admin.list_filter:
        name = each[0] if isinstance(each, tuple) else each
        if isinstance(name, str):
            field = model_admin.model._meta.get_field(name.partition("__")[0])
            related = field.related_model
            assert related is None or not _is_scoped_model(related), name
    assert not model_admin.raw_id_fields


def test_no_form_filter_or_serializer_leaves_fields_out_by_name():
    """`exclude` takes every field but those, also the one added next year."""
    bases = (forms.ModelForm, django_filters.FilterSet, serializers.BaseSerializer)
    taken = [
        each.__name__
        for base in bases
        for each in _classes(base)
        if getattr(getattr(each, "Meta", None), "exclude", None)
        or getattr(getattr(each, "Meta", None), "fields", None) == "__all__"
    ]
    assert taken == []


def test_what_is_encrypted_is_in_no_list_filter_or_answer_of_the_api():
    """Phone, address and ID number show masked, one page at a time."""
    hidden = dict(encrypted_models())
    shown = []
    for each in _classes(serializers.ModelSerializer):
        sources = {field.source for field in each().fields.values()}
        shown.append((each, each.Meta.model, sources))
    for each in _classes(ScopedReadOnlyViewSet):
        asked = ("filterset_fields", "search_fields", "ordering_fields")
        names = {name for kind in asked for name in getattr(each, kind, ())}
        if each.serializer_class is not None:
            shown.append((each, each.serializer_class.Meta.model, names))
    for each in _classes(django_filters.FilterSet):
        if model := each._meta.model:
            names = {field.field_name for field in each.base_filters.values()}
            shown.append((each, model, names))
    for each in PORTAL_ADMINS:
        named = [*each.list_display, *each.search_fields, *(each.ordering or ())]
        shown.append((type(each), each.model, {str(name) for name in named}))
    assert len(shown) > 25
    keyed = {"id_index", "digest", "password"}
    faults = []
    for owner, model, names in shown:
        bare = {name.lstrip("-^=@").partition("__")[0] for name in names}
        if found := bare & {*hidden.get(model, ()), *keyed}:
            faults.append(f"{owner.__name__}: {found}")
    assert not faults, report(faults)
