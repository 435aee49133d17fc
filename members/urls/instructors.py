"""Addresses of Party-building instructors."""

from django.urls import path

from members.views import instructor_work, instructors

# /members/instructors/
_one = "instructors/<int:pk>/"
urlpatterns = [
    path("instructors/", instructors.instructor_list, name="instructor-list"),
    path("instructors/add/", instructors.instructor_add, name="instructor-add"),
    path(_one, instructors.instructor, name="instructor"),
    path(f"{_one}edit/", instructors.instructor_edit, name="instructor-edit"),
    path(f"{_one}end/", instructors.instructor_end, name="instructor-end"),
    path(f"{_one}units/add/", instructor_work.unit_add, name="instructor-unit-add"),
    path(
        f"{_one}records/add/", instructor_work.record_add, name="instructor-record-add"
    ),
    path(
        f"{_one}appraise/",
        instructor_work.instructor_appraise,
        name="instructor-appraise",
    ),
    path(
        "instructors/units/<int:pk>/end/",
        instructor_work.unit_end,
        name="instructor-unit-end",
    ),
    path(
        "instructors/records/<int:pk>/withdraw/",
        instructor_work.record_withdraw,
        name="instructor-record-withdraw",
    ),
]
