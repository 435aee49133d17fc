"""The pages of a democratic review: from the board to the letters; who sees what."""

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Review, ReviewResult
from activities.services.review_results import return_review
from activities.services.reviews import take_out
from organizations.models import AuditEvent
from tests.activities.review_steps import (
    approved,
    decided,
    held,
    opened,
    rows_of,
    voted,
)
from tests.factories.members import AffiliationFactory, MemberFactory

pytestmark = pytest.mark.django_db
GRADES = ("excellent", "qualified", "basic", "unqualified")


@pytest.fixture
def people(branch_a1):
    return MemberFactory.create_batch(4, branch=branch_a1)


@pytest.fixture
def review(branch_a1, people, branch_secretary):
    return opened(branch_a1, branch_secretary)


@pytest.fixture
def counted(review, branch_a1, people, branch_secretary):
    return voted(review, held(branch_a1, people), branch_secretary)


@pytest.fixture
def page(client_for, branch_secretary):
    """Return a function that asks for a page, or sends a form to it."""
    client = client_for(branch_secretary)

    def ask(name, key=None, data=None, **more):
        kwargs = more | ({"pk": key} if key else {})
        url = reverse(f"activities:{name}", kwargs=kwargs)
        return client.get(url) if data is None else client.post(url, data)

    return ask


def viewed(name):
    events = AuditEvent.objects.filter(action="review_viewed")
    return events.filter(details__review_page=name).count()


def text(response) -> str:
    return response.content.decode()


def test_a_review_is_opened_once_and_the_board_leads_to_it(
    page, branch_a1, branch_a2, people
):
    assert "还没有开始" in text(page("reviews"))
    year = timezone.localdate().year
    for _ in range(2):
        answer = page("review-add", data={"organization": branch_a1.pk, "year": year})
        review = Review.objects.get()
        assert answer.headers["Location"] == review.get_absolute_url()
    assert page("reviews").headers["Location"] == review.get_absolute_url()
    answer = page("review-add", data={"organization": branch_a2.pk, "year": year})
    assert answer.status_code == 422


def test_the_board_of_the_street_counts_by_the_official_form(
    counted, branch_a2, branch_secretary, community_secretary, client_for
):
    MemberFactory(branch=branch_a2)
    decided(counted, branch_secretary, "unqualified", "excellent")
    approved(counted, community_secretary)
    answer = client_for(community_secretary).get(reverse("activities:reviews"))
    shown = {tile["label"]: tile["value"] for tile in answer.context["tiles"]}
    assert shown == {
        "开展评议支部": 1,
        "结束评议支部": 1,
        "参加评议党员": 4,
        "结束评议党员": 4,
        "优秀": 1,
        "不合格": 1,
        "限期改正": 1,
        "劝退": 0,
        "劝而不退除名": 0,
        "自行脱党除名": 0,
    }
    assert "还有 4 份没有送达" in text(answer)
    for state, number in (("none", 1), ("approved", 1), ("decided", 0)):
        url = f"{reverse('activities:reviews')}?state={state}"
        rows = client_for(community_secretary).get(url).context["page"].rows
        assert len(rows) == number


def test_the_page_shows_the_steps_and_says_who_looked(page, review):
    answer = page("review", review.pk)
    labels = [stage["label"] for stage in answer.context["stages"]]
    assert labels == ["自评", "互评", "测评", "审定", "上级审批", "送达"]
    assert [s["label"] for s in answer.context["stages"] if s["is_next"]] == ["自评"]
    assert viewed("review") == 1


def test_what_a_member_says_is_kept_beside_what_somebody_else_saved(page, review):
    row = rows_of(review)[0]
    data = {"self_grade": "qualified", "self_words": "一年来坚持学习", "version": 1}
    assert page("review-result", row.pk, data).status_code == 302
    answer = page("review-result", row.pk, data | {"self_words": "另一种写法"})
    assert answer.status_code == 409
    assert "一年来坚持学习" in text(answer)
    assert "另一种写法" in text(answer)
    row.refresh_from_db()
    assert row.self_words == "一年来坚持学习"
    answer = page("review-result", row.pk, data | {"self_grade": "best", "version": 2})
    assert answer.status_code == 422


def ballots(review, meeting, **more):
    data = {
        "activity": meeting.pk,
        "handed_out": 4,
        "returned": 4,
        "version": Review.objects.get().version,
    }
    for row in rows_of(review):
        data |= {f"{grade}-{row.pk}": "" for grade in GRADES}
        data[f"qualified-{row.pk}"] = 4
    return data | more


def test_ballots_of_the_whole_branch_are_typed_in_one_form(
    page, review, branch_a1, people
):
    assert "还没有记录民主评议会" in text(page("review-ballots", review.pk))
    activity = held(branch_a1, people)
    rows = rows_of(review)
    # The only meeting there is stands chosen.
    assert page("review-ballots", review.pk).context["form"]["activity"].value()
    wrong = ballots(review, activity, **{f"excellent-{rows[1].pk}": 1})
    answer = page("review-ballots", review.pk, wrong)
    assert answer.status_code == 422
    assert f"{rows[1].member.name}：四项合计 5 票" in text(answer)
    assert answer.context["form"][f"excellent-{rows[1].pk}"].value() == "1"
    for more, words in (
        ({"handed_out": 5}, "多于到会有表决权的党员 4 人"),
        ({f"basic-{rows[0].pk}": "-1"}, "不能小于"),
        ({"activity": ""}, "必填"),
    ):
        answer = page("review-ballots", review.pk, ballots(review, activity, **more))
        assert answer.status_code == 422
        assert words in text(answer)
    assert not ReviewResult.objects.filter(qualified__gt=0).exists()
    good = ballots(review, activity)
    assert page("review-ballots", review.pk, good).status_code == 302
    # Sent twice, it is known for an old page; what was typed is still there.
    answer = page("review-ballots", review.pk, good)
    assert answer.status_code == 409
    assert answer.context["form"][f"qualified-{rows[0].pk}"].value() == "4"
    assert answer.context["form"]["version"].value() == 2


def verdicts(review, *grades, **more):
    data = {"version": Review.objects.get().version}
    for place, row in enumerate(rows_of(review)):
        grade = grades[place] if place < len(grades) else "qualified"
        data |= {f"grade-{row.pk}": grade, f"words-{row.pk}": "肯干"}
        data |= {f"outcome-{row.pk}": "", f"term_ends_on-{row.pk}": ""}
    return data | more


def test_verdicts_say_how_many_excellent_there_may_be(page, counted):
    answer = page("review-verdicts", counted.pk)
    assert 'data-verdicts="1"' in text(answer)
    assert "最多 <strong>1</strong> 人" in text(answer)
    rows = rows_of(counted)
    many = verdicts(counted, "excellent", "excellent")
    answer = page("review-verdicts", counted.pk, many)
    assert answer.status_code == 422
    assert "最多 1 人，现在评了 2 人" in text(answer)
    assert answer.context["form"][f"words-{rows[0].pk}"].value() == "肯干"
    bare = verdicts(counted, "unqualified")
    answer = page("review-verdicts", counted.pk, bare)
    assert answer.status_code == 422
    assert "请选择组织处置" in text(answer)
    named = bare | {f"outcome-{rows[0].pk}": "persuaded"}
    assert page("review-verdicts", counted.pk, named).status_code == 302
    counted.refresh_from_db()
    assert counted.state == "decided"
    assert rows_of(counted)[0].outcome == "persuaded"
    # What is decided is written no more.
    assert page("review-verdicts", counted.pk, named).status_code == 302
    assert page("review-ballots", counted.pk).status_code == 302


def test_verdicts_wait_for_the_ballots(page, review):
    answer = page("review-verdicts", review.pk)
    address = reverse("activities:review-ballots", args=[review.pk])
    assert answer.headers["Location"] == address


def test_those_above_approve_return_and_the_branch_delivers(
    page, client_for, counted, branch_secretary, community_secretary
):
    decided(counted, branch_secretary)
    above = client_for(community_secretary)
    address = reverse("activities:review-step", args=[counted.pk, "return"])
    answer = above.post(address, {"words": "请补充意见", "version": 3})
    assert answer.status_code == 302
    assert "请补充意见" in text(page("review", counted.pk))
    decided(counted, branch_secretary)
    address = reverse("activities:review-step", args=[counted.pk, "approve"])
    today = timezone.localdate()
    answer = above.post(address, {"approved_on": today, "version": 1})
    assert answer.status_code == 409
    answer = above.post(address, {"approved_on": today, "version": 5})
    assert answer.status_code == 302
    # Pressed twice: it leads back.
    answer = above.post(address, {"approved_on": today, "version": 5})
    assert answer.headers["Location"] == counted.get_absolute_url()
    letters = page("review-letters", counted.pk)
    assert text(letters).count("民主评议结果通知书") == 4
    assert text(letters).count("paper__break") == 3
    assert viewed("letters") == 1
    data = {"delivered_on": today, "version": 6}
    assert page("review-step", counted.pk, data, step="deliver").status_code == 302
    assert not counted.results.filter(delivered_on=None).exists()


def test_the_blank_paper_has_names_and_boxes_and_no_voter(page, review, people):
    out = rows_of(review)[0]
    answer = text(page("review-paper", review.pk))
    assert answer.count("□") == 16
    assert all(person.name in answer for person in people)
    assert "不记名" in answer
    take_out(result_id=out.pk, reason="转出", actor=review.opened_by)
    assert out.member.name not in text(page("review-paper", review.pk))


def test_people_are_taken_in_and_out(page, review, branch_a1, branch_b1):
    guest = MemberFactory(branch=branch_b1, name="流动人")
    AffiliationFactory(member=guest, organization=branch_a1, kind="mobile_in")
    assert "流动人（流入）" in text(page("review-people", review.pk))
    assert page("review-people", review.pk, {"members": [guest.pk]}).status_code == 302
    assert "没有可以加入的党员" in text(page("review-people", review.pk))
    answer = page("review-people", review.pk, {"members": [guest.pk]})
    assert answer.status_code == 422
    row = review.results.get(member=guest)
    assert page("review-remove", row.pk, {"words": " "}).status_code == 422
    assert page("review-remove", row.pk, {"words": "已返回"}).status_code == 302
    assert "已移出 1 人" in text(page("review", review.pk))


def test_a_term_to_mend_is_answered_on_its_page(
    page, counted, branch_secretary, community_secretary
):
    decided(counted, branch_secretary, "unqualified")
    approved(counted, community_secretary)
    row, other = rows_of(counted)[:2]
    data = {
        "correction": "not_corrected",
        "corrected_on": timezone.localdate(),
        "words": "仍不参加",
        "version": 1,
    }
    assert page("review-correction", row.pk, data).status_code == 302
    assert page("review-correction", row.pk, data).status_code == 409
    answer = page("review-correction", other.pk, data)
    assert answer.headers["Location"] == other.get_absolute_url()
    assert "没有改正" in text(page("review", counted.pk))


def test_the_member_page_leads_to_approved_results_and_tells_nothing_itself(
    client_for, page, counted, people, branch_secretary, community_secretary
):
    decided(counted, branch_secretary, "excellent")
    row = rows_of(counted)[0]
    assert "还没有评议结果" in text(page("member-reviews", row.member_id))
    approved(counted, community_secretary)
    answer = client_for(branch_secretary).get(row.member.get_absolute_url())
    assert reverse("activities:member-reviews", args=[row.member_id]) in text(answer)
    assert "优秀" not in text(answer)
    assert "优秀" in text(page("member-reviews", row.member_id))
    assert viewed("member") == 2


def test_who_is_not_entitled_meets_nothing(
    client_for, counted, auditor, sysadmin, hardship_officer, unit_contact, secretary_b
):
    row = rows_of(counted)[0]
    pages = [
        counted.get_absolute_url(),
        row.get_absolute_url(),
        *(
            reverse(f"activities:{name}", args=[counted.pk])
            for name in ("review-ballots", "review-letters", "review-paper")
        ),
        reverse("activities:member-reviews", args=[row.member_id]),
    ]
    for stranger in (auditor, sysadmin, hardship_officer, unit_contact, secretary_b):
        client = client_for(stranger)
        assert [client.get(url).status_code for url in pages] == [404] * len(pages)
    # The officer sees the member, and no way to his reviews.
    answer = client_for(hardship_officer).get(row.member.get_absolute_url())
    assert answer.status_code == 200
    assert pages[-1] not in text(answer)


def test_those_above_read_and_do_not_write(
    client_for, counted, committee_staff, branch_secretary
):
    client, row = client_for(committee_staff), rows_of(counted)[0]
    assert client.get(row.get_absolute_url()).status_code == 200
    assert client.post(row.get_absolute_url(), {}).status_code == 403
    for name in ("review-ballots", "review-verdicts", "review-people"):
        url = reverse(f"activities:{name}", args=[counted.pk])
        assert client.get(url).status_code == 403
    decided(counted, branch_secretary)
    return_review(
        review_id=counted.pk, version=None, words="再核", actor=committee_staff
    )
    counted.refresh_from_db()
    assert counted.state == "voted"
