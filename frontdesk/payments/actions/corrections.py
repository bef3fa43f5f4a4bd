"""Correcting the method of a payment."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from frontdesk.payments import documents
from frontdesk.payments.actions.payments import find_method, lock_order, refuse_closed_drawer
from frontdesk.payments.actions.receipts import IssuedReceipt
from frontdesk.payments.models.methods import MethodKind
from frontdesk.payments.models.payments import Payment, PaymentCorrection
from frontdesk.payments.queries.payments import paid_up_to, refund_of
from officeflow.audit.actions import record
from officeflow.company.queries import get_office
from officeflow.errors import Conflict, Refused
from officeflow.handoff import contracts
from officeflow.handoff.models import Destination
from officeflow.handoff.outbox import post
from officeflow.staff.models import User


@transaction.atomic
def correct_payment_method(
    *, actor: User, payment: Payment, from_method: str, method: str, reason: str
) -> PaymentCorrection:
    """Corrects how a payment was made, and has accounting book it on the right account.

    `from_method` is the code of the method that the actor saw, `method` that of the right one. The
    order's amounts stay; the takings and the drawer of the payment's day follow, also when the
    drawer was counted before: its page then asks to count again. Cash that was entered as given
    is kept on the first receipt alone, and a new receipt is stored.

    Raises `Refused` for an inactive or unchanged method, without a reason and for cash of an
    inactive site's drawer, `Conflict` when the payment was refunded or somebody else has corrected
    it meanwhile.
    """
    reason = reason.strip()
    if not reason:
        raise Refused(_("Enter the reason for the correction."), "reason")
    order = lock_order(payment.order_id)
    payment = Payment.objects.select_related("taken_by").get(pk=payment.pk)
    if payment.method != from_method:
        raise Conflict(_corrected_message(payment))
    if method == from_method:
        raise Refused(
            _("The payment is recorded as %(method)s already. Choose another method.")
            % {"method": payment.method_name},
            "method",
        )
    refund = refund_of(payment)
    if refund is not None:
        raise Conflict(
            _(
                "This payment was paid back with %(refund)s, so its method cannot be corrected any "
                "more."
            )
            % {"refund": refund.number}
        )
    right = find_method(method)
    if (right.kind == MethodKind.CASH) != (payment.method_kind == MethodKind.CASH):
        refuse_closed_drawer(payment.site or order.site)
    now = timezone.now()
    correction = PaymentCorrection.objects.create(
        payment=payment,
        **right.snapshot,
        previous_method=payment.method,
        previous_method_label=payment.method_label,
        previous_method_kind=payment.method_kind,
        reason=reason,
        corrected_by=actor,
        corrected_at=now,
    )
    for name, value in right.snapshot.items():
        setattr(payment, name, value)
    payment.cash_given = payment.change_given = None
    payment.save()
    order.version += 1
    order.save()
    office = get_office()
    receipt = documents.receipt(payment, order=order, office=office, paid=paid_up_to(payment))
    IssuedReceipt(
        document=receipt, office=office, issued_at=now, correction=correction
    ).keep_after_commit()
    record(
        actor=actor,
        action="correct_payment_method",
        subject_kind="order",
        subject=order.number,
        changes={
            "payment": (None, payment.number),
            "method": (correction.previous_method, correction.method),
        },
        at=now,
    )
    post(
        contracts.PaymentMethodCorrected(
            order_number=order.number,
            payment_number=payment.number,
            amount=payment.amount,
            currency=order.currency,
            previous_method=correction.previous_method,
            previous_method_kind=contracts.MoneyKind(correction.previous_method_kind),
            previous_method_label=correction.previous_method_label,
            method=correction.method,
            method_kind=contracts.MoneyKind(correction.method_kind),
            method_label=correction.method_label,
            corrected_at=now,
        ),
        to=[Destination.ACCOUNTING],
        subject=order.number,
        actor=actor,
    )
    return correction


def _corrected_message(payment: Payment) -> str:
    """Returns what somebody else has made of the payment meanwhile."""
    last = payment.corrections.select_related("corrected_by").last()
    if last is None:
        return _("The payment is recorded as %(method)s. Check it, then try again.") % {
            "method": payment.method_name
        }
    return _("%(name)s has already corrected this payment to %(method)s.") % {
        "name": last.corrected_by,
        "method": last.method_name,
    }
