"""The addresses of orders."""

from django.urls import path

from frontdesk.orders.views import changes, new, orders

urlpatterns = [
    path("orders/", orders.order_list, name="orders"),
    path("orders/new/", new.order_new, name="order-new"),
    path("orders/totals/", new.order_totals, name="order-totals"),
    path("orders/<slug:number>/", orders.order_page, name="order"),
    path("orders/<slug:number>/now/", orders.order_live, name="order-live"),
    path("orders/<slug:number>/pay/", changes.order_pay, name="order-pay"),
    path("orders/<slug:number>/change/", changes.order_change, name="order-change"),
    path("orders/<slug:number>/hand-over/", changes.order_hand_over, name="order-hand-over"),
    path("orders/<slug:number>/cancel/", changes.order_cancel, name="order-cancel"),
    path("refunds/<slug:number>/pay/", changes.refund_pay, name="refund-pay"),
]
