"""Below /activities/: projects of community services."""

from django.urls import path

from activities.views import project_people, projects

urlpatterns = [
    path("projects/", projects.project_list, name="project-list"),
    path("projects/add/", projects.project_add, name="project-add"),
    path("projects/<int:pk>/", projects.project_detail, name="project"),
    path("projects/<int:pk>/edit/", projects.project_edit, name="project-edit"),
    path("projects/<int:pk>/close/", projects.project_close, name="project-close"),
    path(
        "projects/<int:pk>/withdraw/",
        projects.project_withdraw,
        name="project-withdraw",
    ),
    path("projects/<int:pk>/posts/", project_people.post_add, name="post-add"),
    path("projects/<int:pk>/people/", project_people.place, name="placement-add"),
    path("projects/posts/<int:pk>/edit/", project_people.post_edit, name="post-edit"),
    path("projects/posts/<int:pk>/end/", project_people.post_end, name="post-end"),
    path(
        "projects/posts/<int:pk>/withdraw/",
        project_people.post_withdraw,
        name="post-withdraw",
    ),
    path(
        "projects/people/<int:pk>/leave/",
        project_people.placement_end,
        name="placement-end",
    ),
    path(
        "projects/people/<int:pk>/withdraw/",
        project_people.placement_withdraw,
        name="placement-withdraw",
    ),
]
