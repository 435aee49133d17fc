"""Behind nginx the address of the user counts; what a client claims does not."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from config.proxy import ClientAddressMiddleware


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("127.0.0.1", "10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "6.6.6.6, 10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "10.1.2.3, 172.16.0.9", "10.1.2.3"),
        ("", "10.1.2.3", "10.1.2.3"),
        ("10.1.2.3", "6.6.6.6", "10.1.2.3"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "<script>", "127.0.0.1"),
    ],
)
def test_the_first_hop_that_is_not_ours_is_the_user(
    settings, peer, forwarded, expected
):
    settings.TRUSTED_PROXIES = ["127.0.0.1", "172.16.0.0/12"]
    seen = []

    def view(request):
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    request = RequestFactory().get(
        "/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded
    )
    ClientAddressMiddleware(view)(request)
    assert seen == [expected]
