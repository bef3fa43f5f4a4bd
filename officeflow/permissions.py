"""Departments, permissions, roles, and the permissions of each role.

A person holds every permission of every role granted to them today (`staff.models.RoleGrant`).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from officeflow.staff.models import User


class Department(models.TextChoices):
    """The departments that work on tickets. Management answers complaints about service."""

    FULFILMENT = "fulfilment", _("Fulfilment")
    WAREHOUSE = "warehouse", _("Warehouse")
    ACCOUNTING = "accounting", _("Accounting")
    HR = "hr", _("HR")
    MANAGEMENT = "management", _("Management")


class Permission(StrEnum):
    """What a person may do, as `verb:department`."""

    VIEW_DESK = "view:frontdesk"
    PLACE_ORDER = "place_order:frontdesk"
    RAISE_COMPLAINT = "raise_complaint:frontdesk"
    CONFIRM_COMPLAINT = "confirm_complaint:frontdesk"
    TAKE_PAYMENT = "take_payment:frontdesk"
    CORRECT_PAYMENT = "correct_payment:frontdesk"
    PAY_REFUND = "pay_refund:frontdesk"
    HAND_OVER = "hand_over:frontdesk"
    CANCEL_ORDER = "cancel_order:frontdesk"
    ANSWER_QUESTION = "answer_question:frontdesk"
    EDIT_CUSTOMER = "edit_customer:frontdesk"
    # Prints invoices for customers, without access to the rest of the books.
    PRINT_INVOICE = "print_invoice:frontdesk"
    COUNT_TILL = "count_till:frontdesk"
    VIEW_TAKINGS = "view_takings:frontdesk"
    IMPORT_ORDERS = "import_orders:frontdesk"
    IMPORT_CUSTOMERS = "import_customers:frontdesk"

    VIEW_FULFILMENT = "view:fulfilment"
    WORK_FULFILMENT = "work:fulfilment"
    DIRECT_FULFILMENT = "direct:fulfilment"
    VIEW_WAREHOUSE = "view:warehouse"
    WORK_WAREHOUSE = "work:warehouse"
    DIRECT_WAREHOUSE = "direct:warehouse"
    VIEW_ACCOUNTING = "view:accounting"
    WORK_ACCOUNTING = "work:accounting"
    DIRECT_ACCOUNTING = "direct:accounting"
    VIEW_BOOKS = "view_books:accounting"
    VIEW_HR = "view:hr"
    WORK_HR = "work:hr"
    DIRECT_HR = "direct:hr"
    VIEW_COMMISSIONS = "view_commissions:hr"
    VIEW_MANAGEMENT = "view:management"
    WORK_MANAGEMENT = "work:management"
    DIRECT_MANAGEMENT = "direct:management"

    VIEW_DASHBOARDS = "view:dashboards"
    OPERATE_HANDOFFS = "operate:handoffs"
    VIEW_TRADE = "view_trade:dashboards"

    VIEW_CATALOGUE = "view:catalogue"
    MANAGE_CATALOGUE = "manage:catalogue"
    IMPORT_PRODUCTS = "import_products:catalogue"
    MANAGE_STAFF = "manage:staff"
    MANAGE_OFFICE = "manage:office"
    VIEW_AUDIT = "view:audit"


# One permission, any one of several, or None for every signed-in person.
RequiredPermission = Permission | tuple[Permission, ...] | None


class Role(models.TextChoices):
    """The roles that can be granted. A person can hold several, permanently or for a time."""

    RECEPTIONIST = "receptionist", _("Receptionist")
    FULFILMENT = "fulfilment", _("Fulfilment")
    WAREHOUSE = "warehouse", _("Warehouse")
    ACCOUNTANT = "accountant", _("Accountant")
    HR = "hr", _("HR")
    MANAGER = "manager", _("Manager")
    ADMINISTRATOR = "administrator", _("Administrator")


P = Permission

DESK_PERMISSIONS = frozenset(
    {
        P.VIEW_DESK,
        P.PLACE_ORDER,
        P.RAISE_COMPLAINT,
        P.CONFIRM_COMPLAINT,
        P.TAKE_PAYMENT,
        P.CORRECT_PAYMENT,
        P.PAY_REFUND,
        P.HAND_OVER,
        P.CANCEL_ORDER,
        P.ANSWER_QUESTION,
        P.EDIT_CUSTOMER,
        P.PRINT_INVOICE,
        P.COUNT_TILL,
        P.VIEW_CATALOGUE,
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.RECEPTIONIST: DESK_PERMISSIONS,
    Role.FULFILMENT: frozenset(
        {P.VIEW_FULFILMENT, P.WORK_FULFILMENT, P.VIEW_WAREHOUSE, P.VIEW_CATALOGUE}
    ),
    Role.WAREHOUSE: frozenset(
        {P.VIEW_WAREHOUSE, P.WORK_WAREHOUSE, P.VIEW_FULFILMENT, P.VIEW_CATALOGUE}
    ),
    Role.ACCOUNTANT: frozenset(
        {
            P.VIEW_ACCOUNTING,
            P.WORK_ACCOUNTING,
            P.VIEW_BOOKS,
            P.VIEW_TAKINGS,
            P.COUNT_TILL,
            P.VIEW_CATALOGUE,
        }
    ),
    Role.HR: frozenset({P.VIEW_HR, P.WORK_HR, P.DIRECT_HR, P.VIEW_COMMISSIONS}),
    # Managers see both sides and can work at the front desk, but see nothing of HR.
    Role.MANAGER: DESK_PERMISSIONS
    | {
        P.IMPORT_ORDERS,
        P.IMPORT_CUSTOMERS,
        P.VIEW_FULFILMENT,
        P.DIRECT_FULFILMENT,
        P.VIEW_WAREHOUSE,
        P.DIRECT_WAREHOUSE,
        P.VIEW_ACCOUNTING,
        P.DIRECT_ACCOUNTING,
        P.VIEW_BOOKS,
        P.VIEW_TAKINGS,
        P.VIEW_MANAGEMENT,
        P.WORK_MANAGEMENT,
        P.DIRECT_MANAGEMENT,
        P.VIEW_DASHBOARDS,
        P.OPERATE_HANDOFFS,
        P.VIEW_TRADE,
        P.VIEW_AUDIT,
    },
    Role.ADMINISTRATOR: frozenset(
        {
            P.VIEW_CATALOGUE,
            P.MANAGE_CATALOGUE,
            P.IMPORT_ORDERS,
            P.IMPORT_CUSTOMERS,
            P.IMPORT_PRODUCTS,
            P.MANAGE_STAFF,
            P.MANAGE_OFFICE,
            P.VIEW_AUDIT,
            P.VIEW_DASHBOARDS,
            P.OPERATE_HANDOFFS,
        }
    ),
}


@cache
def view_permission(department: Department) -> Permission:
    """Returns the permission to see a department's queue."""
    return Permission(f"view:{department.value}")


@cache
def work_permission(department: Department) -> Permission:
    """Returns the permission to take and complete a department's tickets."""
    return Permission(f"work:{department.value}")


@cache
def direct_permission(department: Department) -> Permission:
    """Returns the permission to reassign and prioritise a department's tickets."""
    return Permission(f"direct:{department.value}")


def roles_with(permissions: Iterable[Permission]) -> list[Role]:
    """Returns the roles with at least one of the permissions, in the order of `Role`."""
    wanted = frozenset(permissions)
    return [role for role in Role if ROLE_PERMISSIONS[role] & wanted]


def any_of(required: RequiredPermission) -> tuple[Permission, ...]:
    """Returns the permissions of which any one is enough; empty when none is needed."""
    if required is None:
        return ()
    return (required,) if isinstance(required, Permission) else required


def is_allowed(user: User | AnonymousUser | None, required: RequiredPermission) -> bool:
    """Returns whether the person is signed in and holds a required permission."""
    if user is None or not user.is_authenticated:
        return False
    wanted = any_of(required)
    return not wanted or any(user.may(each) for each in wanted)
