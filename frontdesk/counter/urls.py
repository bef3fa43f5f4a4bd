"""The addresses of the counter and of what its boxes look up."""

from django.urls import path

from frontdesk.counter import lookups
from frontdesk.counter import views as counter

urlpatterns = [
    path("", counter.counter, name="counter"),
    path("now/", counter.counter_live, name="counter-live"),
    path("search/", counter.search_page, name="search"),
    path("orders/lookup/", lookups.lookup_orders, name="lookup-orders"),
    path("customers/lookup/", lookups.lookup_customers, name="lookup-customers"),
    path("products/lookup/", lookups.lookup_products, name="lookup-products"),
]
