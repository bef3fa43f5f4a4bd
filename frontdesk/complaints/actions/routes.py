"""Changing the complaint routes."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from frontdesk.complaints.models import ComplaintCategory, ComplaintRoute
from officeflow.audit.actions import record
from officeflow.errors import Refused, StaleRecord
from officeflow.handoff.models import Destination
from officeflow.staff.models import User

# Complaints about conduct always go to HR, and no others do.
ANSWERING_DEPARTMENTS = (
    Destination.FULFILMENT,
    Destination.ACCOUNTING,
    Destination.MANAGEMENT,
)


@transaction.atomic
def change_route(
    *,
    actor: User,
    category: ComplaintCategory,
    destination: Destination,
    before: str | None = None,
) -> ComplaintRoute:
    """Changes the department that answers future complaints of a category.

    `before` is the department that the form showed, if there was a form. Raises `Refused`, and
    `StaleRecord` when a colleague has chosen another department meanwhile.
    """
    if category == ComplaintCategory.CONDUCT:
        raise Refused(_("Complaints about conduct always go to HR."), "destination")
    if destination not in ANSWERING_DEPARTMENTS:
        raise Refused(
            _("This department does not answer complaints. Choose another one."), "destination"
        )
    route = ComplaintRoute.objects.select_for_update().get(category=category)
    if before is not None and route.destination not in (before, destination):
        raise StaleRecord(
            route,
            _("A colleague has chosen %(department)s. Save again to use your choice.")
            % {"department": route.get_destination_display()},
        )
    old, route.destination = route.destination, destination
    route.save()
    record(
        actor=actor,
        action="change_route",
        subject_kind="complaint_route",
        subject=category,
        changes={"destination": (old, destination)},
    )
    return route
