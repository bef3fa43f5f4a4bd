"""The front desk's pages."""

from django.urls import path

from frontdesk.views import (
    complaint_acts,
    complaint_new,
    complaints,
    counter,
    customers,
    lookups,
    order_acts,
    order_new,
    orders,
    routes,
)

app_name = "frontdesk"
urlpatterns = [
    path("", counter.counter, name="counter"),
    path("now/", counter.counter_live, name="counter-live"),
    path("search/", counter.search_page, name="search"),
    path("orders/", orders.order_list, name="orders"),
    path("orders/new/", order_new.order_new, name="order-new"),
    path("orders/totals/", order_new.order_totals, name="order-totals"),
    path("orders/lookup/", lookups.lookup_orders, name="lookup-orders"),
    path("orders/<slug:number>/", orders.order_page, name="order"),
    path("orders/<slug:number>/now/", orders.order_live, name="order-live"),
    path("orders/<slug:number>/pay/", order_acts.order_pay, name="order-pay"),
    path("orders/<slug:number>/change/", order_acts.order_change, name="order-change"),
    path("orders/<slug:number>/hand-over/", order_acts.order_hand_over, name="order-hand-over"),
    path("orders/<slug:number>/cancel/", order_acts.order_cancel, name="order-cancel"),
    path("refunds/<slug:number>/pay/", order_acts.refund_pay, name="refund-pay"),
    path("complaints/", complaints.complaint_list, name="complaints"),
    path("complaints/new/", complaint_new.complaint_new, name="complaint-new"),
    path("complaints/about/", complaint_new.complaint_about, name="complaint-about"),
    path("complaints/routes/", routes.complaint_routes, name="complaint-routes"),
    path("complaints/<slug:number>/", complaints.complaint_page, name="complaint"),
    path("complaints/<slug:number>/now/", complaints.complaint_live, name="complaint-live"),
    path(
        "complaints/<slug:number>/confirm/",
        complaint_acts.complaint_confirm,
        name="complaint-confirm",
    ),
    path(
        "complaints/<slug:number>/reopen/", complaint_acts.complaint_reopen, name="complaint-reopen"
    ),
    path("questions/<slug:number>/", complaint_acts.question_answer, name="question-answer"),
    path("customers/", customers.customer_list, name="customers"),
    path("customers/new/", customers.customer_new, name="customer-new"),
    path("customers/lookup/", lookups.lookup_customers, name="lookup-customers"),
    path("customers/<slug:number>/", customers.customer_page, name="customer"),
    path("customers/<slug:number>/edit/", customers.customer_edit, name="customer-edit"),
    path("products/lookup/", lookups.lookup_products, name="lookup-products"),
]
