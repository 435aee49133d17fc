"""Activities, participations, programs and their completion."""

from django.urls import path

from activities.views import (
    achievements,
    activities,
    completion,
    hours,
    programs,
    record,
)

app_name = "activities"

# /activities/
activity_urls = [
    path("", activities.activity_list, name="list"),
    path("record/", record.record, name="record"),
    path("sheet/", activities.sheet, name="sheet"),
    path("participations/", activities.participation_list, name="participations"),
    path("<int:pk>/", activities.activity_detail, name="detail"),
    path("<int:pk>/edit/", record.edit, name="edit"),
    path("<int:pk>/hours/", hours.hours, name="hours"),
    path("<int:pk>/cancel/", activities.activity_cancel, name="cancel"),
    path("<int:pk>/sheet/", activities.attendance_sheet, name="attendance-sheet"),
    path("photos/<int:pk>/remove/", achievements.photo_remove, name="photo-remove"),
]
# /activities/completion/, achievements/
completion_urls = [
    path("completion/", completion.completion, name="completion"),
    path("completion/reminder/", completion.reminder, name="completion-reminder"),
    path(
        "achievements/add/<int:member_pk>/",
        achievements.achievement_add,
        name="achievement-add",
    ),
    path(
        "achievements/<int:pk>/withdraw/",
        achievements.achievement_withdraw,
        name="achievement-withdraw",
    ),
]
# /activities/programs/
program_urls = [
    path("programs/", programs.program_list, name="program-list"),
    path("programs/add/", programs.program_add, name="program-add"),
    path("programs/<int:pk>/edit/", programs.program_edit, name="program-edit"),
    path(
        "programs/<int:pk>/new-version/",
        programs.program_new_version,
        name="program-new-version",
    ),
]

urlpatterns = [*activity_urls, *completion_urls, *program_urls]
