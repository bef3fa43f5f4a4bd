"""The books: invoices, payments, and a journal that always balances."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backoffice.accounting.states import BillState, DocumentKind
from officeflow.company.models import Site
from officeflow.handoff.models import Handoff

UNCHANGEABLE = pgtrigger.Protect(
    name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete
)


class AccountKind(models.TextChoices):
    """The five kinds of accounts of double-entry bookkeeping."""

    ASSET = "asset", _("Asset")
    LIABILITY = "liability", _("Liability")
    EQUITY = "equity", _("Equity")
    INCOME = "income", _("Income")
    EXPENSE = "expense", _("Expense")


class Account(models.Model):
    """One account of the chart of accounts."""

    code = models.CharField(_("code"), max_length=10, unique=True)
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=AccountKind.choices)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class NumberSeries(models.Model):
    """The counter of a gapless series in one year of the office's zone; locked last."""

    series = models.CharField(max_length=5)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "number series"
        constraints = [
            models.UniqueConstraint(fields=["series", "year"], name="number_series_once")
        ]

    def __str__(self) -> str:
        return f"{self.series}-{self.year}"


class Bill(models.Model):
    """The account of one order: what was billed, what was paid, how it stands.

    Locked by every consumer that changes it, so that payments and cancellations of one order
    follow each other.
    """

    order_number = models.CharField(max_length=20, unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    customer_number = models.CharField(max_length=20, blank=True)
    customer_name = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=3)
    gross = models.DecimalField(max_digits=18, decimal_places=4)
    paid = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    refunded = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    refund_promised = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    state = models.CharField(
        max_length=12, choices=BillState.choices, default=BillState.INVOICED
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(paid__gte=0), name="bill_paid_not_negative"),
            models.CheckConstraint(
                condition=Q(refunded__gte=0) & Q(refunded__lte=F("paid")),
                name="bill_refunded_within_paid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_number} {self.state}"


class Invoice(models.Model):
    """An invoice or a credit note as issued. Never changed; a credit note takes one back."""

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12, choices=DocumentKind.choices)
    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="documents")
    serial = models.PositiveIntegerField()
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="documents")
    handoff = models.OneToOneField(Handoff, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    issued_date = models.DateField()
    issued_at = models.DateTimeField()
    seller_name = models.CharField(max_length=100)
    currency = models.CharField(max_length=3)
    prices_include_tax = models.BooleanField()
    net = models.DecimalField(max_digits=18, decimal_places=4)
    tax = models.DecimalField(max_digits=18, decimal_places=4)
    gross = models.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "serial"], name="invoice_serial_once"),
            models.UniqueConstraint(
                fields=["bill", "kind"], name="invoice_one_of_each_kind_a_bill"
            ),
            models.CheckConstraint(condition=Q(gross=F("net") + F("tax")), name="invoice_adds_up"),
            models.CheckConstraint(
                condition=Q(kind="invoice", reverses__isnull=True)
                | Q(kind="credit_note", reverses__isnull=False),
                name="invoice_credit_note_reverses",
            ),
        ]
        triggers = [UNCHANGEABLE]
        indexes = [models.Index(fields=["-issued_at", "-id"], name="invoice_by_day")]

    def __str__(self) -> str:
        return self.number


class InvoiceLine(models.Model):
    """One line with the tax rate used and what it came to."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    sku = models.CharField(max_length=40)
    description = models.CharField(max_length=200)
    unit = models.CharField(max_length=10)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    unit_price = models.DecimalField(max_digits=18, decimal_places=4)
    discount_percent = models.DecimalField(max_digits=5, decimal_places=2)
    tax_rate = models.DecimalField(max_digits=7, decimal_places=4)
    net = models.DecimalField(max_digits=18, decimal_places=4)
    tax = models.DecimalField(max_digits=18, decimal_places=4)
    gross = models.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "position"], name="invoice_line_in_its_place"
            ),
            models.CheckConstraint(
                condition=Q(gross=F("net") + F("tax")), name="invoice_line_adds_up"
            ),
        ]
        triggers = [UNCHANGEABLE]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.description}"


class Direction(models.TextChoices):
    """Which way the money went."""

    PAYMENT = "payment", _("Payment")
    REFUND = "refund", _("Refund")


class MoneyMovement(models.Model):
    """A payment or refund as the books know it, named by the desk's payment number."""

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=10, choices=Direction.choices)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="movements")
    handoff = models.OneToOneField(Handoff, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=10)
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    currency = models.CharField(max_length=3)
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="movement_is_positive")
        ]
        triggers = [UNCHANGEABLE]

    def __str__(self) -> str:
        return self.number


class JournalEntry(models.Model):
    """One entry: what happened, and postings that balance. Corrected only by a reversal."""

    handoff = models.OneToOneField(Handoff, on_delete=models.PROTECT, related_name="+")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="entries")
    booked_date = models.DateField()
    booked_at = models.DateTimeField()
    text = models.CharField(max_length=200)
    document = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    reverses = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="reversed_by"
    )

    class Meta:
        verbose_name_plural = "journal entries"
        triggers = [UNCHANGEABLE]
        indexes = [models.Index(fields=["-booked_at", "-id"], name="journal_by_day")]

    def __str__(self) -> str:
        return f"{self.document} {self.text}"


class Posting(models.Model):
    """One side of an entry: a debit or a credit on one account, never both."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings")
    debit = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    credit = models.DecimalField(max_digits=18, decimal_places=4, default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0),
                name="posting_one_side",
            )
        ]
        triggers = [
            UNCHANGEABLE,
            # Deferred: an entry is written posting by posting and judged at the commit.
            pgtrigger.Trigger(
                name="entry_balances",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                declare=[("difference", "numeric")],
                func="""
                    SELECT sum(debit) - sum(credit) INTO difference
                    FROM accounting_posting WHERE entry_id = NEW.entry_id;
                    IF difference <> 0 THEN
                        RAISE EXCEPTION 'journal entry % does not balance', NEW.entry_id
                            USING ERRCODE = '23514';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.debit}/{self.credit}"
