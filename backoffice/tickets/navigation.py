"""A signpost for each department's queue, with how many tickets wait in it."""

from __future__ import annotations

from collections.abc import Callable

from backoffice.tickets.queries import waiting_counts
from officeflow.staff.models import User
from officeflow.staff.permissions import Department, view_permission
from officeflow.ui.navigation import NavItem, register

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
            wing="backoffice",
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
