"""Booking payments, corrections of their method, and refunds."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from backoffice.accounting.actions.booking import (
    EntryLine,
    NewEntry,
    credit,
    debit,
    entry_lines,
    write_entry,
)
from backoffice.accounting.actions.errors import (
    InvalidPayment,
    PaymentMissing,
    RefundNotPromised,
)
from backoffice.accounting.actions.receivables import (
    change_state,
    lock_receivable,
    post_billing_progress,
    post_refund_due,
    promise_refund,
    state_by_money,
)
from backoffice.accounting.models import (
    JournalEntry,
    MethodCorrection,
    MoneyMovement,
    Receivable,
)
from backoffice.accounting.reference import MONEY_ACCOUNTS, AccountCode
from backoffice.accounting.states import Direction, DocumentKind, JournalEntryKind
from officeflow.audit.actions import record
from officeflow.handoff.contracts import PaymentMethodCorrected, PaymentTaken, RefundPaid
from officeflow.handoff.models import Handoff
from officeflow.staff.models import User


@transaction.atomic
def book_payment(*, actor: User | None, payment: PaymentTaken, handoff: Handoff) -> MoneyMovement:
    """Books a payment in every state of the receivable.

    An overpaid amount becomes the customer's credit balance. A payment for an order that was
    cancelled meanwhile becomes a refund due. Raises `ReceivableMissing`, `InvalidPayment`.
    """
    at = timezone.now()
    receivable = lock_receivable(payment.order_number)
    _check(payment, receivable)
    receivable.paid += payment.amount
    moved = change_state(receivable, state_by_money(receivable), at)
    due = promise_refund(receivable) if receivable.is_credited else None
    receivable.save()
    movement = MoneyMovement.objects.create(
        number=payment.payment_number,
        kind=Direction.PAYMENT,
        receivable=receivable,
        handoff=handoff,
        method=payment.method,
        method_label=payment.method_label,
        method_kind=money_kind(payment),
        amount=payment.amount,
        currency=payment.currency,
        moved_at=payment.taken_at,
    )
    account = AccountCode.REFUNDS_PAYABLE if receivable.is_credited else AccountCode.RECEIVABLE
    write_entry(
        NewEntry(
            handoff=handoff,
            receivable=receivable,
            kind=JournalEntryKind.PAYMENT,
            document=movement.number,
            at=at,
            lines=[
                debit(MONEY_ACCOUNTS[money_kind(payment)], payment.amount),
                credit(account, payment.amount),
            ],
        )
    )
    record(
        actor=actor,
        action="book_payment",
        subject_kind="payment",
        subject=movement.number,
        changes={
            "order": (None, receivable.order_number),
            "amount": (None, movement.amount),
            **({"state": moved} if moved else {}),
        },
        at=at,
    )
    if due:
        note = receivable.documents.get(kind=DocumentKind.CREDIT_NOTE)
        post_billing_progress(receivable, at, credit_note_number=note.number)
        post_refund_due(receivable, due, note.number, at)
    else:
        post_billing_progress(receivable, at)
    return movement


@transaction.atomic
def book_method_correction(
    *, actor: User | None, correction: PaymentMethodCorrected, handoff: Handoff
) -> MethodCorrection:
    """Books a payment on the account of its right method, and reverses the booking before.

    The receivable stays as it is. Nothing is booked when both methods have the same account.
    Raises `ReceivableMissing`, `PaymentMissing`, `InvalidPayment`.
    """
    at = timezone.now()
    receivable = lock_receivable(correction.order_number)
    movement = (
        receivable.movements.filter(kind=Direction.PAYMENT, number=correction.payment_number)
        .prefetch_related("corrections")
        .first()
    )
    if movement is None:
        raise PaymentMissing(f"payment {correction.payment_number} was not booked")
    known = (movement.latest.method, movement.amount, movement.currency)
    if known != (correction.previous_method, correction.amount, correction.currency):
        raise PaymentMissing(
            f"payment {movement.number} is booked as {' '.join(map(str, known))}, which is not "
            "what the correction says"
        )
    corrected = MethodCorrection.objects.create(
        movement=movement,
        handoff=handoff,
        method=correction.method,
        method_label=correction.method_label,
        method_kind=correction.method_kind,
        corrected_at=correction.corrected_at,
    )
    before = MONEY_ACCOUNTS[correction.previous_method_kind]
    right = MONEY_ACCOUNTS[correction.method_kind]
    if before != right:
        booked = _booked(movement)
        other = next(line.account for line in entry_lines(booked) if line.account != before)
        write_entry(
            NewEntry(
                handoff=handoff,
                receivable=receivable,
                kind=JournalEntryKind.CORRECTION,
                document=movement.number,
                at=at,
                lines=[
                    EntryLine(other, debit=movement.amount),
                    credit(before, movement.amount),
                    debit(right, movement.amount),
                    EntryLine(other, credit=movement.amount),
                ],
                reverses=booked,
            )
        )
    record(
        actor=actor,
        action="book_method_correction",
        subject_kind="payment",
        subject=movement.number,
        changes={
            "order": (None, receivable.order_number),
            "method": (correction.previous_method, correction.method),
        },
        at=at,
    )
    return corrected


def _booked(movement: MoneyMovement) -> JournalEntry:
    """Returns the entry that has a payment's money where it lies in the books now."""
    return JournalEntry.objects.filter(
        receivable=movement.receivable_id,
        kind__in=(JournalEntryKind.PAYMENT, JournalEntryKind.CORRECTION),
        document=movement.number,
    ).latest("pk")


@transaction.atomic
def book_refund(*, actor: User | None, refund: RefundPaid, handoff: Handoff) -> MoneyMovement:
    """Books a refund that the desk paid.

    Raises `ReceivableMissing`, `InvalidPayment`, `RefundNotPromised`.
    """
    at = timezone.now()
    receivable = lock_receivable(refund.order_number)
    _check(refund, receivable)
    if refund.amount > receivable.refund_promised:
        raise RefundNotPromised(
            f"{refund.amount} {refund.currency} was refunded for {receivable.order_number}, "
            f"but only {receivable.refund_promised} was due"
        )
    receivable.refund_promised -= refund.amount
    receivable.refunded += refund.amount
    receivable.save()
    movement = MoneyMovement.objects.create(
        number=refund.payment_number,
        kind=Direction.REFUND,
        receivable=receivable,
        handoff=handoff,
        method=refund.method,
        method_label=refund.method_label,
        method_kind=money_kind(refund),
        amount=refund.amount,
        currency=refund.currency,
        moved_at=refund.paid_at,
    )
    write_entry(
        NewEntry(
            handoff=handoff,
            receivable=receivable,
            kind=JournalEntryKind.REFUND,
            document=movement.number,
            at=at,
            lines=[
                debit(AccountCode.REFUNDS_PAYABLE, refund.amount),
                credit(MONEY_ACCOUNTS[money_kind(refund)], refund.amount),
            ],
        )
    )
    record(
        actor=actor,
        action="book_refund",
        subject_kind="refund",
        subject=movement.number,
        changes={"order": (None, receivable.order_number), "amount": (None, movement.amount)},
        at=at,
    )
    return movement


def money_kind(money: PaymentTaken | RefundPaid) -> str:
    """Returns cash, card or transfer; before version 2 of the contract, the method had it."""
    return money.method_kind or money.method


def _check(money: PaymentTaken | RefundPaid, receivable: Receivable) -> None:
    """Raises `InvalidPayment` for a payment or refund that cannot be booked."""
    if money.currency != receivable.currency:
        raise InvalidPayment(f"{money.currency} for a receivable in {receivable.currency}")
    if money_kind(money) not in MONEY_ACCOUNTS:
        raise InvalidPayment(f"no account for money by {money.method}")
    if money.amount <= 0:
        raise InvalidPayment(f"an amount of {money.amount}")
