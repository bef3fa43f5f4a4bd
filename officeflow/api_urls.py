"""The API's addresses: `/api/v1/`, its description and its page."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from backoffice.accounting.api import InvoiceViewSet
from backoffice.tickets.api import CommentViewSet, TicketViewSet
from frontdesk.complaints.api import ComplaintViewSet
from frontdesk.customers.api import CustomerViewSet
from frontdesk.orders.api import OrderViewSet
from frontdesk.payments.api import OrderPaymentViewSet, PaymentViewSet, RefundViewSet
from officeflow.administration.api import Search
from officeflow.api import field_errors
from officeflow.attachments.api import AttachmentViewSet, RecordAttachmentViewSet
from officeflow.catalogue.api import ProductViewSet
from officeflow.dashboards.api import HandoffViewSet
from officeflow.staff.api import TokenSignIn, TokenSignOut

field_errors.set_messages()
router = SimpleRouter(use_regex_path=False)
router.register("products", ProductViewSet, "product")
router.register("customers", CustomerViewSet, "customer")
router.register("orders", OrderViewSet, "order")
router.register("orders/<slug:number>/payments", OrderPaymentViewSet, "order-payment")
router.register("payments", PaymentViewSet, "payment")
router.register("refunds", RefundViewSet, "refund")
router.register("complaints", ComplaintViewSet, "complaint")
router.register("tickets", TicketViewSet, "ticket")
router.register("tickets/<slug:number>/comments", CommentViewSet, "ticket-comment")
router.register("invoices", InvoiceViewSet, "invoice")
router.register(
    "attachments/of/<slug:kind>/<slug:holder>", RecordAttachmentViewSet, "record-attachment"
)
router.register("attachments", AttachmentViewSet, "attachment")
router.register("handoffs", HandoffViewSet, "handoff")

v1: list[Any] = [
    path("auth/login/", TokenSignIn.as_view(), name="sign-in"),
    path("auth/logout/", TokenSignOut.as_view(), name="sign-out"),
    path("search/", Search.as_view(), name="search"),
    *router.urls,
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
