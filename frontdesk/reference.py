"""Reference rows of the desk: who answers which complaint, and how one can pay."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop

from frontdesk.complaints.models import Category, ComplaintRoute
from frontdesk.payments.models.methods import Method, MethodKind, PaymentMethod
from officeflow.handoff.models import Destination

ROUTES = {
    Category.GOODS: Destination.FULFILMENT,
    Category.BILLING: Destination.ACCOUNTING,
    Category.CONDUCT: Destination.HR,
    Category.SERVICE: Destination.MANAGEMENT,
    Category.OTHER: Destination.MANAGEMENT,
}

METHODS = {
    Method.CASH: (gettext_noop("Cash"), MethodKind.CASH),
    Method.CARD: (gettext_noop("Card"), MethodKind.CARD),
    Method.TRANSFER: (gettext_noop("Transfer"), MethodKind.TRANSFER),
}


def ensure(**kwargs: Any) -> None:
    """Makes the routes and methods that are missing; leaves changed ones as they are."""
    ComplaintRoute.objects.bulk_create(
        [
            ComplaintRoute(category=category, destination=destination)
            for category, destination in ROUTES.items()
        ],
        ignore_conflicts=True,
    )
    PaymentMethod.objects.bulk_create(
        [
            PaymentMethod(code=code.value, label=label, kind=kind, position=position * 10)
            for position, (code, (label, kind)) in enumerate(METHODS.items(), start=1)
        ],
        ignore_conflicts=True,
    )
