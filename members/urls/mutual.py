"""Addresses of mutual aid."""

from django.urls import path

from members.views import aid_payments, donations, mutual

# /members/mutual/
_drive = "mutual/drives/<int:pk>/"
_gift = "mutual/donations/<int:pk>/"
_payment = "mutual/payments/<int:pk>/"
urlpatterns = [
    path("mutual/", mutual.mutual_list, name="mutual-list"),
    path("mutual/add/", mutual.mutual_add, name="mutual-add"),
    path("mutual/published/", mutual.mutual_published, name="mutual-published"),
    path("mutual/<int:pk>/", mutual.mutual_fund, name="mutual-fund"),
    path("mutual/<int:pk>/edit/", mutual.mutual_edit, name="mutual-edit"),
    path("mutual/<int:pk>/close/", mutual.mutual_close, name="mutual-close"),
    path("mutual/<int:pk>/drive/", mutual.mutual_drive_add, name="mutual-drive-add"),
    path(_drive, mutual.mutual_drive, name="mutual-drive"),
    path(f"{_drive}edit/", mutual.mutual_drive_edit, name="mutual-drive-edit"),
    path(f"{_drive}publish/", mutual.mutual_drive_publish, name="mutual-drive-publish"),
    path("mutual/<int:pk>/donations/", donations.donation_list, name="donation-list"),
    path("mutual/<int:pk>/donate/", donations.donation_add, name="donation-add"),
    path(_gift, donations.donation, name="donation"),
    path(f"{_gift}receipt/", donations.donation_receipt, name="donation-receipt"),
    path(
        f"{_gift}certificate/",
        donations.donation_certificate,
        name="donation-certificate",
    ),
    path(f"{_gift}withdraw/", donations.donation_withdraw, name="donation-withdraw"),
    path(
        "mutual/<int:pk>/payments/",
        aid_payments.aid_payment_list,
        name="aid-payment-list",
    ),
    path("mutual/<int:pk>/pay/", aid_payments.aid_pay, name="aid-pay"),
    path(
        "mutual/payments/", aid_payments.aid_payment_waiting, name="aid-payment-waiting"
    ),
    path(_payment, aid_payments.aid_payment, name="aid-payment"),
    path(
        f"{_payment}confirm/",
        aid_payments.aid_payment_confirm,
        name="aid-payment-confirm",
    ),
    path(
        f"{_payment}withdraw/",
        aid_payments.aid_payment_withdraw,
        name="aid-payment-withdraw",
    ),
    # /members/aids/<id>/, /members/<id>/
    path("aids/<int:pk>/pay/", aid_payments.aid_take, name="aid-take"),
    path("<int:pk>/aid-pay/", aid_payments.aid_pay_member, name="aid-pay-member"),
]
