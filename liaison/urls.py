"""Addresses under /liaison/; ids, numbers and tokens only, never a name."""

from django.urls import path

from liaison.conference_urls import conference_urls
from liaison.views import (
    agreement_parts,
    agreement_reports,
    agreements,
    authorities,
    cards,
    checks,
    claims,
    entries,
    exchanges,
    histories,
    mine,
    missing,
    obligations,
    own,
    packets,
    pair_map,
    pair_parts,
    pairs,
    papers,
    periods,
    posts,
    proposals,
    remarks,
    reports,
    schedules,
    supplements,
    unit,
    unit_years,
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
    path("cards/<int:pk>/print/", papers.card_print, name="card-print"),
    path("cards/<int:pk>/set/", papers.card_set, name="card-set"),
    path("cards/<int:pk>/entries/", entries.entry_add, name="entry-add"),
    path("cards/<int:pk>/link/", proposals.card_link, name="card-link"),
    path("cards/<int:pk>/link/end/", proposals.card_link_end, name="card-link-end"),
    path(
        "proposals/<int:pk>/settle/", proposals.proposal_settle, name="proposal-settle"
    ),
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
    path("periods/<int:pk>/approve/", periods.period_approve, name="period-approve"),
    path("periods/<int:pk>/deliver/", periods.period_deliver, name="period-deliver"),
    path("periods/<int:pk>/archive/", periods.period_archive, name="period-archive"),
    path("periods/<int:pk>/paper/", periods.period_paper, name="period-paper"),
    path(
        "periods/<int:period_id>/remarks/<int:organization_id>/",
        remarks.remarks,
        name="remarks",
    ),
    path(
        "periods/<int:period_id>/remarks/<int:organization_id>/pass/",
        checks.words_pass,
        name="words-pass",
    ),
    path(
        "periods/<int:period_id>/remarks/<int:organization_id>/return/",
        checks.words_return,
        name="words-return",
    ),
    path("units/<int:pk>/years/<int:year>/", unit_years.unit_year, name="unit-year"),
    path(
        "units/<int:pk>/years/<int:year>/joint/",
        unit_years.unit_joint,
        name="unit-joint",
    ),
    path("schedules/", schedules.schedule_list, name="schedule-list"),
    path("schedules/<int:pk>/", schedules.schedule_edit, name="schedule-edit"),
]
# /liaison/packets/
packet_urls = [
    path("packets/<uuid:pk>/", packets.packet_detail, name="packet-detail"),
    path("packets/<uuid:pk>/deliver/", packets.packet_deliver, name="packet-deliver"),
    path("packets/<uuid:pk>/remind/", packets.packet_remind, name="packet-remind"),
    path("packets/<uuid:pk>/bounce/", packets.packet_bounce, name="packet-bounce"),
    path("packets/<uuid:pk>/receipt/", packets.packet_receipt, name="packet-receipt"),
    path("packets/<uuid:pk>/file/", packets.packet_file, name="packet-file"),
    path("packets/<uuid:pk>/letter/", packets.packet_letter, name="packet-letter"),
    path(
        "packets/<uuid:pk>/supplement/",
        supplements.packet_supplement,
        name="packet-supplement",
    ),
]
# /liaison/agreements/
_one = "agreements/<int:pk>/"
agreement_urls = [
    path("agreements/", agreements.agreement_list, name="agreement-list"),
    path("agreements/add/", agreements.agreement_add, name="agreement-add"),
    path(
        "agreements/reports/", agreement_reports.report_list, name="agreement-reports"
    ),
    path(_one, agreements.agreement_detail, name="agreement"),
    path(f"{_one}edit/", agreements.agreement_edit, name="agreement-edit"),
    path(f"{_one}discard/", agreements.agreement_discard, name="agreement-discard"),
    path(f"{_one}sign/", agreements.agreement_sign, name="agreement-sign"),
    path(f"{_one}scan/", agreements.agreement_scan, name="agreement-scan"),
    path(f"{_one}end/", agreements.agreement_end, name="agreement-end"),
    path(f"{_one}renew/", agreements.agreement_renew, name="agreement-renew"),
    path(f"{_one}text/", agreements.agreement_document, name="agreement-document"),
    path(f"{_one}clauses/add/", agreement_parts.clause_add, name="clause-add"),
    path("clauses/<int:pk>/edit/", agreement_parts.clause_edit, name="clause-edit"),
    path(
        "clauses/<int:pk>/remove/", agreement_parts.clause_remove, name="clause-remove"
    ),
    path(f"{_one}items/add/", agreement_parts.item_add, name="item-add"),
    path("items/<int:pk>/remove/", agreement_parts.item_remove, name="item-remove"),
    path("items/<int:pk>/meet/", agreement_parts.item_meet, name="item-meet"),
    path("items/<int:pk>/use/", agreement_parts.use_add, name="use-add"),
    path("uses/<int:pk>/withdraw/", agreement_parts.use_withdraw, name="use-withdraw"),
    path("obligations/", obligations.obligation_list, name="obligation-list"),
    path("obligations/<int:pk>/", obligations.obligation_detail, name="obligation"),
    path(
        "obligations/<int:pk>/waive/",
        obligations.obligation_waive,
        name="obligation-waive",
    ),
    path(
        "evidence/<int:pk>/remove/", obligations.evidence_remove, name="evidence-remove"
    ),
    path(
        f"{_one}reports/<str:label>/",
        agreement_reports.agreement_report,
        name="agreement-report",
    ),
]
# /liaison/authorities/: two-way contact with authorities
_authority = "authorities/<int:pk>/"
authority_urls = [
    path("authorities/", authorities.authority_list, name="authority-list"),
    path("authorities/add/", authorities.authority_add, name="authority-add"),
    path(_authority, authorities.authority_detail, name="authority"),
    path(f"{_authority}edit/", authorities.authority_edit, name="authority-edit"),
    path(f"{_authority}retire/", authorities.authority_retire, name="authority-retire"),
    path(f"{_authority}contacts/", authorities.contact_add, name="contact-add"),
    path("contacts/<int:pk>/edit/", authorities.contact_edit, name="contact-edit"),
    path("contacts/<int:pk>/end/", authorities.contact_end, name="contact-end"),
    path(f"{_authority}exchanges/", exchanges.exchange_add, name="exchange-add"),
    path("exchanges/", exchanges.exchange_list, name="exchange-list"),
    path("exchanges/<int:pk>/", exchanges.exchange_detail, name="exchange"),
    path(
        "exchanges/<int:pk>/answer/", exchanges.exchange_answer, name="exchange-answer"
    ),
    path(
        "exchanges/<int:pk>/withdraw/",
        exchanges.exchange_withdraw,
        name="exchange-withdraw",
    ),
]
# /liaison/pairs/
_pair = "pairs/<int:pk>/"
pair_urls = [
    path("pairs/", pairs.pair_list, name="pair-list"),
    path("pairs/add/", pairs.pair_add, name="pair-add"),
    path("pairs/suggestions/", pair_map.pair_suggestions, name="pair-suggestions"),
    path("pairs/map/", pair_map.pair_map, name="pair-map"),
    path(_pair, pairs.pair_detail, name="pair"),
    path(f"{_pair}edit/", pairs.pair_edit, name="pair-edit"),
    path(f"{_pair}end/", pairs.pair_end, name="pair-end"),
    path(f"{_pair}plan/", pair_parts.task_add, name="pair-task-add"),
    path(f"{_pair}activities/", pair_parts.pair_activity_add, name="pair-activity-add"),
    path(f"{_pair}outcomes/<int:year>/", pair_parts.pair_outcome, name="pair-outcome"),
    path("pair-tasks/<int:pk>/edit/", pair_parts.task_edit, name="pair-task-edit"),
    path("pair-tasks/<int:pk>/waive/", pair_parts.task_waive, name="pair-task-waive"),
    path(
        "pair-activities/<int:pk>/remove/",
        pair_parts.pair_activity_remove,
        name="pair-activity-remove",
    ),
]
# A member's own card, without an account: /liaison/m/<token>/.
mine_urls = [
    path("m/<str:token>/", mine.my_card, name="my-card"),
    path("m/<str:token>/propose/", mine.my_proposal, name="my-proposal"),
]
# The unit's side: /liaison/u/<token>/ without an account, /liaison/own/ with one.
unit_urls = [
    path("u/done/", unit.unit_done, name="unit-done"),
    path("u/<str:token>/", unit.unit_packet, name="unit-packet"),
    path("u/<str:token>/file/", unit.unit_packet_file, name="unit-packet-file"),
    path("u/<str:token>/confirm/", unit.unit_confirm, name="unit-confirm"),
    path("u/<str:token>/tell/", unit.unit_tell, name="unit-tell"),
    path("own/", own.own_packets, name="own-packets"),
    path("own/<uuid:pk>/", own.own_packet, name="own-packet"),
    path("own/<uuid:pk>/file/", own.own_packet_file, name="own-packet-file"),
    path("own/<uuid:pk>/tell/", own.own_tell, name="own-tell"),
]
# /liaison/reports/: what home units told; and feedback over the years
report_urls = [
    path("units/<int:pk>/history/", histories.unit_history, name="unit-history"),
    path(
        "members/<int:member_id>/history/",
        histories.member_history,
        name="member-history",
    ),
    path("reports/", reports.report_list, name="report-list"),
    path("reports/<int:pk>/", reports.report_detail, name="report-detail"),
    path("reports/<int:pk>/settle/", reports.report_settle, name="report-settle"),
    path("reports/<int:pk>/pass-on/", reports.report_pass_on, name="report-pass-on"),
]

urlpatterns = [
    *agreement_urls,
    *authority_urls,
    *card_urls,
    *conference_urls,
    *mine_urls,
    *post_urls,
    *period_urls,
    *packet_urls,
    *pair_urls,
    *unit_urls,
    *report_urls,
]
