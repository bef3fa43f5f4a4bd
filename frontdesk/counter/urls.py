"""The addresses of the counter."""

from django.urls import path

from frontdesk.counter import views as counter

urlpatterns = [
    path("", counter.counter, name="counter"),
    path("now/", counter.counter_live, name="counter-live"),
    path("search/", counter.search_page, name="search"),
]
