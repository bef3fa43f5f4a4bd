"""The reference rows of the front desk: complaint routes and payment methods."""

from __future__ import annotations

from typing import Any

from frontdesk.complaints.reference import ensure_routes
from frontdesk.payments.reference import ensure_methods


def ensure(**kwargs: Any) -> None:
    """Makes the routes and methods that are missing; leaves changed ones as they are."""
    ensure_routes()
    ensure_methods()
