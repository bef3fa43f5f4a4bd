"""Taking payments and paying refunds."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from frontdesk.notifications.actions import settle_desk_notifications
from frontdesk.notifications.models import DeskNotificationKind
from frontdesk.orders.models import Order
from frontdesk.orders.states import OrderState
from frontdesk.payments import documents
from frontdesk.payments.actions.receipts import IssuedReceipt
from frontdesk.payments.models.methods import MethodKind, PaymentMethod
from frontdesk.payments.models.payments import Payment, Refund
from officeflow.audit.actions import record
from officeflow.company.models import Site
from officeflow.company.queries import get_office, stays_in_use
from officeflow.errors import Conflict, Refused
from officeflow.handoff import contracts
from officeflow.handoff.models import Destination
from officeflow.handoff.outbox import post
from officeflow.limits import AMOUNT
from officeflow.money import ZERO, format_money, is_countable
from officeflow.numbering import next_number
from officeflow.staff.models import User

PAYABLE = (OrderState.PLACED, OrderState.COMPLETED)


def can_take_payment(order: Order) -> bool:
    """Returns whether something is still to be paid for the order."""
    return order.open_amount > ZERO


def find_method(code: str) -> PaymentMethod:
    """Returns the active payment method with a code. Raises `Refused` when there is none."""
    method = PaymentMethod.objects.active().filter(code=code).first()
    if method is None:
        raise Refused(_("This payment method is not accepted. Choose another one."), "method")
    return method


def refuse_closed_drawer(site: Site) -> None:
    """Raises `Refused` for an inactive site; else it stays in use until the transaction ends."""
    if not stays_in_use(site):
        raise Refused(
            _(
                "%(site)s is no longer in use, so no cash can go into or out of its drawer. Choose "
                "another site or another method."
            )
            % {"site": site.name},
            "method",
        )


def lock_order(pk: int) -> Order:
    """Returns the locked order with the customer and site for its receipt."""
    orders = Order.objects.select_for_update(of=("self",))
    return orders.select_related("customer", "site").get(pk=pk)


@transaction.atomic
def take_payment(
    *,
    actor: User,
    order: Order,
    amount: Decimal,
    method: str,
    cash_given: Decimal | None = None,
    site: Site | None = None,
) -> Payment:
    """Takes a full or part payment in the order's currency, at the order's site unless given.

    `method` is a payment method's code. `cash_given` is the cash that the customer gave, from which
    the change is kept with the payment. Raises `Refused` for an inactive method, for cash at an
    inactive site, for an amount that is not positive, has too many decimals or is more than the
    open amount, and for cash given that is less than the amount or belongs to another method;
    `Conflict` when nothing is to be paid.
    """
    order = lock_order(order.pk)
    if order.state not in PAYABLE:
        raise Conflict(_("This order is cancelled, so it cannot be paid."))
    still_open = order.open_amount
    if still_open <= ZERO:
        raise Conflict(_("This order is already paid."))
    if not amount.is_finite() or amount <= ZERO:
        raise Refused(_("The amount must be more than 0."), "amount")
    if amount > still_open:
        raise Refused(
            _("Only %(open)s is still to be paid. Enter that amount or less.")
            % {"open": format_money(still_open, order.currency)},
            "amount",
        )
    if not is_countable(amount, order.currency):
        raise Refused(_("The amount has too many decimals for this currency."), "amount")
    payment_method = find_method(method)
    change = _change(amount, cash_given, payment_method, order.currency)
    site = site or order.site
    if payment_method.kind == MethodKind.CASH:
        refuse_closed_drawer(site)
    now = timezone.now()
    payment = Payment.objects.create(
        number=next_number("PY"),
        order=order,
        amount=amount,
        cash_given=cash_given,
        change_given=change,
        **payment_method.snapshot,
        taken_by=actor,
        taken_at=now,
        site=site,
    )
    order.paid += amount
    order.version += 1
    order.save()
    office = get_office()
    receipt = documents.receipt(payment, order=order, office=office, paid=order.paid)
    IssuedReceipt(
        document=receipt, office=office, issued_at=now, payment=payment
    ).keep_after_commit()
    record(
        actor=actor,
        action="take_payment",
        subject_kind="order",
        subject=order.number,
        changes={"payment": (None, payment.number), "amount": (None, amount)},
        at=now,
    )
    post(
        contracts.PaymentTaken(
            order_number=order.number,
            payment_number=payment.number,
            amount=amount,
            currency=order.currency,
            method=payment.method,
            method_kind=payment.method_kind,
            method_label=payment.method_label,
            taken_at=now,
        ),
        to=[Destination.ACCOUNTING],
        subject=order.number,
        actor=actor,
    )
    return payment


def _change(
    amount: Decimal, cash_given: Decimal | None, method: PaymentMethod, currency: str
) -> Decimal | None:
    """Returns the change for the cash given, or None without it. Raises `Refused`."""
    if cash_given is None:
        return None
    if method.kind != MethodKind.CASH:
        raise Refused(_("Cash given belongs to a cash payment. Leave it empty."), "cash_given")
    if not cash_given.is_finite() or cash_given > AMOUNT:
        raise Refused(_("Enter the cash that the customer gave."), "cash_given")
    if cash_given < amount:
        raise Refused(
            _("This is less than the amount. For a part payment, lower the amount."), "cash_given"
        )
    if not is_countable(cash_given, currency):
        raise Refused(_("The amount has too many decimals for this currency."), "cash_given")
    return cash_given - amount


@transaction.atomic
def pay_refund(*, actor: User, refund: Refund, method: str, site: Site | None = None) -> Refund:
    """Pays a due refund, at the order's site unless given. `method` is a payment method's code.

    Raises `Refused` for an inactive method and for cash at an inactive site, `Conflict` when the
    refund was paid already.
    """
    payment_method = find_method(method)
    order = lock_order(refund.order_id)
    site = site or order.site
    if payment_method.kind == MethodKind.CASH:
        refuse_closed_drawer(site)
    now = timezone.now()
    updated = Refund.objects.filter(pk=refund.pk, paid_at__isnull=True).update(
        **payment_method.snapshot, paid_by=actor, paid_at=now, site=site
    )
    refund = Refund.objects.select_related("paid_by").get(pk=refund.pk)
    if not updated:
        raise Conflict(_("%(name)s has already paid this refund.") % {"name": refund.paid_by})
    order.paid -= refund.amount
    order.version += 1
    order.save()
    if not order.refunds.filter(paid_at__isnull=True).exists():
        settle_desk_notifications(subject=order.number, kind=DeskNotificationKind.REFUND_DUE)
    office = get_office()
    receipt = documents.refund_receipt(refund, order=order, office=office)
    IssuedReceipt(document=receipt, office=office, issued_at=now, refund=refund).keep_after_commit()
    record(
        actor=actor,
        action="pay_refund",
        subject_kind="order",
        subject=order.number,
        changes={"refund": (None, refund.number), "amount": (None, refund.amount)},
        at=now,
    )
    post(
        contracts.RefundPaid(
            order_number=order.number,
            payment_number=refund.number,
            amount=refund.amount,
            currency=order.currency,
            method=refund.method,
            method_kind=refund.method_kind,
            method_label=refund.method_label,
            paid_at=now,
        ),
        to=[Destination.ACCOUNTING],
        subject=order.number,
        actor=actor,
    )
    return refund
