"""Invoices and credit notes."""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import F, Q

from backoffice.accounting.models.accounts import NumberSeries
from backoffice.accounting.models.guards import written_whole
from backoffice.accounting.models.receivables import Receivable
from backoffice.accounting.states import OPEN_STATES, DocumentKind, ReceivableState
from officeflow.append_only import NO_TRUNCATE, UNCHANGEABLE
from officeflow.catalogue.models import Unit, unit_sign
from officeflow.documents.letterhead import Letterhead
from officeflow.documents.stored import StoredDocument
from officeflow.handoff.models import Handoff
from officeflow.rollups.marking import marks
from officeflow.text import name_key
from officeflow.transaction_id import TransactionId


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    """Filters of documents."""

    def invoices(self) -> InvoiceQuerySet:
        """Returns invoices."""
        return self.filter(kind=DocumentKind.INVOICE)

    def credit_notes(self) -> InvoiceQuerySet:
        """Returns credit notes."""
        return self.filter(kind=DocumentKind.CREDIT_NOTE)

    def open(self) -> InvoiceQuerySet:
        """Returns invoices that are not fully paid."""
        return self.invoices().filter(receivable__state__in=OPEN_STATES)

    def paid(self) -> InvoiceQuerySet:
        """Returns invoices that are fully paid."""
        return self.invoices().filter(receivable__state=ReceivableState.PAID)

    def credited(self) -> InvoiceQuerySet:
        """Returns invoices with a credit note."""
        return self.invoices().filter(receivable__state=ReceivableState.CREDITED)

    def matching(self, text: str) -> InvoiceQuerySet:
        """Filters by the start of the document's, order's or customer's number, or by a part of
        the customer's name, without regard to case and accents. Blank text does not filter."""
        text = text.strip()
        if not text:
            return self
        number = text.upper().replace(" ", "")
        return self.filter(
            Q(number__startswith=number)
            | Q(receivable__order_number__startswith=number)
            | Q(receivable__customer_number__startswith=number)
            | Q(receivable__customer_key__contains=name_key(text))
        )


class Invoice(models.Model):
    """An invoice or a credit note as issued, which is never changed; a credit note reverses one."""

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12, choices=DocumentKind.choices)
    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="documents")
    serial = models.PositiveIntegerField()
    receivable = models.ForeignKey(Receivable, on_delete=models.PROTECT, related_name="documents")
    handoff = models.OneToOneField(Handoff, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    issued_date = models.DateField()
    issued_at = models.DateTimeField()
    # The office's language and details at the time of issue; older documents have no language.
    language = models.CharField(max_length=10, blank=True, default="", db_default="")
    seller_name = models.CharField(max_length=100)
    seller_address = models.TextField(blank=True)
    seller_phone = models.CharField(max_length=40, blank=True, default="")
    seller_email = models.CharField(max_length=254, blank=True, default="")
    seller_website = models.CharField(max_length=200, blank=True, default="")
    seller_tax_number = models.CharField(max_length=40, blank=True, default="")
    seller_note = models.TextField(blank=True, default="")
    # The day on which the order was placed; older documents have none.
    supplied_date = models.DateField(null=True)
    currency = models.CharField(max_length=3)
    prices_include_tax = models.BooleanField()
    net = models.DecimalField(max_digits=18, decimal_places=4)
    tax = models.DecimalField(max_digits=18, decimal_places=4)
    gross = models.DecimalField(max_digits=18, decimal_places=4)
    transaction_id = models.BigIntegerField(db_default=TransactionId(), editable=False)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "serial"], name="invoice_serial_once"),
            models.UniqueConstraint(fields=["receivable", "kind"], name="invoice_one_of_each_kind"),
            models.CheckConstraint(condition=Q(gross=F("net") + F("tax")), name="invoice_adds_up"),
            models.CheckConstraint(
                condition=Q(kind="invoice", reverses__isnull=True)
                | Q(kind="credit_note", reverses__isnull=False),
                name="invoice_credit_note_reverses",
            ),
        ]
        triggers = [
            UNCHANGEABLE,
            NO_TRUNCATE,
            *marks("invoices", "issued_at"),
            # Deferred, because lines are written after their document.
            pgtrigger.Trigger(
                name="lines_add_up",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func="""
                    IF NOT EXISTS (
                        SELECT FROM accounting_invoiceline WHERE invoice_id = NEW.id
                        HAVING coalesce(sum(net), 0) = NEW.net
                           AND coalesce(sum(tax), 0) = NEW.tax
                           AND coalesce(sum(gross), 0) = NEW.gross
                    ) THEN
                        RAISE EXCEPTION 'the lines of % do not add up to it', NEW.number
                            USING ERRCODE = '23514';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "-id"], name="invoice_by_kind"),
            models.Index(fields=["issued_at"], name="invoice_by_time"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def letterhead(self) -> Letterhead:
        """The office's details at the time of issue."""
        return Letterhead(
            name=self.seller_name,
            address=self.seller_address,
            phone=self.seller_phone,
            email=self.seller_email,
            website=self.seller_website,
            tax_number=self.seller_tax_number,
            note=self.seller_note,
        )

    @property
    def sign(self) -> int:
        """1, and -1 for a credit note: what its amounts count in a sum of documents."""
        return -1 if self.is_credit_note else 1

    @property
    def signed_gross(self) -> Decimal:
        """The gross total as it counts in a sum of documents."""
        return self.sign * self.gross

    @property
    def is_credit_note(self) -> bool:
        """Whether this document reverses an invoice."""
        return self.kind == DocumentKind.CREDIT_NOTE


class DocumentFile(StoredDocument):
    """An invoice or credit note as PDF, drawn once: at its first use, or by a periodic job."""

    document = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="file")

    class Meta(StoredDocument.Meta):
        pass

    def __str__(self) -> str:
        return f"file of {self.document_id}"


class InvoiceLine(models.Model):
    """A line of a document with its tax rate and amounts."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    sku = models.CharField(max_length=40)
    description = models.CharField(max_length=200)
    is_goods = models.BooleanField()
    unit = models.CharField(max_length=10, choices=Unit.choices)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    unit_price = models.DecimalField(max_digits=18, decimal_places=4)
    discount_percent = models.DecimalField(max_digits=5, decimal_places=2)
    tax_rate = models.DecimalField(max_digits=8, decimal_places=5)
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
        triggers = [
            UNCHANGEABLE,
            NO_TRUNCATE,
            written_whole("accounting_invoice", "invoice_id"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.description}"

    @property
    def unit_label(self) -> str:
        """The unit's sign behind a quantity, as in 1.5 h; empty for pieces."""
        return unit_sign(self.unit)
