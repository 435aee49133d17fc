"""Addresses of activity rooms."""

from django.urls import path

from organizations.views import room_assets, room_use, rooms

# /organizations/rooms/
room_urls = [
    path("rooms/", rooms.room_list, name="room-list"),
    path("rooms/new/", rooms.room_create, name="room-create"),
    path("rooms/<int:pk>/", rooms.room_detail, name="room"),
    path("rooms/<int:pk>/edit/", rooms.room_edit, name="room-edit"),
    path("rooms/<int:pk>/close/", rooms.room_close, name="room-close"),
    path("rooms/<int:pk>/reopen/", rooms.room_reopen, name="room-reopen"),
]
use_urls = [
    path("rooms/<int:pk>/week/", room_use.room_week, name="room-week"),
    path("rooms/<int:pk>/book/", room_use.booking_create, name="room-book"),
    path(
        "rooms/bookings/<int:pk>/cancel/",
        room_use.booking_cancel,
        name="room-booking-cancel",
    ),
    path(
        "rooms/bookings/<int:pk>/open/",
        room_use.booking_open,
        name="room-booking-open",
    ),
    path("rooms/<int:pk>/open/", room_use.opening_create, name="room-open"),
    path("rooms/<int:pk>/openings/", room_use.opening_list, name="room-openings"),
    path(
        "rooms/openings/<int:pk>/withdraw/",
        room_use.opening_withdraw,
        name="room-opening-withdraw",
    ),
]
asset_urls = [
    path("rooms/assets/", room_assets.asset_list, name="room-asset-list"),
    path(
        "rooms/<int:pk>/assets/new/",
        room_assets.asset_create,
        name="room-asset-create",
    ),
    path("rooms/<int:pk>/check/", room_assets.asset_check, name="room-check"),
    path("rooms/assets/<int:pk>/edit/", room_assets.asset_edit, name="room-asset-edit"),
    path(
        "rooms/assets/<int:pk>/state/",
        room_assets.asset_state,
        name="room-asset-state",
    ),
]

urlpatterns = [*room_urls, *use_urls, *asset_urls]
