"""The addresses of orders."""

from django.urls import path

from frontdesk.orders.views import changes, lookups, new, orders

urlpatterns = [
    path("orders/", orders.order_list, name="orders"),
    path("orders/new/", new.order_new, name="order-new"),
    path("orders/totals/", new.order_totals, name="order-totals"),
    path("orders/lookup/", lookups.lookup_orders, name="lookup-orders"),
    path("products/lookup/", lookups.lookup_products, name="lookup-products"),
    path("orders/<slug:number>/", orders.order_page, name="order"),
    path("orders/<slug:number>/now/", orders.order_live, name="order-live"),
    path("orders/<slug:number>/hand-over/", changes.order_hand_over, name="order-hand-over"),
    path(
        "orders/<slug:number>/hand-over/undo/",
        changes.order_undo_hand_over,
        name="order-undo-hand-over",
    ),
    path("orders/<slug:number>/not-ready/", changes.order_not_ready, name="order-not-ready"),
    path("orders/<slug:number>/rush/", changes.order_rush, name="order-rush"),
    path("orders/<slug:number>/cancel/", changes.order_cancel, name="order-cancel"),
]
