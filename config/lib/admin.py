"""The one base of the browser admin: scope, rights from posts, saves by services."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse

from config.lib.errors import RuleError
from config.lib.forms import NO_CHOICE, offered, scoped, word_blank_choice


class ScopedModelAdmin(admin.ModelAdmin):
    """Rows the user may see, choices the user may see, changes through services.

    `view_right`, `add_right` and `change_right` name rights of the user's posts; an
    empty one closes that door to everybody. Subclasses that can be changed override
    `save_by_service`. Nothing is deleted here.
    """

    view_right = ""
    add_right = ""
    change_right = ""
    empty_value_display = "—"
    list_per_page = 50
    list_max_show_all = 200
    # Two counts of the same rows for one page would cost more than the page.
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return scoped(super().get_queryset(request), request.user)

    # Choices ------------------------------------------------------------------

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs["queryset"] = _scoped_choices(db_field, request, kwargs)
        kwargs.setdefault("empty_label", NO_CHOICE)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_choice_field(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_choice_field(db_field, request, **kwargs)
        word_blank_choice(field, NO_CHOICE)
        return field

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs["queryset"] = _scoped_choices(db_field, request, kwargs)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    # Rights -------------------------------------------------------------------

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        rights = (self.view_right, self.add_right, self.change_right)
        return any(self._has(request, right, obj) for right in rights)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._has(request, self.add_right)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._has(request, self.change_right, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def place_of(self, obj: Any) -> Any:
        """Return the organization where the right on `obj` is asked, None anywhere."""
        return getattr(obj, "organization", None)

    def _has(self, request: HttpRequest, right: str, obj: Any = None) -> bool:
        user = request.user
        if not right or not user.is_active:
            return False
        place = self.place_of(obj) if obj is not None else None
        if place is None:
            return user.has_right(right)
        return user.has_right_at(right, place)

    def view_on_site(self, obj: Any) -> str | None:
        """Lead straight to the portal's page; Django's shortcut knows no scope."""
        address = getattr(obj, "get_absolute_url", None)
        return address() if address is not None else None

    # Saving -------------------------------------------------------------------

    def save_model(
        self, request: HttpRequest, obj: Any, form: ModelForm, change: bool
    ) -> None:
        saved = self.save_by_service(request, obj, form, change)
        if saved is not None and saved.pk != obj.pk:
            obj.pk = saved.pk
            obj._state.adding = False

    def save_by_service(
        self, request: HttpRequest, obj: Any, form: ModelForm, change: bool
    ) -> Any:
        """Call the service that makes this change; return the saved row.

        A RuleError shows above the form, which keeps what was typed in.
        """
        raise NotImplementedError(f"{type(self).__name__} must save by a service")

    def save_related(self, request: Any, form: Any, formsets: Any, change: Any) -> None:
        # Relations too are written by the service; inlines are there to be read.
        form.save_m2m = lambda: None
        super().save_related(request, form, formsets, change)

    def changeform_view(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except RuleError as error:
            # The transaction is rolled back; draw the form again with the reason.
            request.refusal = error
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form_class = super().get_form(request, obj, **kwargs)
        refusal = getattr(request, "refusal", None)
        if refusal is None:
            return form_class

        class RefusedForm(form_class):
            def _post_clean(self) -> None:
                super()._post_clean()
                self.add_error(None, refusal)

        return RefusedForm


class ReadOnlyScopedAdmin(ScopedModelAdmin):
    """Rows to look at; `view_right` alone opens it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):
    """Rows below their parent, which is in scope already."""

    extra = 0
    can_delete = False
    show_change_link = True
    view_on_site = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _scoped_choices(
    db_field: Any, request: HttpRequest, kwargs: dict[str, Any]
) -> models.QuerySet:
    queryset = kwargs.get("queryset")
    if queryset is None:
        queryset = db_field.remote_field.model._default_manager.all()
    return offered(queryset, request.user)
