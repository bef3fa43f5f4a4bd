"""The addresses of accounting's pages."""

from django.urls import path

from backoffice.accounting import views

app_name = "accounting"
urlpatterns = [
    path("invoices/", views.invoices, name="invoices"),
    path("invoices/<str:number>/", views.invoice, name="invoice"),
    path("invoices/<str:number>/pdf/", views.invoice_pdf, name="invoice-pdf"),
    path("journal/", views.journal, name="journal"),
    path("journal/<str:number>/", views.entry, name="entry"),
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/<str:code>/", views.account, name="account"),
    path("tax/", views.tax, name="tax"),
]
