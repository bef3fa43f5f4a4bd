"""The addresses of the back office, by department."""

from django.urls import include, path

urlpatterns = [
    path("", include("backoffice.tickets.urls")),
    path("fulfilment/", include("backoffice.fulfilment.urls")),
    path("accounting/", include("backoffice.accounting.urls")),
    path("hr/", include("backoffice.hr.urls")),
]
