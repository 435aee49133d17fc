import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.views.generic import TemplateView
from django_htmx.middleware import HtmxMiddleware

from config.lib import views
from config.lib.htmx import FragmentMixin, wants_fragment

pytestmark = pytest.mark.urls("tests.ui_shell.urls")
BIG_TYPE = "/preferences/big-type/"


def test_big_type_is_remembered_and_forgotten(client):
    client.post(BIG_TYPE)
    assert client.cookies["big_type"].value == "1"
    client.post(BIG_TYPE)
    assert client.cookies["big_type"].value == ""


def test_big_type_goes_back_to_the_page(client):
    response = client.post(BIG_TYPE, {"next": "/calendar/?q=1"})
    assert response["Location"] == "/calendar/?q=1"


@pytest.mark.parametrize(
    "target", ["https://example.org/", "//example.org", "javascript:alert(1)", "\\\\x"]
)
def test_big_type_never_leaves_the_host(client, target):
    assert client.post(BIG_TYPE, {"next": target})["Location"] == "/"


def test_big_type_is_not_switched_by_a_link(client):
    answer = client.get(BIG_TYPE)
    assert answer.status_code == 405
    assert "这个地址不能直接打开" in answer.content.decode()
    assert "POST" in answer.headers["Allow"]


def test_admin_login_leads_to_the_portals_login(client):
    response = client.get("/admin/login/?next=/admin/members/")
    assert response["Location"] == "/login/?next=%2Fadmin%2Fmembers%2F"


def test_csrf_failure_is_told_in_chinese(rf):
    response = views.csrf_failure(rf.post("/"), reason="CSRF cookie not set.")
    assert response.status_code == 403
    assert "页面已失效" in response.content.decode()
    assert "CSRF cookie not set" not in response.content.decode()


def _with_htmx(**headers):
    request = RequestFactory().get("/", headers={"HX-Request": "true", **headers})
    HtmxMiddleware(lambda request: HttpResponse())(request)
    return request


def test_htmx_request_wants_the_fragment():
    assert wants_fragment(_with_htmx())


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_boosted_and_restored_pages_are_whole(header):
    assert not wants_fragment(_with_htmx(**{header: "true"}))


class _Page(FragmentMixin, TemplateView):
    template_name = "404.html"
    fragment_name = "_empty.html"


def test_fragment_mixin_picks_the_fragment_and_varies_the_cache():
    response = _Page.as_view()(_with_htmx())
    assert response.template_name == ["_empty.html"]
    assert "HX-Request" in response["Vary"]
