"""The contents of receipts for payments and refunds, in the office's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from frontdesk.orders.models import Order, OrderLine
from frontdesk.payments.models.payments import Payment, Refund
from officeflow.company.models import Office
from officeflow.documents.letterhead import Letterhead, letterhead_of
from officeflow.documents.receipt import Item, ReceiptDocument, render_receipt
from officeflow.money import (
    ZERO,
    format_money,
    format_percent,
    format_quantity,
    format_unit_price,
    with_percent_sign,
)

# A receipt lists at most this many lines; one more line has the total of the rest.
MOST_LINES = 40


def draw(document: ReceiptDocument, office: Office) -> bytes:
    """Returns a receipt as PDF, in the office's language."""
    with translation.override(office.language):
        return render_receipt(document)


def receipt(payment: Payment, *, order: Order, office: Office, paid: Decimal) -> ReceiptDocument:
    """Returns the contents of a payment's receipt, in the office's language.

    `paid` is what was paid for the order in all, with this payment.
    """
    with translation.override(office.language):
        return _receipt(payment, order, office, paid)


def _receipt(payment: Payment, order: Order, office: Office, paid: Decimal) -> ReceiptDocument:
    lines = list(order.lines.all())

    def money(amount: Decimal) -> str:
        return format_money(amount, order.currency)

    total = [Item(_("Total"), money(order.gross), is_strong=True), *_taxes(lines, order.currency)]
    parts = [Item(payment.method_name, money(payment.amount), is_strong=True)]
    if payment.cash_given is not None and payment.change_given is not None:
        parts.append(Item(_("Cash given"), money(payment.cash_given)))
        parts.append(Item(_("Change"), money(payment.change_given)))
    if paid != payment.amount:
        parts.append(Item(_("Paid in all"), money(paid)))
    parts.append(Item(_("Still to pay"), money(order.gross - paid)))
    return ReceiptDocument(
        title=_("Receipt"),
        number=payment.number,
        at=payment.taken_at,
        letterhead=_head(order, office),
        facts=_facts(order, office, payment.taken_at, str(payment.taken_by)),
        blocks=[_items(lines, order.currency), total, parts],
        closing=_corrections(payment, office),
    )


def _corrections(payment: Payment, office: Office) -> list[str]:
    """Returns a sentence for each correction of the payment's method."""
    return [
        _("Corrected on %(day)s: %(method)s, not %(previous)s.")
        % {
            "day": formats.date_format(
                timezone.localtime(each.corrected_at, office.zone), "SHORT_DATE_FORMAT"
            ),
            "method": each.method_name,
            "previous": each.previous_method_name,
        }
        for each in payment.corrections.all()
    ]


def refund_receipt(refund: Refund, *, order: Order, office: Office) -> ReceiptDocument:
    """Returns the contents of a refund's receipt, in the office's language."""
    with translation.override(office.language):
        return _refund_receipt(refund, order, office)


def _refund_receipt(refund: Refund, order: Order, office: Office) -> ReceiptDocument:
    assert refund.paid_at is not None
    amount = format_money(refund.amount, order.currency)
    facts = _facts(order, office, refund.paid_at, str(refund.paid_by))
    return ReceiptDocument(
        title=_("Refund"),
        number=refund.number,
        at=refund.paid_at,
        letterhead=_head(order, office),
        facts=[*facts, (_("Credit note"), refund.credit_note_number)],
        blocks=[[Item(_("Paid back"), amount, is_strong=True), Item(refund.method_name, amount)]],
        closing=[_("Signature of the customer: ______________________")],
    )


def _head(order: Order, office: Office) -> Letterhead:
    return letterhead_of(office, order.site.address)


def _facts(order: Order, office: Office, at: datetime, by: str) -> list[tuple[str, str]]:
    moment = formats.date_format(timezone.localtime(at, office.zone), "SHORT_DATETIME_FORMAT")
    facts = [(_("Date"), moment), (_("Order"), order.number)]
    if order.customer:
        facts.append((_("Customer"), f"{order.customer.name}, {order.customer.number}"))
    return [*facts, (_("Served by"), by)]


def _items(lines: Sequence[OrderLine], currency: str) -> list[Item]:
    items = [_item(line, currency) for line in lines[:MOST_LINES]]
    rest = lines[MOST_LINES:]
    if rest:
        more = ngettext("and %(count)s more line", "and %(count)s more lines", len(rest))
        amount = format_money(sum((line.gross for line in rest), ZERO), currency)
        items.append(Item(more % {"count": len(rest)}, amount))
    return items


def _item(line: OrderLine, currency: str) -> Item:
    quantity = format_quantity(line.quantity)
    if line.unit_label:
        quantity += f"\u00a0{line.unit_label}"
    under = f"{quantity} × {format_unit_price(line.unit_price, currency)}"
    if line.discount_percent:
        less = _("%(percent)s off") % {
            "percent": with_percent_sign(format_quantity(line.discount_percent))
        }
        under += f", {less}"
    return Item(line.description, format_money(line.gross, currency), under)


def _taxes(lines: Sequence[OrderLine], currency: str) -> list[Item]:
    by_rate: dict[Decimal, Decimal] = {}
    for line in lines:
        by_rate[line.tax_rate] = by_rate.get(line.tax_rate, ZERO) + line.tax
    return [
        Item(
            _("of which tax %(rate)s") % {"rate": format_percent(rate)},
            format_money(tax, currency),
        )
        for rate, tax in sorted(by_rate.items(), reverse=True)
    ]
