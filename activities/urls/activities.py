"""Below /activities/: activities and who took part."""

from django.urls import path

from activities.views import (
    achievements,
    activities,
    arranging,
    hours,
    minutes,
    papers,
    record,
)

urlpatterns = [
    path("", activities.activity_list, name="list"),
    path("record/", record.record, name="record"),
    path("arrange/", arranging.arrange, name="arrange"),
    path("sheet/", activities.sheet, name="sheet"),
    path("participations/", activities.participation_list, name="participations"),
    path("<int:pk>/", activities.activity_detail, name="detail"),
    path("<int:pk>/edit/", record.edit, name="edit"),
    path("<int:pk>/move/", arranging.move, name="move"),
    path("<int:pk>/minutes/", minutes.minutes, name="minutes"),
    path("<int:pk>/hours/", hours.hours, name="hours"),
    path("<int:pk>/cancel/", activities.activity_cancel, name="cancel"),
    path("<int:pk>/sheet/", activities.attendance_sheet, name="attendance-sheet"),
    path("<int:pk>/papers/add/", papers.paper_add, name="paper-add"),
    path("papers/<int:pk>/withdraw/", papers.paper_withdraw, name="paper-withdraw"),
    path("photos/<int:pk>/remove/", achievements.photo_remove, name="photo-remove"),
]
