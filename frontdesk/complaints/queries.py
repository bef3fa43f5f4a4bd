"""Complaints for lists and for a complaint's page, and the complaint routes."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from frontdesk.complaints.models import Complaint, ComplaintRoute
from frontdesk.complaints.states import ComplaintState
from officeflow.parts import load_parts

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
    """Returns all complaints, newest first."""
    return Complaint.objects.select_related(
        "customer", "order", "order_line", "product", "logged_by"
    ).order_by(*ORDER)


def complaints_numbered_elsewhere(text: str) -> QuerySet[Complaint]:
    """Returns imported complaints whose number in the other program is `text`, in either case."""
    return complaints().filter(~Q(source=""), source_reference__iexact=text.strip())


def complaints_in(tab: str) -> QuerySet[Complaint]:
    """Returns the complaints of a tab. Raises `KeyError` for an unknown tab."""
    return complaints().filter(COMPLAINT_TABS[tab][1])


def with_parts(complaint: Complaint) -> Complaint:
    """Returns the complaint after loading its questions and holds."""
    load_parts(complaint, {"questions": (), "holds": ()})
    return complaint


def routes() -> QuerySet[ComplaintRoute]:
    """Returns the route of each category."""
    return ComplaintRoute.objects.order_by("category")
