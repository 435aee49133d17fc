"""Addresses of contacts with members."""

from django.urls import path

from members.views import contacts

urlpatterns = [
    path("call/", contacts.call_list, name="call"),
    # /members/<id>/
    path("<int:pk>/contacts/", contacts.contact_list, name="contacts"),
    path("<int:pk>/dial/", contacts.dial, name="dial"),
    path("<int:pk>/called/", contacts.called, name="called"),
    # /members/contacts/<id>/
    path(
        "contacts/<int:pk>/withdraw/",
        contacts.contact_withdraw,
        name="contact-withdraw",
    ),
]
