"""Addresses of the map of the street."""

from django.urls import path

from organizations.views import street_map

# /organizations/map/
urlpatterns = [
    path("map/", street_map.street_map_page, name="map"),
    path("map/upload/", street_map.map_upload, name="map-upload"),
    path("map/import/<uuid:pk>/", street_map.map_import, name="map-import"),
    path("map/remove/", street_map.map_remove, name="map-remove"),
]
