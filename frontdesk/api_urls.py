"""The desk's endpoints."""

from django.urls import path

from frontdesk.complaints.api import Complaints
from frontdesk.customers.api import Customers, OneCustomer
from frontdesk.orders.api import CancelOrder, HandOver, OneOrder, Orders, Payments
from frontdesk.payments.api import PaymentReceiptPdf, RefundReceiptPdf

urlpatterns = [
    path("customers/", Customers.as_view(), name="customers"),
    path("customers/<slug:number>/", OneCustomer.as_view(), name="customer"),
    path("orders/", Orders.as_view(), name="orders"),
    path("orders/<slug:number>/", OneOrder.as_view(), name="order"),
    path("orders/<slug:number>/cancel/", CancelOrder.as_view(), name="order-cancel"),
    path("orders/<slug:number>/payments/", Payments.as_view(), name="order-payments"),
    path("orders/<slug:number>/hand-over/", HandOver.as_view(), name="order-hand-over"),
    path("payments/<slug:number>/receipt/", PaymentReceiptPdf.as_view(), name="payment-receipt"),
    path("refunds/<slug:number>/receipt/", RefundReceiptPdf.as_view(), name="refund-receipt"),
    path("complaints/", Complaints.as_view(), name="complaints"),
]
