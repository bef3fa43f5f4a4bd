"""Payments and refunds: lists of them, and one with its receipt."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from frontdesk.orders.models import Order
from frontdesk.payments.models.payments import Payment, Refund
from frontdesk.payments.models.receipts import PaymentReceipt
from officeflow.money import ZERO
from officeflow.staff.models import User

PAYMENT_ORDER = ("-taken_at", "-id")


REFUND_ORDER = ("-due_at", "-id")


# What the tabs above the list show, by the word in the address.
MONEY_TABS = {
    "taken": (_("Payments"), None),
    "refunds": (_("Refunds"), None),
}


def payments(*, of: User | None = None) -> QuerySet[Payment]:
    """What was taken, newest first, with order and customer: by one person, or by all."""
    rows = Payment.objects.select_related("order__customer", "taken_by").order_by(*PAYMENT_ORDER)
    return rows.filter(taken_by=of) if of else rows


def refunds(*, of: User | None = None) -> QuerySet[Refund]:
    """What is to be given back and what was, newest first: paid by one person, or all."""
    rows = Refund.objects.select_related("order__customer", "paid_by").order_by(*REFUND_ORDER)
    return rows.filter(paid_by=of) if of else rows


def payment_with_order() -> QuerySet[Payment]:
    """Payments with all that their receipt shows."""
    return Payment.objects.select_related(
        "order__customer", "order__site", "taken_by"
    ).prefetch_related("order__lines")


def refund_with_order() -> QuerySet[Refund]:
    """Refunds that were paid, with all that their receipt shows."""
    return Refund.objects.filter(paid_at__isnull=False).select_related(
        "order__customer", "order__site", "paid_by"
    )


def paid_by_then(payment: Payment) -> Decimal:
    """What was paid on the order when this payment was taken, it included, less what was given
    back by then: one query."""
    order = Order.objects.filter(pk=payment.order_id).annotate(
        taken=Subquery(_sum(Payment.objects.filter(order=OuterRef("pk"), pk__lte=payment.pk))),
        back=Subquery(
            _sum(Refund.objects.filter(order=OuterRef("pk"), paid_at__lte=payment.taken_at))
        ),
    )
    taken, back = order.values_list("taken", "back").get()
    return (taken or ZERO) - (back or ZERO)


def _sum(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by().values("order").annotate(all=Sum("amount")).values("all")


def receipt_of(row: Payment | Refund) -> PaymentReceipt | None:
    """The receipt as it was issued; money from before receipts were kept has none."""
    kind = "payment" if isinstance(row, Payment) else "refund"
    return PaymentReceipt.objects.filter(**{kind: row}).first()
