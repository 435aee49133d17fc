"""The matrix itself is tried: a hole made on purpose must be found."""

import io
import zipfile
from contextlib import contextmanager

import pytest
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import FileResponse, HttpResponse, JsonResponse
from django.urls import URLPattern, get_resolver

from members.models import Member
from members.querysets import MemberQuerySet
from members.views import members as member_views
from tests.access.canaries import MEMBER, Canaries, parts_of
from tests.access.cases import address, try_entry
from tests.access.cast import ACTORS, BRANCHES, OWNERS
from tests.access.files import workbook
from tests.access.matrix import ENTRIES

pytestmark = pytest.mark.django_db

BY_NAME = {entry.name: entry for entry in ENTRIES}
SECRETARY = ACTORS["branch_secretary"]


def test_the_matrix_notices_an_unscoped_view(visitor, monkeypatch):
    monkeypatch.setattr(MemberQuerySet, "visible_to", lambda self, user, **more: self)

    faults = try_entry(visitor, BY_NAME["members:history"])

    assert any(
        fault.startswith("branch_secretary GET b1: 200, expected absent")
        for fault in faults
    )
    assert any(
        "branch_secretary GET b1: LEAK body: 雀乙壹" in fault for fault in faults
    )


def test_the_matrix_notices_a_list_that_is_not_scoped(visitor, monkeypatch):
    monkeypatch.setattr(MemberQuerySet, "visible_to", lambda self, user, **more: self)

    faults = try_entry(visitor, BY_NAME["members:list"])

    assert any("branch_secretary" in fault and "LEAK" in fault for fault in faults)


def test_the_matrix_notices_a_refusal_that_tells_of_an_object(visitor):
    """The 404 of a foreign row must be the 404 of a missing one."""
    edit = member_views.member_edit

    def telling(request, pk):
        is_seen = Member.objects.visible_to(request.user).filter(pk=pk).exists()
        if not is_seen and Member._base_manager.filter(pk=pk).exists():
            return HttpResponse("您不能查看这位党员。", status=404)
        return edit(request, pk)

    with replaced("members:edit", telling):
        faults = try_entry(visitor, BY_NAME["members:edit"])

    assert any("absent places differ" in fault for fault in faults)


def test_the_matrix_notices_a_write_on_get(visitor, monkeypatch):
    def touching(member, page, actor):
        Member._base_manager.filter(pk=member.pk).update(note="看过")

    monkeypatch.setattr(member_views, "record_view", touching)

    faults = try_entry(visitor, BY_NAME["members:detail"])

    assert "branch_secretary GET a1: wrote ['members_member']" in faults


def test_the_matrix_notices_a_weakened_header(visitor):
    def bare(request):
        return HttpResponse("", headers={"Referrer-Policy": "unsafe-url"})

    with replaced("members:list", bare):
        faults = try_entry(visitor, BY_NAME["members:list"])

    assert any("header Referrer-Policy" in fault for fault in faults)


def _patterns(resolver):
    """The addresses below, also those that lists of their own hold."""
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            yield each
        else:
            yield from _patterns(each)


@contextmanager
def replaced(name, view):
    """Put another view behind a URL name for the time of a block."""
    space, _, rest = name.partition(":")
    resolver = get_resolver().namespace_dict[space][1]
    pattern = next(each for each in _patterns(resolver) if each.name == rest)
    before, pattern.callback = pattern.callback, view
    try:
        yield
    finally:
        pattern.callback = before


# The scanner ----------------------------------------------------------------------


def _plant():
    canaries = Canaries()
    canaries.plant("雀乙壹", MEMBER, "b1")
    canaries.secret("13900015006")
    return canaries


def _zipped() -> bytes:
    return workbook([["甲", "雀乙壹"]])


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse("姓名：雀乙壹"),
        HttpResponse("&#38592;&#20057;&#22777;"),
        JsonResponse({"name": "雀乙壹"}),
        HttpResponse("?q=%E9%9B%80%E4%B9%99%E5%A3%B9"),
        HttpResponse("tel:13900015006"),
        HttpResponse(_zipped()),
        HttpResponse(headers={"X-Name": "雀乙壹"}),
        FileResponse(
            io.BytesIO(b"1"), as_attachment=True, filename="雀乙壹花名册.xlsx"
        ),
    ],
    ids=["text", "html", "json", "url", "secret", "workbook", "header", "filename"],
)
def test_the_scanner_finds_a_foreign_word(response):
    body = b"" if response.streaming else response.content
    assert _plant().leaks(SECRETARY, response, body)


def test_the_scanner_lets_the_own_place_read_its_word():
    response = HttpResponse("姓名：雀乙壹")

    assert _plant().leaks(ACTORS["secretary_b"], response, response.content) == []


def test_the_scanner_reads_a_workbook_inside_a_workbook():
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("甲.xlsx", _zipped())
    response = HttpResponse(output.getvalue())

    assert any("!甲.xlsx!" in name for name, _ in parts_of(response, response.content))
    assert _plant().leaks(SECRETARY, response, response.content)


def test_the_scanner_reads_the_messages_in_a_cookie(visitor):
    """A message waits in a signed, packed cookie: unpacked it holds the word."""
    response = visitor.client.get("/account/login/")

    storage = CookieStorage(response.wsgi_request)
    for text in ("已保存雀乙壹。", "已保存雀乙壹。" * 20):
        response.cookies[storage.cookie_name] = storage._encode([Message(20, text)])
        assert _plant().leaks(SECRETARY, response, b"")


# The world --------------------------------------------------------------------------

OWN_PAGES = [
    ("members:detail", "member"),
    ("members:history", "member"),
    ("members:hardship", "hardship-recognized"),
    ("activities:review-result", "review-result"),
    ("activities:review-letters", "review-approved"),
    ("members:roster-preview", "roster-checked"),
    ("members:roster-file", "roster-imported"),
    ("activities:detail", "activity"),
    ("activities:attendance-sheet", "activity"),
    ("liaison:card-detail", "card"),
    ("liaison:card-print", "card"),
    ("liaison:remarks", "branch"),
    ("organizations:file", "photo-file"),
    ("organizations:job-detail", "job"),
    ("organizations:job-download", "job"),
    ("reports:closing", "closing"),
]


@pytest.mark.parametrize(("name", "kind"), OWN_PAGES)
def test_the_own_page_does_show_the_planted_words(visitor, name, kind):
    """Else the scan of everybody else's pages would prove nothing."""
    for place in ("a1", "b1"):
        planted = visitor.world.find(kind, place)
        url = address(visitor, BY_NAME[name], planted)
        answer = visitor.send(ACTORS[OWNERS[place]], "GET", url)
        seen = visitor.world.canaries.seen(answer.response, answer.body)
        planted = visitor.world.canaries.planted
        own = {w for w in seen & set(planted) if place in planted[w].places}
        assert answer.status == 200
        assert own, seen


def test_every_branch_has_its_objects(world):
    short = {
        kind: sorted(set(BRANCHES) - set(places))
        for kind, places in world.planted.items()
        if set(BRANCHES) - set(places)
    }
    # One plan binds a whole community; one address of each kind and one feed open
    # without a login.
    assert short == {
        "former": ["x1"],
        "packet": ["a2"],
        "plan": ["a2"],
        "link": ["a2", "b1", "x1"],
        "card-link": ["a2", "b1", "x1"],
        "meeting-link": ["a2", "b1", "x1"],
        "feed": ["a2", "b1", "x1"],
    }
