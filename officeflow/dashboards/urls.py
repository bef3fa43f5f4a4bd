"""Addresses of the dashboards."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from officeflow.dashboards import views


class KeyConverter(IntConverter):
    """A number that fits a primary key; a longer one is not found."""

    regex = "[0-9]{1,18}"


register_converter(KeyConverter, "key")

app_name = "dashboards"
urlpatterns = [
    path("", views.start, name="start"),
    path("handoffs/", views.handoffs, name="handoffs"),
    path("handoffs/live/", views.handoffs_live, name="handoffs-live"),
    path("handoffs/figures/", views.figures_live, name="figures-live"),
    path("handoffs/all/", views.handoff_list, name="handoff-list"),
    path("handoffs/consistency/", views.consistency, name="consistency"),
    path("handoffs/dead/", views.dead, name="dead"),
    path("handoffs/dead/replay/", views.dead_replay, name="dead-replay"),
    path("handoffs/<key:pk>/", views.handoff, name="handoff"),
    path("handoffs/<key:pk>/replay/", views.handoff_replay, name="handoff-replay"),
    path("handoffs/<key:pk>/discard/", views.handoff_discard, name="handoff-discard"),
    path("tickets/", views.tickets, name="tickets"),
    path("trade/", views.trade, name="trade"),
    path("trade/orders/", views.orders, name="orders"),
    path("trade/payments/", views.payments, name="payments"),
    path("trade/refunds/", views.refunds, name="refunds"),
    path("trade/credit-notes/", views.credit_notes, name="credit-notes"),
    path("trade/owed/", views.owed, name="owed"),
]
