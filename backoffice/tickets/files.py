"""Files on tickets: those of the department see them, and those of what the ticket is about."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.tickets.models import Ticket
from officeflow.attachments.holders import Holder, register_eyes, register_holder
from officeflow.audit.models import Realm
from officeflow.permissions import Department, work_permission
from officeflow.staff.models import User


def _sees(user: User, number: str) -> bool:
    return Ticket.objects.visible_to(user).filter(number=number).exists()


def _works_on(user: User, number: str) -> bool:
    department = (
        Ticket.objects.visible_to(user)
        .filter(number=number)
        .values_list("department", flat=True)
        .first()
    )
    return department is not None and user.may(work_permission(Department(department)))


def _has_ticket_about(user: User, number: str) -> bool:
    """A complaint's photos reach the department that answers it; a sealed one's HR alone."""
    return Ticket.objects.visible_to(user).filter(subject=number).exists()


def _realm(number: str) -> Realm:
    of_hr = Ticket.objects.of(Department.HR).filter(number=number).exists()
    return Realm.HR if of_hr else Realm.OFFICE


register_holder(
    Holder(
        kind="ticket",
        prefix="TK",
        label=_("Ticket"),
        may_see=_sees,
        may_add=_works_on,
        url=lambda number: reverse("tickets:ticket", args=[number]),
        realm=_realm,
    )
)
for _kind in ("order", "complaint"):
    register_eyes(_kind, _has_ticket_about)
