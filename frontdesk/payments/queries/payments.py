"""Payments and refunds for lists, and with their receipts."""

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


# The label of each tab above the list, by its value in the address.
MONEY_TABS = {
    "taken": (_("Payments"), None),
    "refunds": (_("Refunds"), None),
}


def payments(*, of: User | None = None) -> QuerySet[Payment]:
    """Returns payments with order and customer, newest first; with `of`, one person's."""
    rows = (
        Payment.objects.select_related("order__customer", "taken_by")
        .prefetch_related("corrections__corrected_by")
        .order_by(*PAYMENT_ORDER)
    )
    return rows.filter(taken_by=of) if of else rows


def refunds(*, of: User | None = None) -> QuerySet[Refund]:
    """Returns due and paid refunds, newest first; with `of`, those that one person paid."""
    rows = Refund.objects.select_related("order__customer", "paid_by").order_by(*REFUND_ORDER)
    return rows.filter(paid_by=of) if of else rows


def payment_with_order() -> QuerySet[Payment]:
    """Returns payments with everything that a receipt shows."""
    return Payment.objects.select_related(
        "order__customer", "order__site", "taken_by"
    ).prefetch_related("order__lines", "corrections__corrected_by")


def refund_with_order() -> QuerySet[Refund]:
    """Returns paid refunds with everything that a receipt shows."""
    return Refund.objects.filter(paid_at__isnull=False).select_related(
        "order__customer", "order__site", "paid_by"
    )


def paid_up_to(payment: Payment) -> Decimal:
    """Returns the order's payments up to and including this one, less refunds paid by then."""
    order = Order.objects.filter(pk=payment.order_id).annotate(
        taken=Subquery(_sum(Payment.objects.filter(order=OuterRef("pk"), pk__lte=payment.pk))),
        back=Subquery(
            _sum(Refund.objects.filter(order=OuterRef("pk"), paid_at__lte=payment.taken_at))
        ),
    )
    taken, back = order.values_list("taken", "back").get()
    return (taken or ZERO) - (back or ZERO)


def refund_of(payment: Payment) -> Refund | None:
    """Returns the refund that has paid this payment back, or None.

    A refund covers what was paid for the order before it became due.
    """
    return (
        Refund.objects.filter(
            order=payment.order_id, paid_at__isnull=False, due_at__gte=payment.taken_at
        )
        .order_by("pk")
        .first()
    )


def payments_before(refund: Refund) -> list[Payment]:
    """Returns the payments that a refund pays back: those of its order before it became due."""
    return list(Payment.objects.filter(order=refund.order_id, taken_at__lte=refund.due_at))


def _sum(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by().values("order").annotate(all=Sum("amount")).values("all")


def receipt_of(row: Payment | Refund) -> PaymentReceipt | None:
    """Returns the receipt as it was issued, after a correction the latest one.

    None when it was not drawn yet.
    """
    if isinstance(row, Refund):
        return PaymentReceipt.objects.filter(refund=row).first()
    correction = row.corrections.last()
    if correction is not None:
        return PaymentReceipt.objects.filter(correction=correction).first()
    return PaymentReceipt.objects.filter(payment=row).first()
