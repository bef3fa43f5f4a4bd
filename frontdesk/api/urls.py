"""The desk's endpoints."""

from django.urls import path

from frontdesk.api.complaints import Complaints
from frontdesk.api.customers import Customers, OneCustomer
from frontdesk.api.money import PaymentReceipt, RefundReceipt
from frontdesk.api.orders import CancelOrder, HandOver, OneOrder, Orders, Payments

urlpatterns = [
    path("customers/", Customers.as_view(), name="customers"),
    path("customers/<slug:number>/", OneCustomer.as_view(), name="customer"),
    path("orders/", Orders.as_view(), name="orders"),
    path("orders/<slug:number>/", OneOrder.as_view(), name="order"),
    path("orders/<slug:number>/cancel/", CancelOrder.as_view(), name="order-cancel"),
    path("orders/<slug:number>/payments/", Payments.as_view(), name="order-payments"),
    path("orders/<slug:number>/hand-over/", HandOver.as_view(), name="order-hand-over"),
    path("payments/<slug:number>/receipt/", PaymentReceipt.as_view(), name="payment-receipt"),
    path("refunds/<slug:number>/receipt/", RefundReceipt.as_view(), name="refund-receipt"),
    path("complaints/", Complaints.as_view(), name="complaints"),
]
