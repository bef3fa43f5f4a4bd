"""What the house's search box finds of the desk's: customers, orders, complaints, questions."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontdesk.complaints.models import Complaint
from frontdesk.complaints.queries import complaints, questions
from frontdesk.customers.queries.customers import Known, find_customers
from frontdesk.orders.models import Order
from frontdesk.orders.queries.orders import orders
from frontdesk.states import ComplaintState, FulfilmentState, OrderState
from officeflow.money import format_money
from officeflow.staff.permissions import Permission
from officeflow.ui.search import Asked, Hit, register_offer, register_search_provider


def _customers(asked: Asked, limit: int) -> list[Known]:
    """The customers meant, looked for once in a search: orders and complaints ask too."""
    if "customers" not in asked.memo:
        asked.memo["customers"] = find_customers(asked, limit=limit, inactive=True)
    found: list[Known] = asked.memo["customers"]
    return found


def _whose(asked: Asked, limit: int) -> list[int]:
    """Whose orders and complaints are meant: those who are written so, else the guesses."""
    found = _customers(asked, limit)
    sure = [each for each in found if not each.slips]
    return [each.customer.pk for each in sure or found]


def _slips(asked: Asked, customer_id: int | None, limit: int) -> int:
    of = {each.customer.pk: each.slips for each in _customers(asked, limit)}
    return of.get(customer_id or 0, 0)


def find_customer_hits(user: Any, asked: Asked, limit: int) -> list[Hit]:
    """Customers by name, phone, e-mail, number, and by their further contacts."""
    return [_customer_hit(each, asked) for each in _customers(asked, limit)]


def _customer_hit(known: Known, asked: Asked) -> Hit:
    customer, contact = known.customer, known.contact
    reason = ""
    if known.merged:
        reason = _("%(number)s was merged into this record") % {"number": known.merged}
    details = [text for text in (customer.phone, customer.email) if text]
    if contact is not None:
        details.append(" ".join(filter(None, (contact.label, contact.value))))
    return Hit(
        title=customer.name,
        url=reverse("frontdesk:customer", args=[customer.number]),
        number=customer.number,
        details=details,
        badge="" if customer.is_active else _("Inactive"),
        reason=reason,
        is_exact=bool({customer.number, known.merged} & asked.numbers),
        slips=known.slips,
    )


def find_order_hits(user: Any, asked: Asked, limit: int) -> list[Hit]:
    """Orders by their number, their invoice's, a payment's, or whose they are; newest first."""
    found: dict[int, tuple[Order, str]] = {}
    numbers = list(asked.numbers)
    if numbers:
        # One query for each index: joined by OR they would read the whole table.
        for field in ("number", "invoice_number", "credit_note_number", "payments__number"):
            for row in orders().filter(**{f"{field}__in": numbers})[:limit]:
                found.setdefault(row.pk, (row, field))
    if not found:
        whose = _whose(asked, limit)
        if whose:
            rows = orders().filter(customer_id__in=whose).order_by("-id")[:limit]
            found = {row.pk: (row, "customer") for row in rows}
    return [_order_hit(row, field, asked, limit) for row, field in found.values()]


def _order_hit(order: Order, field: str, asked: Asked, limit: int) -> Hit:
    documents = (order.invoice_number, order.credit_note_number)
    paid = [number for number in asked.numbers if number.startswith("PY-")]
    exact = field != "customer"
    return Hit(
        title=order.customer.name if order.customer else _("Walk-in"),
        url=reverse("frontdesk:order", args=[order.number]),
        number=order.number,
        details=[each for each in documents if each and each in asked.numbers],
        at=order.ordered_at,
        end=format_money(order.gross, order.currency),
        status=FulfilmentState(order.fulfilment_state)
        if order.is_under_way
        else OrderState(order.state),
        reason=_("Paid with %(number)s") % {"number": paid[0]}
        if field == "payments__number"
        else "",
        is_exact=exact,
        slips=0 if exact else _slips(asked, order.customer_id, limit),
    )


def find_complaint_hits(user: Any, asked: Asked, limit: int) -> list[Hit]:
    """Complaints by their number, their order's, or whose they are. Of a sealed one no more than
    the desk knows."""
    rows: list[Complaint] = []
    if asked.numbers:
        numbers = list(asked.numbers)
        rows += complaints().filter(number__in=numbers)[:limit]
        rows += complaints().filter(order__number__in=numbers)[:limit]
    if not rows:
        whose = _whose(asked, limit)
        if whose:
            rows = list(complaints().filter(customer_id__in=whose).order_by("-id")[:limit])
    seen = {row.pk: row for row in rows}
    return [
        Hit(
            title=row.customer.name if row.customer else _("Walk-in"),
            url=reverse("frontdesk:complaint", args=[row.number]),
            number=row.number,
            details=[
                _("Sealed") if row.is_sealed else row.get_category_display(),
                *([row.order.number] if row.order else []),
            ],
            at=row.logged_at,
            status=ComplaintState(row.state),
            is_exact=row.number in asked.numbers,
            slips=0 if row.number in asked.numbers else _slips(asked, row.customer_id, limit),
        )
        for row in seen.values()
    ]


def find_question_hits(user: Any, asked: Asked, limit: int) -> list[Hit]:
    """Open questions to the desk, by the number of the ticket that came back."""
    numbers = [number for number in asked.numbers if number.startswith("TK-")]
    if not numbers:
        return []
    rows = questions().filter(ticket_number__in=numbers, closed_at__isnull=True)[:limit]
    return [
        Hit(
            title=row.text[:140],
            url=reverse("frontdesk:question-answer", args=[row.ticket_number]),
            number=row.ticket_number,
            details=[row.subject, row.asked_by_name],
            at=row.asked_at,
            # Whoever sees the ticket itself goes there.
            is_exact=not user.may(Permission.VIEW_FULFILMENT),
        )
        for row in rows
    ]


def register() -> None:
    """Lets the search box find the desk's things, for whoever sees the desk."""
    desk = Permission.VIEW_DESK
    register_search_provider(
        "customer",
        gettext_lazy("Customers"),
        desk,
        find_customer_hits,
        icon="customer",
        order=20,
    )
    register_search_provider(
        "order", gettext_lazy("Orders"), desk, find_order_hits, icon="order", order=30
    )
    register_search_provider(
        "complaint",
        gettext_lazy("Complaints"),
        desk,
        find_complaint_hits,
        icon="complaint",
        order=40,
    )
    register_offer(
        gettext_lazy("Add a customer"),
        Permission.EDIT_CUSTOMER,
        lambda text: f"{reverse('frontdesk:customer-new')}?{urlencode({'name': text})}",
    )
    register_search_provider(
        "question",
        gettext_lazy("Questions"),
        desk,
        find_question_hits,
        icon="question",
        order=45,
    )
