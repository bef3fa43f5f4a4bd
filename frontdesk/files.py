"""Files on orders, complaints and customers: who at the desk may see and add them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from frontdesk.complaints.models import Complaint
from frontdesk.customers.models import Customer
from frontdesk.orders.models import Order
from officeflow.attachments.holders import Holder, register_holder
from officeflow.audit.models import Realm
from officeflow.permissions import Permission
from officeflow.staff.models import User


def _order(user: User, number: str, permission: Permission) -> bool:
    return user.may(permission) and Order.objects.filter(number=number).exists()


def _complaint(user: User, number: str, permission: Permission) -> bool:
    """What hangs on a sealed complaint is HR's alone: the desk sees and adds nothing there."""
    complaints = Complaint.objects.filter(number=number, is_sealed=False)
    return user.may(permission) and complaints.exists()


def _customer(user: User, number: str, permission: Permission) -> bool:
    return user.may(permission) and Customer.objects.filter(number=number).exists()


def _realm_of_complaint(number: str) -> Realm:
    sealed = Complaint.objects.filter(number=number, is_sealed=True).exists()
    return Realm.HR if sealed else Realm.OFFICE


register_holder(
    Holder(
        kind="order",
        prefix="SO",
        label=_("Order"),
        may_see=lambda user, number: _order(user, number, Permission.VIEW_DESK),
        may_add=lambda user, number: _order(user, number, Permission.PLACE_ORDER),
        url=lambda number: reverse("frontdesk:order", args=[number]),
    )
)
register_holder(
    Holder(
        kind="complaint",
        prefix="CP",
        label=_("Complaint"),
        may_see=lambda user, number: _complaint(user, number, Permission.VIEW_DESK),
        may_add=lambda user, number: _complaint(user, number, Permission.RAISE_COMPLAINT),
        url=lambda number: reverse("frontdesk:complaint", args=[number]),
        realm=_realm_of_complaint,
    )
)
register_holder(
    Holder(
        kind="customer",
        prefix="CU",
        label=_("Customer"),
        may_see=lambda user, number: _customer(user, number, Permission.VIEW_DESK),
        may_add=lambda user, number: _customer(user, number, Permission.EDIT_CUSTOMER),
        url=lambda number: reverse("frontdesk:customer", args=[number]),
    )
)
