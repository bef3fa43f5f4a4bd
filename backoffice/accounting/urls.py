"""Accounting's pages."""

from django.urls import path

from backoffice.accounting import views

app_name = "accounting"
urlpatterns = [
    path("invoices/", views.invoices, name="invoices"),
    path("invoices/<str:number>/", views.invoice, name="invoice"),
    path("journal/", views.journal, name="journal"),
    path("accounts/", views.accounts, name="accounts"),
]
