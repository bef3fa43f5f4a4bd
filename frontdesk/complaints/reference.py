"""Which department answers which complaint in a new office."""

from __future__ import annotations

from frontdesk.complaints.models import Category, ComplaintRoute
from officeflow.handoff.models import Destination

ROUTES = {
    Category.GOODS: Destination.FULFILMENT,
    Category.BILLING: Destination.ACCOUNTING,
    Category.CONDUCT: Destination.HR,
    Category.SERVICE: Destination.MANAGEMENT,
    Category.OTHER: Destination.MANAGEMENT,
}


def ensure_routes() -> None:
    """Makes the routes that are missing; leaves changed ones as they are."""
    ComplaintRoute.objects.bulk_create(
        [
            ComplaintRoute(category=category, destination=destination)
            for category, destination in ROUTES.items()
        ],
        ignore_conflicts=True,
    )
