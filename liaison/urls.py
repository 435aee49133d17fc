"""Addresses under /liaison/; ids, numbers and tokens only, never a name."""

from django.urls import path

from liaison.views import (
    cards,
    claims,
    entries,
    missing,
    own,
    packets,
    periods,
    posts,
    remarks,
    supplements,
    unit,
    years,
)

app_name = "liaison"

# /liaison/cards/
card_urls = [
    path("cards/", cards.card_list, name="card-list"),
    path("cards/missing/", missing.missing_cards, name="card-missing"),
    path("cards/add/<int:member_id>/", cards.card_add, name="card-add"),
    path("cards/<int:pk>/", cards.card_detail, name="card-detail"),
    path("cards/<int:pk>/edit/", cards.card_edit, name="card-edit"),
    path("cards/<int:pk>/close/", cards.card_close, name="card-close"),
    path("cards/<int:pk>/print/", cards.card_print, name="card-print"),
    path("cards/<int:pk>/entries/", entries.entry_add, name="entry-add"),
    path("cards/<int:pk>/years/<int:year>/", years.card_year, name="card-year"),
    path(
        "cards/<int:pk>/years/<int:year>/invite/",
        years.invitation_add,
        name="invitation-add",
    ),
    path(
        "cards/<int:pk>/years/<int:year>/summary/",
        years.summary_write,
        name="summary-write",
    ),
    path(
        "invitations/<int:pk>/cancel/",
        years.invitation_cancel,
        name="invitation-cancel",
    ),
    path("entries/<int:pk>/withdraw/", entries.entry_withdraw, name="entry-withdraw"),
]
# /liaison/posts/
post_urls = [
    path("posts/", posts.post_list, name="post-list"),
    path("posts/add/", posts.post_add, name="post-add"),
    path("posts/print/", posts.post_print, name="post-print"),
    path("posts/<int:pk>/", posts.post_detail, name="post"),
    path("posts/<int:pk>/edit/", posts.post_edit, name="post-edit"),
    path("posts/<int:pk>/close/", posts.post_close, name="post-close"),
    path("posts/<int:pk>/match/", posts.post_match, name="post-match"),
    path("posts/<int:pk>/claim/", claims.claim_add, name="claim-add"),
    path("cards/<int:pk>/claim/", claims.card_claim, name="card-claim"),
    path("claims/<int:pk>/decide/", claims.claim_decide, name="claim-decide"),
    path("claims/<int:pk>/end/", claims.claim_end, name="claim-end"),
]
# /liaison/periods/
period_urls = [
    path("periods/", periods.period_list, name="period-list"),
    path("periods/open/", periods.period_open, name="period-open"),
    path("periods/<int:pk>/", periods.period_detail, name="period-detail"),
    path("periods/<int:pk>/units/", periods.period_units, name="period-units"),
    path("periods/<int:pk>/close/", periods.period_close, name="period-close"),
    path("periods/<int:pk>/build/", periods.period_build, name="period-build"),
    path("periods/<int:pk>/deliver/", periods.period_deliver, name="period-deliver"),
    path("periods/<int:pk>/archive/", periods.period_archive, name="period-archive"),
    path("periods/<int:pk>/paper/", periods.period_paper, name="period-paper"),
    path(
        "periods/<int:period_id>/remarks/<int:organization_id>/",
        remarks.remarks,
        name="remarks",
    ),
]
# /liaison/packets/
packet_urls = [
    path("packets/<uuid:pk>/", packets.packet_detail, name="packet-detail"),
    path("packets/<uuid:pk>/deliver/", packets.packet_deliver, name="packet-deliver"),
    path("packets/<uuid:pk>/remind/", packets.packet_remind, name="packet-remind"),
    path("packets/<uuid:pk>/receipt/", packets.packet_receipt, name="packet-receipt"),
    path("packets/<uuid:pk>/file/", packets.packet_file, name="packet-file"),
    path("packets/<uuid:pk>/letter/", packets.packet_letter, name="packet-letter"),
    path(
        "packets/<uuid:pk>/supplement/",
        supplements.packet_supplement,
        name="packet-supplement",
    ),
]
# The unit's side: /liaison/u/<token>/ without an account, /liaison/own/ with one.
unit_urls = [
    path("u/done/", unit.unit_done, name="unit-done"),
    path("u/<str:token>/", unit.unit_packet, name="unit-packet"),
    path("u/<str:token>/file/", unit.unit_packet_file, name="unit-packet-file"),
    path("u/<str:token>/confirm/", unit.unit_confirm, name="unit-confirm"),
    path("own/", own.own_packets, name="own-packets"),
    path("own/<uuid:pk>/", own.own_packet, name="own-packet"),
    path("own/<uuid:pk>/file/", own.own_packet_file, name="own-packet-file"),
]

urlpatterns = [*card_urls, *post_urls, *period_urls, *packet_urls, *unit_urls]
