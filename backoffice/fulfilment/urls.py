"""Pages."""

from typing import Any

app_name = "fulfilment"
urlpatterns: list[Any] = []
