"""Registers the work queue's record kinds, navigation, search provider and admin links."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from backoffice.tickets import notifications
from backoffice.tickets.models import Ticket
from backoffice.tickets.queries import waiting_counts
from backoffice.tickets.queries.tickets import VIEW_ANY_QUEUE
from backoffice.tickets.search import find_ticket_hits
from officeflow.permissions import Department, Permission, view_permission, work_permission
from officeflow.records import RecordKind, register_record_kind
from officeflow.staff.models import User
from officeflow.ui.administration import AdminLink, register_admin_link
from officeflow.ui.navigation import NavItem, register_nav_item
from officeflow.ui.search import register_search_provider

ICONS = {
    Department.FULFILMENT: "box",
    Department.WAREHOUSE: "backlog",
    Department.ACCOUNTING: "ledger",
    Department.HR: "lock",
    Department.MANAGEMENT: "ticket",
}
SHORTCUTS = {
    Department.FULFILMENT: "f",
    Department.WAREHOUSE: "w",
    Department.ACCOUNTING: "a",
    Department.HR: "r",
    Department.MANAGEMENT: "m",
}


def _waiting_count(department: Department) -> Callable[[User], int | None]:
    def count(user: User) -> int | None:
        return waiting_counts(user).get(department.value)

    return count


def _may_add_files(user: User, number: str) -> bool:
    worked_on = [each for each in Department if user.may(work_permission(each))]
    found = Ticket.objects.visible_to(user).filter(number=number, department__in=worked_on)
    return found.exists()


def _is_hr_only(number: str) -> bool:
    return Ticket.objects.of(Department.HR).filter(number=number).exists()


def _sees_ticket_about(user: User, number: str) -> bool:
    return Ticket.objects.visible_to(user).filter(subject=number).exists()


def register_all() -> None:
    """Registers everything that the work queue adds to shared pages."""
    for kind in (
        RecordKind(
            code="ticket",
            label=_("Tickets"),
            prefix="TK",
            url_name="tickets:ticket",
            permission=VIEW_ANY_QUEUE,
            visible=lambda user: Ticket.objects.visible_to(user),
            may_attach=_may_add_files,
            is_hr_only=_is_hr_only,
            sees_about=_sees_ticket_about,
        ),
        RecordKind(code="return_reason", label=_("Return reasons")),
        RecordKind(code="goal", label=_("Service goals")),
        RecordKind(code="view", label=_("Saved views")),
    ):
        register_record_kind(kind)
    register_search_provider("ticket", find_ticket_hits, icon="ticket", order=50)
    for order, department in enumerate(Department):
        register_nav_item(
            NavItem(
                area="backoffice",
                label=department.label,
                url_name="tickets:queue",
                url_kwargs={"department": department.value},
                icon=ICONS[department],
                permission=view_permission(department),
                order=10 + order,
                count=_waiting_count(department),
                shortcut=SHORTCUTS[department],
            )
        )
    notifications.register_all()

    for link in (
        AdminLink(
            section="work",
            label=_("Return reasons"),
            text=_("Reasons for returning a ticket to the front desk."),
            url_name="tickets:reasons",
            icon="return",
            permission=Permission.MANAGE_OFFICE,
            order=20,
        ),
        AdminLink(
            section="work",
            label=_("Service goals"),
            text=_("How many hours each department has to finish its work."),
            url_name="tickets:goals",
            icon="clock",
            permission=Permission.MANAGE_OFFICE,
            order=30,
        ),
    ):
        register_admin_link(link)
