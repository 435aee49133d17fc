"""Addresses of members who live or work away."""

from django.urls import path

from members.views import mobile, mobile_register, mobile_stays

urlpatterns = [
    path("mobile/", mobile.mobile_list, name="mobile-list"),
    path("mobile/register/", mobile_register.mobile_register, name="mobile-register"),
    path("mobile/choose/", mobile.mobile_choose, name="mobile-choose"),
    path("mobile/in/", mobile.mobile_in, name="mobile-in"),
    # /members/mobile/<id>/
    path("mobile/<int:pk>/", mobile_stays.mobile_detail, name="mobile"),
    path("mobile/<int:pk>/amend/", mobile_stays.mobile_amend, name="mobile-amend"),
    path("mobile/<int:pk>/<slug:step>/", mobile_stays.mobile_step, name="mobile-step"),
    # /members/affiliations/<id>/
    path("affiliations/<int:pk>/mobile/", mobile.mobile_out, name="mobile-out"),
    # /members/<id>/
    path("<int:pk>/mobile/", mobile.mobile_member, name="mobile-member"),
]
