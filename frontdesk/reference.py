"""The reference rows of the front desk: complaint routes and payment methods."""

from __future__ import annotations

from typing import Any

from frontdesk.complaints.reference import ensure_routes
from frontdesk.payments.reference import ensure_methods


def ensure(**kwargs: Any) -> None:
    """Creates the missing complaint routes and payment methods; existing rows are not changed."""
    ensure_routes()
    ensure_methods()
