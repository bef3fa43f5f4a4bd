"""Fulfilment has no pages of its own: it works in the ticket queue."""

from typing import Any

app_name = "fulfilment"
urlpatterns: list[Any] = []
