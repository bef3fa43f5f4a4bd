"""Pages."""

from typing import Any

app_name = "hr"
urlpatterns: list[Any] = []
