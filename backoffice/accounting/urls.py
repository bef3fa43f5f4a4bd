"""Pages."""

from typing import Any

app_name = "accounting"
urlpatterns: list[Any] = []
