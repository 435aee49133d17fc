"""Below /activities/: programs, their items and what of them is done."""

from django.urls import path

from activities.views import achievements, completion, confirmation, pledges, programs

urlpatterns = [
    path("completion/", completion.completion, name="completion"),
    path("completion/reminder/", completion.reminder, name="completion-reminder"),
    path(
        "achievements/add/<int:member_pk>/",
        achievements.achievement_add,
        name="achievement-add",
    ),
    path("achievements/waiting/", confirmation.waiting, name="achievement-waiting"),
    path("pledges/<int:member_pk>/", pledges.pledges, name="pledges"),
    path(
        "achievements/<int:pk>/withdraw/",
        achievements.achievement_withdraw,
        name="achievement-withdraw",
    ),
    path("programs/", programs.program_list, name="program-list"),
    path("programs/add/", programs.program_add, name="program-add"),
    path("programs/<int:pk>/edit/", programs.program_edit, name="program-edit"),
    path(
        "programs/<int:pk>/new-version/",
        programs.program_new_version,
        name="program-new-version",
    ),
]
