"""Pages."""

from typing import Any

app_name = "frontdesk"
urlpatterns: list[Any] = []
