"""Registers the front desk's record kinds, navigation, search providers and admin links."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from frontdesk.complaints.models import Complaint
from frontdesk.complaints.search import find_complaint_hits
from frontdesk.counter.queries import needs_you_counts
from frontdesk.customers.models import Customer
from frontdesk.customers.search import find_customer_hits
from frontdesk.orders.models import Order
from frontdesk.orders.search import find_order_hits
from frontdesk.questions.search import find_question_hits
from officeflow.permissions import Permission
from officeflow.records import RecordKind, register_record_kind
from officeflow.staff.models import User
from officeflow.ui.administration import AdminLink, register_admin_link
from officeflow.ui.checklist import ChecklistStep, register_checklist_step
from officeflow.ui.navigation import (
    NavAction,
    NavItem,
    register_nav_action,
    register_nav_item,
)
from officeflow.ui.search import CreateLink, register_search_provider


def _needs_you_count(user: User) -> int:
    return sum(needs_you_counts(user))


def _may_add_to_order(user: User, number: str) -> bool:
    return user.may(Permission.PLACE_ORDER) and Order.objects.filter(number=number).exists()


def _may_add_to_complaint(user: User, number: str) -> bool:
    # Files of a sealed complaint belong to HR alone.
    complaints = Complaint.objects.filter(number=number, is_sealed=False)
    return user.may(Permission.RAISE_COMPLAINT) and complaints.exists()


def _may_add_to_customer(user: User, number: str) -> bool:
    return user.may(Permission.EDIT_CUSTOMER) and Customer.objects.filter(number=number).exists()


def _is_sealed(number: str) -> bool:
    return Complaint.objects.filter(number=number, is_sealed=True).exists()


KINDS = (
    RecordKind(
        code="customer",
        label=_("Customers"),
        prefix="CU",
        url_name="frontdesk:customer",
        permission=Permission.VIEW_DESK,
        visible=lambda user: Customer.objects.all(),
        may_attach=_may_add_to_customer,
    ),
    RecordKind(
        code="order",
        label=_("Orders"),
        prefix="SO",
        url_name="frontdesk:order",
        permission=Permission.VIEW_DESK,
        visible=lambda user: Order.objects.all(),
        may_attach=_may_add_to_order,
    ),
    RecordKind(
        code="complaint",
        label=_("Complaints"),
        prefix="CP",
        url_name="frontdesk:complaint",
        permission=Permission.VIEW_DESK,
        visible=lambda user: Complaint.objects.all(),
        may_attach=_may_add_to_complaint,
        is_hr_only=_is_sealed,
    ),
    RecordKind(
        code="question",
        label=_("Questions"),
        url_name="frontdesk:question-answer",
        permission=Permission.VIEW_DESK,
        is_audited=False,
    ),
    RecordKind(code="payment", label=_("Payments"), prefix="PY"),
    RecordKind(code="refund", label=_("Refunds")),
    RecordKind(code="till_count", label=_("Till counts"), prefix="TC"),
    RecordKind(code="payment_method", label=_("Payment methods")),
    RecordKind(code="complaint_route", label=_("Complaint routes")),
)


def register_all() -> None:
    """Registers everything that the front desk adds to shared pages."""
    for kind in KINDS:
        register_record_kind(kind)
    desk = Permission.VIEW_DESK
    register_nav_action(
        NavAction(
            label=_("New order"),
            url_name="frontdesk:order-new",
            icon="plus",
            key="n",
            permission=Permission.PLACE_ORDER,
            order=10,
            begins=True,
        )
    )
    register_nav_action(
        NavAction(
            label=_("New complaint"),
            url_name="frontdesk:complaint-new",
            icon="complaint",
            key="c",
            permission=Permission.RAISE_COMPLAINT,
            order=20,
        )
    )
    register_nav_item(
        NavItem(
            area="frontdesk",
            label=_("Counter"),
            url_name="frontdesk:counter",
            icon="counter",
            permission=desk,
            order=10,
            count=_needs_you_count,
            shortcut="d",
        )
    )
    register_nav_item(
        NavItem(
            area="frontdesk",
            label=_("Orders"),
            url_name="frontdesk:orders",
            icon="order",
            permission=desk,
            order=20,
            shortcut="o",
        )
    )
    register_nav_item(
        NavItem(
            area="frontdesk",
            label=_("Complaints"),
            url_name="frontdesk:complaints",
            icon="complaint",
            permission=desk,
            order=30,
            shortcut="k",
        )
    )
    register_nav_item(
        NavItem(
            area="frontdesk",
            label=_("Customers"),
            url_name="frontdesk:customers",
            icon="customer",
            permission=desk,
            order=40,
            shortcut="u",
        )
    )
    register_nav_item(
        NavItem(
            area="frontdesk",
            label=_("Till"),
            url_name="frontdesk:till-today",
            icon="cash",
            permission=(Permission.COUNT_TILL, Permission.VIEW_TAKINGS),
            order=50,
            shortcut="t",
            prefixes=("/desk/payments/",),
        )
    )
    register_admin_link(
        AdminLink(
            section="desk",
            label=_("Complaint routes"),
            text=_("Which department answers which kind of complaint."),
            url_name="frontdesk:complaint-routes",
            icon="complaint",
            permission=Permission.MANAGE_OFFICE,
            order=10,
        )
    )
    register_admin_link(
        AdminLink(
            section="money",
            label=_("Payment methods"),
            text=_("How customers can pay at the desk, and where the money goes."),
            url_name="frontdesk:methods",
            icon="cash",
            permission=Permission.MANAGE_OFFICE,
            order=10,
        )
    )
    register_search_provider(
        "customer",
        find_customer_hits,
        icon="customer",
        order=20,
        create=CreateLink(
            label=_("Add a customer"),
            permission=Permission.EDIT_CUSTOMER,
            url=lambda text: f"{reverse('frontdesk:customer-new')}?{urlencode({'name': text})}",
        ),
    )
    register_search_provider("order", find_order_hits, icon="order", order=30)
    register_search_provider("complaint", find_complaint_hits, icon="complaint", order=40)
    register_search_provider("question", find_question_hits, icon="question", order=45)
    register_checklist_step(
        ChecklistStep(
            key="order",
            label=_("A first order"),
            todo=_("Place the first order at the front desk."),
            url_name="frontdesk:order-new",
            permission=Permission.PLACE_ORDER,
            is_done=lambda: Order.objects.exists(),
            order=80,
        )
    )
