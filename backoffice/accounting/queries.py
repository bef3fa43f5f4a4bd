"""Every read that accounting's pages and API need."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from backoffice.accounting.models import (
    Account,
    Invoice,
    InvoiceLine,
    JournalEntry,
    MoneyMovement,
    Posting,
)
from backoffice.accounting.models.documents import InvoiceQuerySet
from backoffice.accounting.models.journal import JournalEntryQuerySet
from backoffice.accounting.states import DocumentKind
from backoffice.accounting.sums import TaxSum, tax_by_rate


class Shown(models.TextChoices):
    """What the list of documents shows."""

    ALL = "", _("All")
    OPEN = "open", _("Open")
    PAID = "paid", _("Paid")
    CREDITED = "credited", _("Credited")
    CREDIT_NOTES = "credit_notes", _("Credit notes")


def documents(shown: str = "", text: str = "") -> InvoiceQuerySet:
    """Invoices and credit notes with their bills: all, or those of one kind that match a text.

    `shown` is a value of `Shown`; one that is not known shows all.
    """
    rows = Invoice.objects.select_related("bill", "reverses")
    match shown:
        case Shown.OPEN:
            rows = rows.open()
        case Shown.PAID:
            rows = rows.paid()
        case Shown.CREDITED:
            rows = rows.credited()
        case Shown.CREDIT_NOTES:
            rows = rows.credit_notes()
    return rows.matching(text)


@dataclass(frozen=True, kw_only=True)
class Document:
    """An invoice or credit note with everything its page shows."""

    invoice: Invoice
    lines: list[InvoiceLine]
    tax_sums: list[TaxSum]
    movements: list[MoneyMovement]
    credit_note: Invoice | None

    @property
    def has_discount(self) -> bool:
        """Whether the column of discounts has anything to say."""
        return any(line.discount_percent for line in self.lines)


def document(invoice: Invoice) -> Document:
    """The document with its lines, tax by rate, the money that moved, and its credit note."""
    lines = list(invoice.lines.all())
    return Document(
        invoice=invoice,
        lines=lines,
        tax_sums=tax_by_rate(lines),
        movements=list(invoice.bill.movements.order_by("pk")),
        credit_note=None
        if invoice.is_credit_note
        else invoice.bill.documents.filter(kind=DocumentKind.CREDIT_NOTE).first(),
    )


def journal(text: str = "") -> JournalEntryQuerySet:
    """Entries with their postings and accounts; those of one document or order with a text."""
    return (
        JournalEntry.objects.about(text)
        .select_related("bill", "reverses")
        .prefetch_related("postings__account")
    )


@dataclass(frozen=True, kw_only=True)
class JournalTotal:
    """Debits and credits of entries in one currency."""

    currency: str
    debit: Decimal
    credit: Decimal

    @property
    def balanced(self) -> bool:
        """Whether they are equal, as they must be."""
        return self.debit == self.credit


def journal_totals(text: str = "") -> list[JournalTotal]:
    """The sums over every entry that `journal(text)` finds, one for each currency."""
    postings = Posting.objects.all()
    if text.strip():
        postings = postings.filter(entry__in=JournalEntry.objects.about(text))
    sums = (
        postings.values("entry__currency")
        .annotate(debits=Sum("debit"), credits=Sum("credit"))
        .order_by("entry__currency")
    )
    return [
        JournalTotal(currency=row["entry__currency"], debit=row["debits"], credit=row["credits"])
        for row in sums
    ]


@dataclass(frozen=True, kw_only=True)
class AccountLine:
    """One account of the trial balance in one currency."""

    account: Account
    currency: str
    debit: Decimal
    credit: Decimal

    @property
    def debit_balance(self) -> Decimal | None:
        """The balance where debits prevail, else None."""
        return self.debit - self.credit if self.debit > self.credit else None

    @property
    def credit_balance(self) -> Decimal | None:
        """The balance where credits prevail, else None."""
        return self.credit - self.debit if self.credit > self.debit else None


def trial_balance() -> list[AccountLine]:
    """The trial balance: every account with its debits, credits and balance, by currency."""
    sums = (
        Posting.objects.values("account__code", "account__name", "account__kind", "entry__currency")
        .annotate(debits=Sum("debit"), credits=Sum("credit"))
        .order_by("entry__currency", "account__code")
    )
    return [
        AccountLine(
            account=Account(
                code=row["account__code"], name=row["account__name"], kind=row["account__kind"]
            ),
            currency=row["entry__currency"],
            debit=row["debits"],
            credit=row["credits"],
        )
        for row in sums
    ]
