"""The setting that says which department answers which complaint."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from frontdesk.complaints.models import Category, ComplaintRoute
from officeflow.audit.actions import record
from officeflow.errors import Refused, StaleRecord
from officeflow.handoff.models import Destination
from officeflow.staff.models import User

# Where a complaint can go. Conduct goes to HR and nothing else does.
ANSWERING = (
    Destination.FULFILMENT,
    Destination.ACCOUNTING,
    Destination.MANAGEMENT,
)


@transaction.atomic
def change_route(
    *,
    actor: User,
    category: Category,
    destination: Destination,
    before: str | None = None,
) -> ComplaintRoute:
    """Sends a category's future complaints to another department.

    `before` is the department that the form showed, if there was a form. Raises `Refused`, and
    `StaleRecord` when somebody was faster.
    """
    if category == Category.CONDUCT:
        raise Refused(_("Complaints about conduct always go to HR."), "destination")
    if destination not in ANSWERING:
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
