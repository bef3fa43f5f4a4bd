"""Money that came in or went out at the desk, booked."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from backoffice.accounting.actions.booking import book, credit, debit
from backoffice.accounting.actions.errors import RefundNotPromised, UnusableMoney
from backoffice.accounting.actions.receivables import (
    lock_bill,
    move_to,
    promise_refund,
    state_by_money,
    tell_desk,
    tell_refund_due,
)
from backoffice.accounting.models import Bill, MoneyMovement
from backoffice.accounting.reference import MONEY_ACCOUNTS, Ledger
from backoffice.accounting.states import Direction, DocumentKind, EntryKind
from officeflow.audit.actions import record
from officeflow.handoff.contracts import PaymentTaken, RefundPaid
from officeflow.handoff.models import Handoff
from officeflow.staff.models import User


@transaction.atomic
def book_payment(*, actor: User | None, payment: PaymentTaken, handoff: Handoff) -> MoneyMovement:
    """Books money that the desk took, whatever the bill's state: money is never turned away.

    More than the bill asks for stays as the customer's credit balance. Money for an order that
    was cancelled meanwhile becomes a refund due at once. Raises `NoBill`, `UnusableMoney`.
    """
    at = timezone.now()
    bill = lock_bill(payment.order_number)
    _check(payment, bill)
    bill.paid += payment.amount
    moved = move_to(bill, state_by_money(bill), at)
    due = promise_refund(bill) if bill.is_credited else None
    bill.save()
    movement = MoneyMovement.objects.create(
        number=payment.payment_number,
        kind=Direction.PAYMENT,
        bill=bill,
        handoff=handoff,
        method=payment.method,
        method_label=payment.method_label,
        method_kind=kind_of(payment),
        amount=payment.amount,
        currency=payment.currency,
        moved_at=payment.taken_at,
    )
    owed_by = Ledger.REFUNDS_PAYABLE if bill.is_credited else Ledger.RECEIVABLE
    book(
        handoff=handoff,
        bill=bill,
        kind=EntryKind.PAYMENT,
        document=movement.number,
        at=at,
        sides=[
            debit(MONEY_ACCOUNTS[kind_of(payment)], payment.amount),
            credit(owed_by, payment.amount),
        ],
    )
    record(
        actor=actor,
        action="book_payment",
        subject_kind="payment",
        subject=movement.number,
        changes={
            "order": (None, bill.order_number),
            "amount": (None, movement.amount),
            **({"state": moved} if moved else {}),
        },
        at=at,
    )
    if due:
        note = bill.documents.get(kind=DocumentKind.CREDIT_NOTE)
        tell_desk(bill, at, credit_note_number=note.number)
        tell_refund_due(bill, due, note.number, at)
    else:
        tell_desk(bill, at)
    return movement


@transaction.atomic
def book_refund(*, actor: User | None, refund: RefundPaid, handoff: Handoff) -> MoneyMovement:
    """Books money that the desk gave back, out of what was promised to the customer.

    Raises `NoBill`, `UnusableMoney`, `RefundNotPromised`.
    """
    at = timezone.now()
    bill = lock_bill(refund.order_number)
    _check(refund, bill)
    if refund.amount > bill.refund_promised:
        raise RefundNotPromised(
            f"{refund.amount} {refund.currency} was given back for {bill.order_number}, "
            f"of which {bill.refund_promised} was due"
        )
    bill.refund_promised -= refund.amount
    bill.refunded += refund.amount
    bill.save()
    movement = MoneyMovement.objects.create(
        number=refund.payment_number,
        kind=Direction.REFUND,
        bill=bill,
        handoff=handoff,
        method=refund.method,
        method_label=refund.method_label,
        method_kind=kind_of(refund),
        amount=refund.amount,
        currency=refund.currency,
        moved_at=refund.paid_at,
    )
    book(
        handoff=handoff,
        bill=bill,
        kind=EntryKind.REFUND,
        document=movement.number,
        at=at,
        sides=[
            debit(Ledger.REFUNDS_PAYABLE, refund.amount),
            credit(MONEY_ACCOUNTS[kind_of(refund)], refund.amount),
        ],
    )
    record(
        actor=actor,
        action="book_refund",
        subject_kind="refund",
        subject=movement.number,
        changes={"order": (None, bill.order_number), "amount": (None, movement.amount)},
        at=at,
    )
    return movement


def kind_of(money: PaymentTaken | RefundPaid) -> str:
    """Where the money lies: cash, card or transfer. Before version 2 the method said it."""
    return money.method_kind or money.method


def _check(money: PaymentTaken | RefundPaid, bill: Bill) -> None:
    """Raises `UnusableMoney` for what could not be booked however often it were tried."""
    if money.currency != bill.currency:
        raise UnusableMoney(f"{money.currency} on a bill in {bill.currency}")
    if kind_of(money) not in MONEY_ACCOUNTS:
        raise UnusableMoney(f"no account for money by {money.method}")
    if money.amount <= 0:
        raise UnusableMoney(f"an amount of {money.amount}")
