"""Addresses of funds."""

from django.urls import path

from organizations.views import fund_payments, fund_projects, funds

# /organizations/funds/
_year = "funds/<int:organization_pk>/<int:year>/"
_line = "funds/lines/<int:pk>/"
_project = "funds/projects/<int:pk>/"
_payment = "funds/payments/<int:pk>/"
urlpatterns = [
    path("funds/", funds.fund_list, name="fund-list"),
    path(_year, funds.fund_year, name="fund-year"),
    path(f"{_year}close/", funds.fund_year_close, name="fund-year-close"),
    path("funds/lines/add/", funds.fund_line_add, name="fund-line-add"),
    path(_line, funds.fund_line, name="fund-line"),
    path(f"{_line}edit/", funds.fund_line_edit, name="fund-line-edit"),
    path(f"{_line}receipts/add/", funds.fund_receipt_add, name="fund-receipt-add"),
    path(f"{_line}pay/", fund_payments.fund_line_pay, name="fund-line-pay"),
    path(
        f"{_line}projects/add/", fund_projects.fund_project_add, name="fund-project-add"
    ),
    path(
        "funds/receipts/<int:pk>/withdraw/",
        funds.fund_receipt_withdraw,
        name="fund-receipt-withdraw",
    ),
    path("funds/projects/", fund_projects.fund_project_list, name="fund-project-list"),
    path("funds/published/", fund_projects.fund_published, name="fund-published"),
    path(_project, fund_projects.fund_project, name="fund-project"),
    path(f"{_project}edit/", fund_projects.fund_project_edit, name="fund-project-edit"),
    path(f"{_project}step/", fund_projects.fund_project_step, name="fund-project-step"),
    path(f"{_project}back/", fund_projects.fund_project_back, name="fund-project-back"),
    path(f"{_project}stop/", fund_projects.fund_project_stop, name="fund-project-stop"),
    path(f"{_project}pay/", fund_payments.fund_project_pay, name="fund-project-pay"),
    path("funds/payments/", fund_payments.fund_payment_list, name="fund-payment-list"),
    path(_payment, fund_payments.fund_payment, name="fund-payment"),
    path(
        f"{_payment}confirm/",
        fund_payments.fund_payment_confirm,
        name="fund-payment-confirm",
    ),
    path(
        f"{_payment}withdraw/",
        fund_payments.fund_payment_withdraw,
        name="fund-payment-withdraw",
    ),
]
