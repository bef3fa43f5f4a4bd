"""The complaint routes of a new office."""

from __future__ import annotations

from frontdesk.complaints.models import ComplaintCategory, ComplaintRoute
from officeflow.handoff.models import Destination

ROUTES = {
    ComplaintCategory.GOODS: Destination.FULFILMENT,
    ComplaintCategory.BILLING: Destination.ACCOUNTING,
    ComplaintCategory.CONDUCT: Destination.HR,
    ComplaintCategory.SERVICE: Destination.MANAGEMENT,
    ComplaintCategory.OTHER: Destination.MANAGEMENT,
}


def ensure_routes() -> None:
    """Creates the missing routes; existing rows are not changed."""
    ComplaintRoute.objects.bulk_create(
        [
            ComplaintRoute(category=category, destination=destination)
            for category, destination in ROUTES.items()
        ],
        ignore_conflicts=True,
    )
