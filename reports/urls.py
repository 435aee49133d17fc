"""The first page, and everything under /reports/."""

from django.urls import include, path

from reports.views import home, workbooks

# /reports/
report_urls = [
    path("todo/<str:key>/", home.alert, name="alert"),
    path("definitions/", home.definitions, name="definitions"),
    path("monthly/", workbooks.monthly, name="monthly"),
    path("monthly/<str:label>/close/", workbooks.close_month, name="close-month"),
    path("closings/<int:pk>/", workbooks.closing_detail, name="closing"),
    path("exports/", workbooks.exports, name="exports"),
    path("exports/dues/", workbooks.dues_export, name="dues-export"),
    path("exports/leads/", workbooks.leads_export, name="leads-export"),
    path("exports/roster/", workbooks.roster_export, name="roster-export"),
]

urlpatterns = [
    # Named without a namespace: the shell and the login lead there.
    path("", home.home, name="home"),
    path("reports/", include((report_urls, "reports"))),
]
