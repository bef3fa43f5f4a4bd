"""Reading complaints for lists and for one complaint's page."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from frontdesk.complaints.models import Complaint, ComplaintRoute
from frontdesk.complaints.states import ComplaintState

ORDER = ("-logged_at", "-id")


COMPLAINT_TABS = {
    "all": (_("All"), Q()),
    "open": (
        _("Open"),
        Q(state__in=(ComplaintState.LOGGED, ComplaintState.IN_HAND, ComplaintState.REOPENED)),
    ),
    "resolved": (_("Answer ready"), Q(state=ComplaintState.RESOLVED)),
    "confirmed": (_("Confirmed"), Q(state=ComplaintState.CONFIRMED)),
}


def complaints() -> QuerySet[Complaint]:
    """Every complaint, newest first. Of a sealed one the row itself holds no more than it may."""
    return Complaint.objects.select_related(
        "customer", "order", "order_line", "product", "logged_by"
    ).order_by(*ORDER)


def complaints_in(tab: str) -> QuerySet[Complaint]:
    """The complaints that a tab shows. Raises `KeyError` for a tab that is not there."""
    return complaints().filter(COMPLAINT_TABS[tab][1])


def complaint_with_parts() -> QuerySet[Complaint]:
    """Complaints with their questions."""
    return complaints().prefetch_related("questions__answered_by", "holds")


def routes() -> QuerySet[ComplaintRoute]:
    """Which department answers which category."""
    return ComplaintRoute.objects.order_by("category")
