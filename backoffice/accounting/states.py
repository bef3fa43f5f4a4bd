"""Accounting's statuses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.workflow import State


class BillState(State):
    """How far an order's bill is; the desk mirrors it."""

    INVOICED = "invoiced", "info", _("Invoiced")
    PART_PAID = "part_paid", "warn", _("Part paid")
    PAID = "paid", "good", _("Paid")
    CREDITED = "credited", "neutral", _("Credited")


class DocumentKind(State):
    """An invoice asks for money, a credit note takes an invoice back."""

    INVOICE = "invoice", "info", _("Invoice")
    CREDIT_NOTE = "credit_note", "neutral", _("Credit note")
