"""Issuing invoices and credit notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from backoffice.accounting.actions.booking import (
    EntryLine,
    NewEntry,
    credit,
    debit,
    entry_lines,
    write_entries,
    write_entry,
)
from backoffice.accounting.actions.errors import AlreadyCredited, AlreadyInvoiced, SiteUnknown
from backoffice.accounting.actions.receivables import (
    change_state,
    lock_receivable,
    open_periods,
    post_billing_progress,
    post_refund_due,
    promise_refund,
    state_by_money,
)
from backoffice.accounting.models import Invoice, InvoiceLine, JournalEntry, Receivable
from backoffice.accounting.numbering import DocumentNumber, next_document_numbers
from backoffice.accounting.reference import AccountCode
from backoffice.accounting.states import DocumentKind, JournalEntryKind, ReceivableState
from officeflow.audit.actions import record, record_in_batches
from officeflow.company.models import Office, Site
from officeflow.company.queries import cached_office, get_office, office_date
from officeflow.documents.letterhead import letterhead_of
from officeflow.handoff.contracts import OrderLine, OrderPlaced
from officeflow.handoff.models import Handoff
from officeflow.money import ZERO, LineAmounts
from officeflow.postgres.inserts import insert
from officeflow.staff.models import User
from officeflow.text import name_key


@transaction.atomic
def issue_invoices(
    *, actor: User | None, placed: Sequence[tuple[OrderPlaced, Handoff]]
) -> list[Invoice]:
    """Issues the invoice of each order, books it, and reports it to the desk; for all or for none.

    The totals are the sums of the lines. Raises `AlreadyInvoiced`, `SiteUnknown`.
    """
    at, office = timezone.now(), get_office()
    with cached_office(office), record_in_batches():
        receivables = _open_receivables([order for order, _handoff in placed], office, at)
        invoices = _issue(
            DocumentKind.INVOICE,
            [
                NewDocument(
                    receivable=receivable,
                    handoff=handoff,
                    supplied_date=office_date(order.ordered_at, office),
                    prices_include_tax=order.prices_include_tax,
                    amounts=_total(order.lines),
                    lines=order.lines,
                )
                for (order, handoff), receivable in zip(placed, receivables, strict=True)
            ],
            office=office,
            at=at,
        )
        write_entries(
            [
                NewEntry(
                    handoff=handoff,
                    receivable=invoice.receivable,
                    kind=JournalEntryKind.INVOICE,
                    document=invoice.number,
                    at=at,
                    lines=[
                        debit(AccountCode.RECEIVABLE, invoice.gross),
                        credit(AccountCode.SALES_GOODS, _net(order.lines, is_goods=True)),
                        credit(AccountCode.SALES_SERVICES, _net(order.lines, is_goods=False)),
                        credit(AccountCode.OUTPUT_TAX, invoice.tax),
                    ],
                )
                for (order, handoff), invoice in zip(placed, invoices, strict=True)
            ]
        )
        for invoice in invoices:
            record(
                actor=actor,
                action="issue_invoice",
                subject_kind="invoice",
                subject=invoice.number,
                changes={
                    "order": (None, invoice.receivable.order_number),
                    "gross": (None, invoice.gross),
                    "state": (None, invoice.receivable.state),
                },
                at=at,
            )
            post_billing_progress(invoice.receivable, at, invoice_number=invoice.number)
    return invoices


def _open_receivables(
    orders: Sequence[OrderPlaced], office: Office, at: datetime
) -> list[Receivable]:
    """Opens the receivable of each order. Raises `AlreadyInvoiced`, `SiteUnknown`."""
    numbers = [order.order_number for order in orders]
    for known in Receivable.objects.filter(order_number__in=numbers)[:1]:
        raise AlreadyInvoiced(f"order {known.order_number} has an invoice already")
    sites = _sites({order.site_code for order in orders}, office)
    receivables = [_receivable(order, sites[order.site_code]) for order in orders]
    insert(receivables)
    open_periods(receivables, at)
    return receivables


def _sites(codes: set[str], office: Office) -> dict[str, Site]:
    """Returns the sites of these codes, of which most orders have the main one."""
    main = office.main_site
    sites = {main.code: main}
    if codes - {main.code}:
        sites |= Site.objects.in_bulk(codes, field_name="code")
    for code in codes - sites.keys():
        raise SiteUnknown(f"there is no site {code}")
    return sites


def _receivable(order: OrderPlaced, site: Site) -> Receivable:
    customer = order.customer
    receivable = Receivable(
        order_number=order.order_number,
        site=site,
        customer_number=customer.number if customer else "",
        customer_name=customer.name if customer else "",
        customer_address=customer.address if customer else "",
        customer_key=name_key(customer.name)[:200] if customer else "",
        currency=order.currency,
        gross=_total(order.lines).gross,
    )
    receivable.state = state_by_money(receivable)
    return receivable


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
    (note,) = _issue(
        DocumentKind.CREDIT_NOTE,
        [
            NewDocument(
                receivable=receivable,
                handoff=handoff,
                supplied_date=invoice.supplied_date,
                prices_include_tax=invoice.prices_include_tax,
                amounts=LineAmounts(net=invoice.net, tax=invoice.tax, gross=invoice.gross),
                lines=invoice.lines.all(),
                reverses=invoice,
            )
        ],
        office=office,
        at=at,
    )
    write_entry(
        NewEntry(
            handoff=handoff,
            receivable=receivable,
            kind=JournalEntryKind.CREDIT_NOTE,
            document=note.number,
            at=at,
            lines=[*(line.reversed for line in entry_lines(entry)), *_refund_lines(due)],
            reverses=entry,
        )
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


@dataclass(frozen=True, kw_only=True)
class NewDocument:
    """A document before it has a number, with the order's lines or those of its invoice."""

    receivable: Receivable
    handoff: Handoff
    supplied_date: date | None
    prices_include_tax: bool
    amounts: LineAmounts
    lines: Iterable[OrderLine | InvoiceLine]
    reverses: Invoice | None = None


def _issue(
    kind: DocumentKind, documents: Sequence[NewDocument], *, office: Office, at: datetime
) -> list[Invoice]:
    """Writes documents of a kind with the next numbers of its series, in the given order.

    They hold everything that their PDF files show, which are drawn later (`files`). It locks the
    numbers' counter, so the action takes all other locks before.
    """
    issued_date = office_date(at, office)
    numbers = next_document_numbers(kind, issued_date.year, len(documents))
    written = [
        _document(new, number, kind, office, issued_date, at)
        for new, number in zip(documents, numbers, strict=True)
    ]
    insert(written)
    insert(
        _line(line, document)
        for new, document in zip(documents, written, strict=True)
        for line in new.lines
    )
    return written


def _document(
    new: NewDocument,
    number: DocumentNumber,
    kind: DocumentKind,
    office: Office,
    issued_date: date,
    at: datetime,
) -> Invoice:
    seller = letterhead_of(office, new.receivable.site.address)
    return Invoice(
        number=str(number),
        kind=kind,
        series_id=number.series_id,
        serial=number.serial,
        receivable=new.receivable,
        handoff=new.handoff,
        reverses=new.reverses,
        issued_date=issued_date,
        issued_at=at,
        language=office.language,
        seller_name=seller.name,
        seller_address=seller.address,
        seller_phone=seller.phone,
        seller_email=seller.email,
        seller_website=seller.website,
        seller_tax_number=seller.tax_number,
        seller_note=seller.note,
        supplied_date=new.supplied_date,
        currency=new.receivable.currency,
        prices_include_tax=new.prices_include_tax,
        net=new.amounts.net,
        tax=new.amounts.tax,
        gross=new.amounts.gross,
    )


def _total(lines: Iterable[OrderLine]) -> LineAmounts:
    net = tax = ZERO
    for line in lines:
        net, tax = net + line.net, tax + line.tax
    return LineAmounts(net=net, tax=tax, gross=net + tax)


def _net(lines: Iterable[OrderLine], *, is_goods: bool) -> Decimal:
    return sum((line.net for line in lines if line.is_goods == is_goods), ZERO)


def _line(line: OrderLine | InvoiceLine, document: Invoice) -> InvoiceLine:
    """Returns a document's line from a line of the order or of the credited invoice."""
    return InvoiceLine(
        invoice=document,
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
