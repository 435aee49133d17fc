"""Addresses of the care for members in difficulty."""

from django.urls import path

from members.views import aids, hardship, hardship_steps

urlpatterns = [
    path("hardship/", hardship.hardship_list, name="hardship-list"),
    path("hardship/year/", hardship.hardship_year, name="hardship-year"),
    # /members/hardship/<id>/
    path("hardship/<int:pk>/", hardship.hardship_detail, name="hardship"),
    path("hardship/<int:pk>/amend/", hardship.hardship_amend, name="hardship-amend"),
    path("hardship/<int:pk>/aid/", aids.aid_add, name="aid-add"),
    path(
        "hardship/<int:pk>/<slug:step>/",
        hardship_steps.hardship_step,
        name="hardship-step",
    ),
    # /members/aids/<id>/
    path("aids/<int:pk>/withdraw/", aids.aid_withdraw, name="aid-withdraw"),
    # /members/<id>/
    path("<int:pk>/hardship/", hardship.member_hardship, name="member-hardship"),
    path("<int:pk>/hardship/apply/", hardship.hardship_apply, name="hardship-apply"),
]
