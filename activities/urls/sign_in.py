"""Below /activities/: signing in by the code on a screen."""

from django.urls import path

from activities.views import sign_in

urlpatterns = [
    path("sign-in/open/<int:pk>/", sign_in.session_open, name="sign-in-open"),
    path("sign-in/sessions/<int:pk>/", sign_in.session_show, name="sign-in-session"),
    path("sign-in/<slug:slug>/<slug:code>/", sign_in.visitor_sign_in, name="sign-in"),
]
