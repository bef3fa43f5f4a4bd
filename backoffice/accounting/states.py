"""Accounting's statuses and the moves allowed between them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from officeflow.workflow import Moves, State


class ReceivableState(State):
    """How far an order's receivable is; the desk mirrors it."""

    INVOICED = "invoiced", "info", _("Invoiced")
    PART_PAID = "part_paid", "warn", _("Part paid")
    PAID = "paid", "good", _("Paid")
    CREDITED = "credited", "neutral", _("Credited")


# States in which the customer still owes something.
OPEN_STATES = (ReceivableState.INVOICED, ReceivableState.PART_PAID)

RECEIVABLE_MOVES = Moves(
    {
        ReceivableState.INVOICED: {
            ReceivableState.PART_PAID,
            ReceivableState.PAID,
            ReceivableState.CREDITED,
        },
        ReceivableState.PART_PAID: {ReceivableState.PAID, ReceivableState.CREDITED},
        ReceivableState.PAID: {ReceivableState.CREDITED},
    }
)


class DocumentKind(State):
    """An invoice asks for money, a credit note takes an invoice back."""

    INVOICE = "invoice", "info", _("Invoice")
    CREDIT_NOTE = "credit_note", "neutral", _("Credit note")


class Direction(models.TextChoices):
    """Which way the money went."""

    PAYMENT = "payment", _("Payment")
    REFUND = "refund", _("Refund")


class EntryKind(models.TextChoices):
    """What a journal entry books."""

    INVOICE = "invoice", _("Invoice")
    PAYMENT = "payment", _("Payment")
    CREDIT_NOTE = "credit_note", _("Credit note")
    REFUND = "refund", _("Refund")
    TILL_COUNT = "till_count", _("Till count")
