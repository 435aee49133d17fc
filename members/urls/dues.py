"""Addresses of dues and commendations."""

from django.urls import path

from members.views import commendations, dues, dues_person

urlpatterns = [
    path("dues/", dues.dues_branches, name="dues-branches"),
    path("dues/people/", dues.dues_people, name="dues-people"),
    # /members/dues/branches/<id>/<month>/
    path("dues/branches/<int:pk>/<str:label>/", dues.dues_mark, name="dues-mark"),
    path(
        "dues/branches/<int:pk>/<str:label>/bases/",
        dues.dues_bases,
        name="dues-bases",
    ),
    path(
        "dues/months/<int:pk>/withdraw/",
        dues_person.dues_withdraw,
        name="dues-withdraw",
    ),
    path(
        "dues/reductions/<int:pk>/withdraw/",
        dues_person.dues_reduction_withdraw,
        name="dues-reduction-withdraw",
    ),
    path("commendations/", commendations.commendation_list, name="commendation-list"),
    path(
        "commendations/<int:pk>/withdraw/",
        commendations.commendation_withdraw,
        name="commendation-withdraw",
    ),
    # /members/<id>/
    path("<int:pk>/dues/", dues_person.member_dues, name="dues"),
    path("<int:pk>/dues/pay/", dues_person.dues_pay, name="dues-pay"),
    path("<int:pk>/dues/reduction/", dues_person.dues_reduction, name="dues-reduction"),
    path("<int:pk>/dues/opening/", dues_person.dues_opening, name="dues-opening"),
    path(
        "<int:pk>/commendations/add/",
        commendations.commendation_add,
        name="commendation-add",
    ),
]
