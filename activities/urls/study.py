"""Below /activities/study/: hours of members, self-study, posts."""

from django.urls import path

from activities.views import study

urlpatterns = [
    path("study/", study.study, name="study"),
    path("study/members/<int:pk>/", study.member_study, name="member-study"),
    path(
        "study/members/<int:member_pk>/self/add/",
        study.self_study_add,
        name="self-study-add",
    ),
    path("study/self/", study.self_study_list, name="self-study-list"),
    path(
        "study/self/<int:pk>/answer/",
        study.self_study_answer,
        name="self-study-answer",
    ),
    path(
        "study/self/<int:pk>/withdraw/",
        study.self_study_withdraw,
        name="self-study-withdraw",
    ),
]
