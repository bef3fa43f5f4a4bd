"""Statistics of trade: sales, payments, refunds and credit notes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.accounting import reports as accounting
from frontdesk import reports as frontdesk
from frontdesk.reports import MethodFigures, ProductFigures, Sales, SalespersonFigures
from officeflow.dashboards import links
from officeflow.dashboards.ranges import Range
from officeflow.dashboards.stats import Amount, Figures, Stat, labels_of, points
from officeflow.money import ZERO, format_money, format_quantity
from officeflow.ui.charts import EM_DASH, Chart, Form, Label, Measure, Point, Series

NOT_CANCELLED = {"cancelled": "no"}


def build(shown: Range) -> Figures:
    """The statistics of a range, in the office's currency.

    What customers still owe is counted as of now, whatever the range.
    """
    trade = frontdesk.trade(shown.bounds, shown.office)
    sold = trade.sales
    methods = frontdesk.payments_by_method(shown.bounds, shown.office)
    credited = accounting.credit_notes(shown.bounds, shown.office)
    return Figures(
        stats=_stats(shown, sold, methods, credited, accounting.open_balance(shown.office)),
        charts=[
            _net_sales(shown, sold),
            _orders(shown, sold),
            _average(shown, sold),
            _credits(shown, credited),
            _by_product(shown, trade.products),
            _by_person(shown, trade.people),
            _by_method(shown, methods),
        ],
        other_currencies=[
            Amount(
                text=format_money(net, other),
                url=links.orders(shown, currency=other, **NOT_CANCELLED),
            )
            for other, net in sorted(sold.elsewhere.items())
        ],
    )


def _stats(
    shown: Range,
    sold: Sales,
    methods: Sequence[MethodFigures],
    credited: Sequence[accounting.CreditSpan],
    owed: accounting.OpenBalance,
) -> list[Stat]:
    def money(amount: Decimal | None) -> str:
        return EM_DASH if amount is None else format_money(amount, shown.office.currency)

    total = sold.total
    taken = sum((each.taken for each in methods), ZERO)
    given = sum((each.given_back for each in methods), ZERO)
    notes = sum(span.notes for span in credited)
    return [
        Stat(
            label=_("Orders"),
            value=format_quantity(Decimal(total.orders)),
            hint=_("and %(n)s cancelled") % {"n": format_quantity(Decimal(total.cancelled))}
            if total.cancelled
            else "",
            url=links.orders(shown, **NOT_CANCELLED),
        ),
        Stat(
            label=_("Net sales"),
            value=money(total.net),
            hint=_("plus %(tax)s tax") % {"tax": money(total.tax)},
            url=links.orders(shown, **NOT_CANCELLED),
        ),
        Stat(
            label=_("Average order"),
            value=money(total.average),
            hint=_("without tax"),
            url=links.orders(shown, **NOT_CANCELLED),
        ),
        Stat(
            label=_("Discounts"),
            value=money(sold.discounts),
            hint=_("without tax"),
            url=links.orders(shown, discounted=1, **NOT_CANCELLED),
        ),
        Stat(
            label=_("Credited"),
            value=money(sum((span.net for span in credited), ZERO)),
            hint=ngettext("%(n)s credit note", "%(n)s credit notes", notes)
            % {"n": format_quantity(Decimal(notes))},
            url=links.to("credit-notes", **links.between(shown)),
        ),
        Stat(
            label=_("Payments taken"),
            value=money(taken),
            url=links.to("payments", **links.between(shown)),
        ),
        Stat(
            label=_("Refunds paid"),
            value=money(given),
            url=links.to("refunds", **links.between(shown)),
        ),
        Stat(
            label=_("Still owed"),
            value=money(owed.amount),
            hint=ngettext("now, on %(n)s invoice", "now, on %(n)s invoices", owed.invoices)
            % {"n": format_quantity(Decimal(owed.invoices))},
            url=links.to("owed"),
        ),
    ]


def _over_time(shown: Range, **fields: object) -> Chart:
    return Chart(
        head=shown.head,
        labels=labels_of(shown),
        currency=shown.office.currency,
        **fields,  # type: ignore[arg-type]
    )


def _net_sales(shown: Range, sold: Sales) -> Chart:
    values = points(
        shown.spans,
        lambda i: sold.spans[i].net,
        lambda span: links.orders(span, **NOT_CANCELLED),
    )
    return _over_time(
        shown,
        id="net",
        title=_("Net sales"),
        note=_("Orders that are not cancelled, without tax, by the time they were placed."),
        measure=Measure.MONEY,
        series=[Series(name=_("Net sales"), colour=1, points=values)],
        with_sums=True,
    )


def _orders(shown: Range, sold: Sales) -> Chart:
    standing = points(
        shown.spans,
        lambda i: sold.spans[i].orders,
        lambda span: links.orders(span, **NOT_CANCELLED),
    )
    cancelled = points(
        shown.spans,
        lambda i: sold.spans[i].cancelled,
        lambda span: links.orders(span, cancelled="yes"),
    )
    return _over_time(
        shown,
        id="orders",
        title=_("Orders"),
        series=[
            Series(name=_("Placed"), colour=1, points=standing),
            Series(name=_("Cancelled since"), colour=2, points=cancelled),
        ],
        with_sums=True,
    )


def _average(shown: Range, sold: Sales) -> Chart:
    values = points(
        shown.spans,
        lambda i: sold.spans[i].average,
        lambda span: links.orders(span, **NOT_CANCELLED),
    )
    return _over_time(
        shown,
        id="average",
        title=_("Average order"),
        note=_("Net sales per order."),
        form=Form.LINES,
        measure=Measure.MONEY,
        series=[Series(name=_("Average"), colour=1, points=values)],
    )


def _credits(shown: Range, credited: Sequence[accounting.CreditSpan]) -> Chart:
    values = points(
        shown.spans,
        lambda i: credited[i].net,
        lambda span: links.to("credit-notes", **links.between(span)),
    )
    return _over_time(
        shown,
        id="credits",
        title=_("Credited"),
        note=_("Credit notes without tax, by the time they were issued."),
        measure=Measure.MONEY,
        series=[Series(name=_("Credited"), colour=2, points=values)],
        with_sums=True,
    )


def _rows(shown: Range, **fields: object) -> Chart:
    return Chart(
        form=Form.ROWS,
        measure=Measure.MONEY,
        currency=shown.office.currency,
        **fields,  # type: ignore[arg-type]
    )


def _by_product(shown: Range, products: Sequence[ProductFigures]) -> Chart:
    return _rows(
        shown,
        id="products",
        title=_("Best sellers"),
        note=_("The ten products with the highest sales, without tax."),
        head=_("Product"),
        labels=[
            Label(short=each.name, full=f"{each.name} ({each.sku})" if each.sku else each.name)
            for each in products
        ],
        series=[
            Series(
                name=_("Net sales"),
                colour=1,
                points=[
                    Point(value=each.net, url=links.orders(shown, sku=each.sku, **NOT_CANCELLED))
                    for each in products
                ],
            )
        ],
    )


def _by_person(shown: Range, people: Sequence[SalespersonFigures]) -> Chart:
    return _rows(
        shown,
        id="people",
        title=_("Sales by person"),
        note=_("By the person who placed the order, without tax."),
        head=_("Colleague"),
        labels=[Label(short=each.name, full=each.name) for each in people],
        series=[
            Series(
                name=_("Net sales"),
                colour=3,
                points=[
                    Point(
                        value=each.net, url=links.orders(shown, by=each.username, **NOT_CANCELLED)
                    )
                    for each in people
                ],
            )
        ],
    )


def _by_method(shown: Range, methods: Sequence[MethodFigures]) -> Chart:
    def linked_point(name: str, each: MethodFigures, amount: Decimal) -> Point:
        address = links.to(name, method=each.code, **links.between(shown))
        return Point(value=amount, url=address if amount else "")

    return _rows(
        shown,
        id="methods",
        title=_("Money by method"),
        note=_(
            "Payments and refunds in this period, including tax, whenever the order was placed."
        ),
        head=_("Method"),
        labels=[Label(short=each.name, full=each.name) for each in methods],
        series=[
            Series(
                name=_("Taken"),
                colour=5,
                points=[linked_point("payments", each, each.taken) for each in methods],
            ),
            Series(
                name=_("Refunded"),
                colour=2,
                points=[linked_point("refunds", each, each.given_back) for each in methods],
            ),
        ],
        with_sums=True,
    )
