"""The addresses of HR's pages."""

from django.urls import path

from backoffice.hr import views

app_name = "hr"
urlpatterns = [
    path("commissions/", views.commissions, name="commissions"),
    path("commissions/rates/", views.commission_rates, name="commission-rates"),
    path("commissions/rates/new/", views.commission_rate_new, name="commission-rate-new"),
    path("my-commissions/", views.my_commissions, name="my-commissions"),
]
