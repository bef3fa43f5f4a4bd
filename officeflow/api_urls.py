"""The API's doors."""

from typing import Any

urlpatterns: list[Any] = []
