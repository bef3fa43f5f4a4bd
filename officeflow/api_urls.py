"""The API's doors: `/api/v1/`, its description and its page."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from backoffice.accounting.api import InvoicePdf, Invoices
from backoffice.tickets.api import Complete, Return, Take, Tickets, Untake
from backoffice.tickets.transfer_api import Comments, Hold, Reassign, Resume, SetPriority, Steal
from officeflow.administration.api import Search
from officeflow.catalogue.api import Products
from officeflow.dashboards.api import Handoffs, Summary
from officeflow.staff.api import SignIn, SignOut

v1: list[Any] = [
    path("auth/login/", SignIn.as_view(), name="sign-in"),
    path("auth/logout/", SignOut.as_view(), name="sign-out"),
    path("products/", Products.as_view(), name="products"),
    path("", include("frontdesk.api_urls")),
    path("attachments/", include("officeflow.attachments.api_urls")),
    path("tickets/", Tickets.as_view(), name="tickets"),
    path("tickets/<slug:number>/take/", Take.as_view(), name="ticket-take"),
    path("tickets/<slug:number>/untake/", Untake.as_view(), name="ticket-untake"),
    path("tickets/<slug:number>/return/", Return.as_view(), name="ticket-return"),
    path("tickets/<slug:number>/complete/", Complete.as_view(), name="ticket-complete"),
    path("tickets/<slug:number>/steal/", Steal.as_view(), name="ticket-steal"),
    path("tickets/<slug:number>/reassign/", Reassign.as_view(), name="ticket-reassign"),
    path("tickets/<slug:number>/hold/", Hold.as_view(), name="ticket-hold"),
    path("tickets/<slug:number>/resume/", Resume.as_view(), name="ticket-resume"),
    path("tickets/<slug:number>/priority/", SetPriority.as_view(), name="ticket-priority"),
    path("tickets/<slug:number>/comments/", Comments.as_view(), name="ticket-comments"),
    path("invoices/", Invoices.as_view(), name="invoices"),
    path("invoices/<str:number>/pdf/", InvoicePdf.as_view(), name="invoice-pdf"),
    path("search/", Search.as_view(), name="search"),
    path("handoffs/", Handoffs.as_view(), name="handoffs"),
    path("handoffs/summary/", Summary.as_view(), name="handoffs-summary"),
]

urlpatterns = [
    path("v1/", include((v1, "api"))),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "docs/",
        login_required(SpectacularSwaggerSplitView.as_view(url_name="api-schema")),
        name="api-docs",
    ),
]
