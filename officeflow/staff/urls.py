"""Pages."""

from typing import Any

app_name = "staff"
urlpatterns: list[Any] = []
