"""The signposts of the work queue: each department's, one's own news, and the settings."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from backoffice.tickets.models import Ticket
from backoffice.tickets.notifications import bell
from backoffice.tickets.queries import unread_count, waiting_counts
from officeflow.permissions import Department, Permission, view_permission
from officeflow.staff import presence
from officeflow.staff.models import User
from officeflow.ui.administration import Card, register_card
from officeflow.ui.navigation import Corner, NavItem, register, register_corner

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


def _waiting_in(department: Department) -> Callable[[User], int | None]:
    def count(user: User) -> int | None:
        return waiting_counts(user).get(department.value)

    return count


for _order, _department in enumerate(Department):
    register(
        NavItem(
            area="backoffice",
            label=_department.label,
            url_name="tickets:queue",
            url_kwargs={"department": _department.value},
            icon=ICONS[_department],
            permission=view_permission(_department),
            order=10 + _order,
            count=_waiting_in(_department),
            shortcut=SHORTCUTS[_department],
        )
    )


# News of one's tickets: in the menu under one's name, and as a bell in the corner.
register(
    NavItem(
        area="you",
        label=_("Notifications"),
        url_name="tickets:news",
        icon="bell",
        permission=tuple(view_permission(department) for department in Department),
        order=10,
        count=unread_count,
        shortcut="y",
    )
)
register_corner(Corner(template="backoffice/tickets/bell.html", context=bell))

for _card in (
    Card(
        section="work",
        label=_("Return reasons"),
        text=_("Why a department may return a ticket to the desk."),
        url_name="tickets:reasons",
        icon="return",
        permission=Permission.MANAGE_OFFICE,
        order=20,
    ),
    Card(
        section="work",
        label=_("Service goals"),
        text=_("Within how many hours each department wants its work done."),
        url_name="tickets:goals",
        icon="clock",
        permission=Permission.MANAGE_OFFICE,
        order=30,
    ),
):
    register_card(_card)


def _sees_ticket(user: User, number: str) -> bool:
    return Ticket.objects.visible_to(user).filter(number=number).exists()


presence.register("ticket", _sees_ticket)
