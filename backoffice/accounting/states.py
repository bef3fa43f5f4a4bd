"""The states of a receivable and the moves allowed between them, and the kinds of documents."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from officeflow.workflow import Moves, State


class ReceivableState(State):
    """The state of an order's receivable, which the desk mirrors."""

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
    """The kind of a document; a credit note reverses an invoice."""

    INVOICE = "invoice", "info", _("Invoice")
    CREDIT_NOTE = "credit_note", "neutral", _("Credit note")


class Direction(models.TextChoices):
    """Whether money was paid to the office or refunded to the customer."""

    PAYMENT = "payment", _("Payment")
    REFUND = "refund", _("Refund")


class JournalEntryKind(models.TextChoices):
    """The kind of document that a journal entry books."""

    INVOICE = "invoice", _("Invoice")
    PAYMENT = "payment", _("Payment")
    CREDIT_NOTE = "credit_note", _("Credit note")
    REFUND = "refund", _("Refund")
    CORRECTION = "correction", _("Corrected payment")
    TILL_COUNT = "till_count", _("Till count")
