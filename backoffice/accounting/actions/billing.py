"""Issuing invoices and credit notes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from backoffice.accounting import documents
from backoffice.accounting.actions.booking import EntryLine, credit, debit, entry_lines, write_entry
from backoffice.accounting.actions.errors import AlreadyCredited, AlreadyInvoiced, SiteUnknown
from backoffice.accounting.actions.receivables import (
    change_state,
    lock_receivable,
    open_period,
    post_billing_progress,
    post_refund_due,
    promise_refund,
    state_by_money,
)
from backoffice.accounting.models import (
    DocumentFile,
    Invoice,
    InvoiceLine,
    JournalEntry,
    Receivable,
)
from backoffice.accounting.numbering import next_document_number
from backoffice.accounting.reference import AccountCode
from backoffice.accounting.states import DocumentKind, JournalEntryKind, ReceivableState
from officeflow.audit.actions import record
from officeflow.company.models import Office, Site
from officeflow.company.queries import get_office, office_date
from officeflow.documents.letterhead import letterhead_of
from officeflow.handoff.contracts import OrderLine, OrderPlaced
from officeflow.handoff.models import Handoff
from officeflow.money import ZERO, LineAmounts
from officeflow.staff.models import User
from officeflow.text import name_key


@transaction.atomic
def issue_invoice(*, actor: User | None, order: OrderPlaced, handoff: Handoff) -> Invoice:
    """Issues an order's invoice, books it, and reports it to the desk.

    The totals are the sums of the lines. Raises `AlreadyInvoiced`, `SiteUnknown`.
    """
    if Receivable.objects.filter(order_number=order.order_number).exists():
        raise AlreadyInvoiced(f"order {order.order_number} has an invoice already")
    site = Site.objects.filter(code=order.site_code).first()
    if site is None:
        raise SiteUnknown(f"there is no site {order.site_code}")
    at = timezone.now()
    office = get_office()
    amounts = _total(order.lines)
    receivable = Receivable(
        order_number=order.order_number,
        site=site,
        customer_number=order.customer.number if order.customer else "",
        customer_name=order.customer.name if order.customer else "",
        customer_address=order.customer.address if order.customer else "",
        customer_key=name_key(order.customer.name)[:200] if order.customer else "",
        currency=order.currency,
        gross=amounts.gross,
    )
    receivable.state = state_by_money(receivable)
    receivable.save()
    open_period(receivable, at)
    invoice = _issue(
        kind=DocumentKind.INVOICE,
        receivable=receivable,
        office=office,
        handoff=handoff,
        at=at,
        supplied_date=office_date(order.ordered_at, office),
        prices_include_tax=order.prices_include_tax,
        amounts=amounts,
        lines=[_line(line) for line in order.lines],
    )
    write_entry(
        handoff=handoff,
        receivable=receivable,
        kind=JournalEntryKind.INVOICE,
        document=invoice.number,
        at=at,
        lines=[
            debit(AccountCode.RECEIVABLE, amounts.gross),
            credit(AccountCode.SALES_GOODS, _net(order.lines, is_goods=True)),
            credit(AccountCode.SALES_SERVICES, _net(order.lines, is_goods=False)),
            credit(AccountCode.OUTPUT_TAX, amounts.tax),
        ],
    )
    record(
        actor=actor,
        action="issue_invoice",
        subject_kind="invoice",
        subject=invoice.number,
        changes={
            "order": (None, receivable.order_number),
            "gross": (None, invoice.gross),
            "state": (None, receivable.state),
        },
        at=at,
    )
    post_billing_progress(receivable, at, invoice_number=invoice.number)
    return invoice


@transaction.atomic
def credit_invoice(*, actor: User | None, order_number: str, handoff: Handoff) -> Invoice:
    """Issues the credit note of a cancelled order, reverses the invoice's entry, and reports both
    and a refund due to the desk.

    The paid amount becomes payable to the customer in the same entry. Raises `ReceivableMissing`,
    `AlreadyCredited`.
    """
    at = timezone.now()
    office = get_office()
    receivable = lock_receivable(order_number)
    if receivable.is_credited:
        raise AlreadyCredited(f"order {order_number} has a credit note already")
    invoice = receivable.documents.get(kind=DocumentKind.INVOICE)
    entry = JournalEntry.objects.get(handoff_id=invoice.handoff_id)
    moved = change_state(receivable, ReceivableState.CREDITED, at)
    due = promise_refund(receivable)
    receivable.save()
    note = _issue(
        kind=DocumentKind.CREDIT_NOTE,
        receivable=receivable,
        office=office,
        handoff=handoff,
        at=at,
        supplied_date=invoice.supplied_date,
        prices_include_tax=invoice.prices_include_tax,
        amounts=LineAmounts(net=invoice.net, tax=invoice.tax, gross=invoice.gross),
        lines=[_line(line) for line in invoice.lines.all()],
        reverses=invoice,
    )
    write_entry(
        handoff=handoff,
        receivable=receivable,
        kind=JournalEntryKind.CREDIT_NOTE,
        document=note.number,
        at=at,
        lines=[*(line.reversed for line in entry_lines(entry)), *_refund_lines(due)],
        reverses=entry,
    )
    record(
        actor=actor,
        action="credit_invoice",
        subject_kind="invoice",
        subject=note.number,
        changes={
            "invoice": (None, invoice.number),
            "state": moved or (None, None),
            "refund_due": (None, due),
        },
        at=at,
    )
    post_billing_progress(receivable, at, credit_note_number=note.number)
    if due:
        post_refund_due(receivable, due, note.number, at)
    return note


def _refund_lines(due: Decimal) -> list[EntryLine]:
    """Returns the lines that make the paid amount payable, instead of a negative receivable."""
    return [debit(AccountCode.RECEIVABLE, due), credit(AccountCode.REFUNDS_PAYABLE, due)]


def _issue(
    *,
    kind: DocumentKind,
    receivable: Receivable,
    office: Office,
    handoff: Handoff,
    at: datetime,
    supplied_date: date | None,
    prices_include_tax: bool,
    amounts: LineAmounts,
    lines: list[InvoiceLine],
    reverses: Invoice | None = None,
) -> Invoice:
    """Writes a document with the next number of its series.

    It locks the number's counter, so the action takes all other locks before. The PDF is drawn
    after the commit, when nobody waits for the counter.
    """
    issued_date = office_date(at, office)
    seller = letterhead_of(office, receivable.site.address)
    number = next_document_number(kind, issued_date.year)
    document = Invoice.objects.create(
        number=str(number),
        kind=kind,
        series_id=number.series_id,
        serial=number.serial,
        receivable=receivable,
        handoff=handoff,
        reverses=reverses,
        issued_date=issued_date,
        issued_at=at,
        seller_name=seller.name,
        seller_address=seller.address,
        seller_phone=seller.phone,
        seller_email=seller.email,
        seller_website=seller.website,
        seller_tax_number=seller.tax_number,
        seller_note=seller.note,
        supplied_date=supplied_date,
        currency=receivable.currency,
        prices_include_tax=prices_include_tax,
        net=amounts.net,
        tax=amounts.tax,
        gross=amounts.gross,
    )
    for line in lines:
        line.invoice = document
    InvoiceLine.objects.bulk_create(lines)
    transaction.on_commit(DrawnAfterCommit(document.pk).draw, robust=True)
    return document


class DrawnAfterCommit:
    """An `on_commit` callback that draws and keeps the PDF of a document.

    When it fails or its process ends before it, `keep_file` draws the PDF at its first use.
    """

    def __init__(self, pk: int) -> None:
        self.pk = pk

    def draw(self) -> None:
        """Draws and keeps the PDF."""
        keep_file(document=Invoice.objects.select_related("receivable", "reverses").get(pk=self.pk))


def keep_file(*, document: Invoice) -> DocumentFile:
    """Returns the PDF of an issued document, which is drawn and kept when it has none yet.

    Nothing that it shows changes after the issue. Of two processes the first one's is kept.
    """
    kept = DocumentFile.objects.filter(document=document).first()
    if kept is not None:
        return kept
    content = documents.draw_document(document, office=get_office())
    try:
        with transaction.atomic():
            return DocumentFile.store(content, document=document, drawn_at=timezone.now())
    except IntegrityError:
        return DocumentFile.objects.get(document=document)


def _total(lines: Iterable[OrderLine]) -> LineAmounts:
    net = tax = ZERO
    for line in lines:
        net, tax = net + line.net, tax + line.tax
    return LineAmounts(net=net, tax=tax, gross=net + tax)


def _net(lines: Iterable[OrderLine], *, is_goods: bool) -> Decimal:
    return sum((line.net for line in lines if line.is_goods == is_goods), ZERO)


def _line(line: OrderLine | InvoiceLine) -> InvoiceLine:
    """Returns a document's line from a line of the order or of the credited invoice."""
    return InvoiceLine(
        position=line.position,
        sku=line.sku,
        description=line.description,
        is_goods=line.is_goods,
        unit=line.unit,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount_percent=line.discount_percent,
        tax_rate=line.tax_rate,
        net=line.net,
        tax=line.tax,
        gross=line.gross,
    )
