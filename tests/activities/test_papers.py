"""Papers of seminars and exchanges: added with their file, withdrawn, shown."""

import io
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from activities.models import Activity, Paper
from activities.services.activities import cancel_activity
from activities.services.papers import add_paper, withdraw_paper
from config.lib.errors import RuleError
from members.models import Member
from organizations.models import AuditEvent
from tests.factories.activities import ActivityFactory
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db


def pdf(name="体会.pdf", content=b"%PDF-1.4\n1 0 obj\n"):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def author(branch_a1):
    return MemberFactory(branch=branch_a1, name="雷芳")


@pytest.fixture
def seminar(branch_a1, author):
    return ActivityFactory(
        organization=branch_a1,
        kind="seminar",
        held_on=timezone.localdate(),
        present=[author],
    )


@pytest.fixture
def add(seminar, author, branch_secretary):
    def call(**changes):
        values = {
            "activity_id": seminar.pk,
            "member_id": author.pk,
            "author_name": "",
            "title": "网格里的党员",
            "upload": pdf(),
            "actor": branch_secretary,
        }
        return add_paper(**values | changes)

    return call


def test_a_member_or_a_guest_wrote_it_and_a_double_submit_counts_once(add):
    request_id = uuid4()
    paper = add(request_id=request_id)
    assert add(request_id=request_id, upload=pdf()) == paper
    add(member_id=None, author_name=" 柳青 ")
    assert [each.author_name for each in Paper.objects.all()] == ["", "柳青"]
    assert paper.file.purpose == "paper"
    with connection.cursor() as cursor:
        cursor.execute("SELECT author_name FROM activities_paper ORDER BY id")
        assert "柳青" not in str(cursor.fetchall())
    event = AuditEvent.objects.filter(action="activity_updated").first()
    assert event.details == {"paper": "added", "paper_id": event.details["paper_id"]}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"member_id": None}, "写下其他作者的姓名"),
        ({"author_name": "柳青"}, "“其他作者”请留空"),
        ({"upload": pdf(content=b"MZ\x90\x00")}, "文件的内容不是"),
        ({"upload": pdf(content=b"")}, "文件是空的"),
        ({"upload": pdf(content=b"%PDF-" + bytes(10 * 2**20))}, "文件太大"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(add, changes, sentence):
    with pytest.raises(RuleError, match=sentence):
        add(**changes)
    assert not Paper.objects.exists()


def test_only_seminars_and_exchanges_that_stand_take_papers(
    add, seminar, branch_secretary
):
    Activity.objects.update(kind="study")
    with pytest.raises(RuleError, match="只有研讨会和经验交流会"):
        add()
    Activity.objects.update(kind="exchange")
    add()
    cancel_activity(activity_id=seminar.pk, reason="改期", actor=branch_secretary)
    with pytest.raises(RuleError, match="已经取消"):
        add()


def test_scope_and_right(add, seminar, branch_b1, secretary_b, branch_secretary):
    with pytest.raises(Activity.DoesNotExist):
        add(actor=secretary_b)
    with pytest.raises(Member.DoesNotExist):
        add(member_id=MemberFactory(branch=branch_b1).pk)
    paper = add()
    with pytest.raises(Paper.DoesNotExist):
        withdraw_paper(paper_id=paper.pk, reason="错", actor=secretary_b)
    branch_secretary.posts.update(role="hardship_officer")
    watcher = type(branch_secretary).objects.get(pk=branch_secretary.pk)
    with pytest.raises(PermissionDenied):
        withdraw_paper(paper_id=paper.pk, reason="错", actor=watcher)


def test_a_withdrawn_paper_stays_with_its_reason(add, branch_secretary):
    paper = add()
    with pytest.raises(RuleError, match="写明撤回的原因"):
        withdraw_paper(paper_id=paper.pk, reason=" ", actor=branch_secretary)
    withdraw_paper(paper_id=paper.pk, reason="传错了", actor=branch_secretary)
    assert Paper.objects.get().withdrawn_reason == "传错了"
    with pytest.raises(RuleError, match="已经撤回"):
        withdraw_paper(paper_id=paper.pk, reason="再撤", actor=branch_secretary)


def photo():
    output = io.BytesIO()
    Image.new("RGB", (30, 30), "white").save(output, "PNG")
    return SimpleUploadedFile("手写稿.png", output.getvalue())


def test_the_pages_add_show_and_withdraw(client_for, branch_secretary, seminar, author):
    client = client_for(branch_secretary)
    page = seminar.get_absolute_url()
    url = reverse("activities:paper-add", args=[seminar.pk])
    assert url in client.get(page).content.decode()
    shown = client.get(url)
    assert "雷芳" in shown.content.decode()
    data = {"member": author.pk, "title": "网格里的党员", "author_name": "柳青"}
    refused = client.post(url, data | {"file": photo()})
    assert refused.status_code == 422
    assert "网格里的党员" in refused.content.decode()
    data["author_name"] = ""
    saved = client.post(url, data | {"file": photo()}, follow=True).content.decode()
    paper = Paper.objects.get()
    file = reverse("organizations:file", args=[paper.file_id])
    assert file in saved
    assert client.get(file).headers["Content-Type"] == "image/png"
    study = reverse("activities:member-study", args=[author.pk])
    assert file in client.get(study).content.decode()
    withdraw = reverse("activities:paper-withdraw", args=[paper.pk])
    assert withdraw in saved
    after = client.post(withdraw, {"reason": "传错了"}, follow=True).content.decode()
    assert "传错了" in after
    assert file not in after
    assert file not in client.get(study).content.decode()


def test_other_kinds_of_activity_offer_no_papers(client_for, branch_secretary, seminar):
    Activity.objects.update(kind="labour")
    client = client_for(branch_secretary)
    url = reverse("activities:paper-add", args=[seminar.pk])
    assert url not in client.get(seminar.get_absolute_url()).content.decode()
    assert client.get(url).status_code == 302


def test_a_paper_for_the_streets_seminar_shows_at_its_author_without_the_page(
    client_for, add, street, seminar, author, branch_secretary, committee_staff
):
    Activity.objects.update(organization=street)
    paper = add(actor=committee_staff)
    client = client_for(branch_secretary)
    study = client.get(reverse("activities:member-study", args=[author.pk]))
    text = study.content.decode()
    assert paper.title in text
    assert seminar.get_absolute_url() not in text
    url = reverse("activities:paper-withdraw", args=[paper.pk])
    assert client.get(url).status_code == 404


def test_who_is_out_of_scope_is_not_named(
    client_for, add, branch_b1, branch_secretary, committee_staff, seminar
):
    add(
        member_id=MemberFactory(branch=branch_b1, name="苗远").pk, actor=committee_staff
    )
    text = client_for(branch_secretary).get(seminar.get_absolute_url()).content.decode()
    assert "网格里的党员" in text
    assert "苗远" not in text
    assert "不在您的工作范围内" in text
