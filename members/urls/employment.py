"""Addresses of employment, help towards work and what members do for others'."""

from django.urls import path

from members.views import employment, employment_forms

urlpatterns = [
    path("employment/", employment.employment_list, name="employment-list"),
    path("employment/leads/", employment.lead_list, name="lead-list"),
    # /members/<id>/employment/
    path("<int:pk>/employment/", employment.employment, name="employment"),
    path("<int:pk>/employment/spell/", employment_forms.spell_add, name="spell-add"),
    path("<int:pk>/employment/needs/", employment_forms.needs, name="needs"),
    path("<int:pk>/employment/help/", employment_forms.help_add, name="help-add"),
    path("<int:pk>/employment/lead/", employment_forms.lead_add, name="lead-add"),
    # /members/employment/
    path(
        "employment/spell/<int:pk>/amend/",
        employment_forms.spell_amend,
        name="spell-amend",
    ),
    path(
        "employment/help/<int:pk>/result/",
        employment_forms.help_result,
        name="help-result",
    ),
    *(
        path(
            f"employment/{kind}/<int:pk>/withdraw/",
            employment_forms.employment_withdraw,
            {"kind": kind},
            name=f"{kind}-withdraw",
        )
        for kind in ("spell", "help", "lead")
    ),
]
