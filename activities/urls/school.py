"""Below /activities/school/: terms and courses of the part-time Party school."""

from django.urls import path

from activities.views import school

urlpatterns = [
    path("school/", school.term_list, name="term-list"),
    path("school/add/", school.term_add, name="term-add"),
    path("school/<int:pk>/", school.term, name="term"),
    path("school/<int:pk>/edit/", school.term_edit, name="term-edit"),
    path("school/<int:pk>/courses/add/", school.course_add, name="course-add"),
    path("school/courses/<int:pk>/edit/", school.course_edit, name="course-edit"),
    path(
        "school/courses/<int:pk>/session/",
        school.course_session,
        name="course-session",
    ),
]
