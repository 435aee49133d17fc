"""Addresses about the quality of records."""

from django.urls import path

from members.views import quality

urlpatterns = [
    path("quality/", quality.quality, name="quality"),
    path("pairs/", quality.pair_list, name="pair-list"),
    path("pairs/<int:pk>/apart/", quality.pair_apart, name="pair-apart"),
    path("pairs/<int:pk>/merge/", quality.pair_merge, name="pair-merge"),
    path("merges/<int:pk>/undo/", quality.merge_undo, name="merge-undo"),
    path("<int:pk>/who-sees/", quality.who_sees, name="who-sees"),
]
