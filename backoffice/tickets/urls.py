"""Pages."""

from typing import Any

app_name = "tickets"
urlpatterns: list[Any] = []
