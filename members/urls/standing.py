"""Addresses of how memberships stand: lost contact, decisions, what follows."""

from django.urls import path

from members.views import standing

urlpatterns = [
    # /members/<id>/
    path("<int:pk>/standing/", standing.standing, name="standing"),
]
