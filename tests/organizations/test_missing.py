"""What is gone by the time a service asks for it is answered like what never was."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as portal
from members.models import Member
from organizations.models import Organization

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@login_not_required
def gone(request: HttpRequest) -> HttpResponse:
    Member.objects.none().get(pk=1)
    return HttpResponse()


@login_not_required
def faulty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Organization().community)


urlpatterns = [path("gone/", gone), path("faulty/", faulty), *portal]


def test_what_has_just_gone_is_missing(client):
    answer = client.get("/gone/")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()


def test_a_fault_of_the_code_stays_one(client):
    with pytest.raises(AttributeError):
        client.get("/faulty/")
