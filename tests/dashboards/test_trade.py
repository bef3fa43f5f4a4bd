"""The trade dashboard: numbers that equal the rows behind them, for managers alone."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from frontdesk.customers.models import Customer
from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import LineTotal, NewLine
from frontdesk.orders.models import Order, OrderLine
from frontdesk.payments.actions.payments import take_payment
from officeflow.catalogue.models import Product
from officeflow.company.models import Office
from officeflow.company.queries import get_office
from officeflow.dashboards import trade
from officeflow.dashboards.ranges import select_range
from officeflow.handoff.applying import draining
from officeflow.money import format_money, line_amounts
from officeflow.staff.models import User
from officeflow.ui.charts import Chart

pytestmark = pytest.mark.django_db

TRADE = "/dashboards/trade/"
As = Callable[[User], Client]


@pytest.fixture
def sold(rita: User, ravi: User, mug: Product, lamp: Product, nora: Customer) -> list[Order]:
    """Three mugs at 12.00 by Rita, a lamp at 45.50 with a tenth off by Ravi, and one cancelled."""
    mugs = place_order(actor=rita, customer=nora, lines=[NewLine(product=mug, quantity=Decimal(3))])
    lamps = place_order(
        actor=ravi,
        customer=None,
        lines=[NewLine(product=lamp, quantity=Decimal(1), discount_percent=Decimal(10))],
    )
    gone = place_order(actor=rita, customer=nora, lines=[NewLine(product=mug, quantity=Decimal(1))])
    take_payment(actor=rita, order=mugs, amount=Decimal("36.00"), method="cash")
    draining.drain()
    cancel_order(actor=rita, order=Order.objects.get(pk=gone.pk), reason="Changed her mind")
    draining.drain()
    return [mugs, lamps, gone]


def figures() -> tuple[dict[str, str], dict[str, Chart]]:
    built = trade.build(select_range({"range": "7"}, get_office(), default="30").range)
    return {s.label: s.value for s in built.stats}, {chart.id: chart for chart in built.charts}


def values(chart: Chart, series: int = 0) -> dict[str, Decimal]:
    points = chart.series[series].points
    return {
        label.full: Decimal(point.value)
        for label, point in zip(chart.labels, points, strict=True)
        if point.value
    }


def test_trade_counts_orders_that_are_not_cancelled(sold: list[Order]) -> None:
    stats, charts = figures()
    mugs, lamps, gone = sold
    assert stats["Orders"] == "2"
    assert sum(values(charts["net"]).values()) == mugs.net + lamps.net
    assert sum(values(charts["orders"], 1).values()) == 1
    assert sum(values(charts["credits"]).values()) == gone.net
    assert stats["Credited"] == "£10.00"
    assert stats["Discounts"] == "£3.79"  # a tenth of 45.50, less the tax in it
    assert stats["Payments taken"] == "£36.00"
    assert stats["Refunds paid"] == "£0.00"
    assert stats["Still owed"] == "£40.95"


def test_trade_shows_sales_by_product_and_person(sold: list[Order]) -> None:
    _stats, charts = figures()
    mugs, lamps, _gone = sold
    assert values(charts["products"]) == {
        "Paper lamp (LAMP)": lamps.net,
        "Blue mug (MUG)": mugs.net,
    }
    assert values(charts["people"]) == {
        "Ravi Receptionist": lamps.net,
        "Rita Receptionist": mugs.net,
    }
    assert values(charts["methods"]) == {"Cash": Decimal("36.00")}


def test_each_figure_links_to_its_rows(sold: list[Order], as_: As, maya: User) -> None:
    browser = as_(maya)
    _stats, charts = figures()
    for chart in charts.values():
        for series in chart.series:
            for label, point in zip(chart.labels, series.points, strict=True):
                if not point.url:
                    continue
                page = browser.get(point.url)
                assert page.status_code == 200
                rows = page.context["rows"]
                if chart.id == "orders":
                    assert page.context["number"] == point.value
                    assert f"{point.value} order" in page.context["counted"]
                elif chart.id in ("net", "credits", "people"):
                    assert sum(row.net for row in rows) == point.value, (chart.id, label)
                elif chart.id == "products":
                    assert sum(row.part for row in rows) == point.value
                elif chart.id == "methods":
                    assert sum(row.amount for row in rows) == point.value
                else:
                    assert sum(row.net for row in rows) / len(rows) == point.value


def test_the_rows_of_each_total_add_up_to_it(sold: list[Order], as_: As, maya: User) -> None:
    browser = as_(maya)
    stats = trade.build(select_range({"range": "7"}, get_office(), default="30").range).stats
    counted: dict[str, Callable[[list[Any]], Any]] = {
        "Orders": len,
        "Net sales": lambda rows: sum(row.net for row in rows),
        "Average order": lambda rows: sum(row.net for row in rows) / len(rows),
        "Discounts": lambda rows: sum(row.part for row in rows),
        "Credited": lambda rows: sum(row.net for row in rows),
        "Payments taken": lambda rows: sum(row.amount for row in rows),
        "Refunds paid": lambda rows: sum((row.amount for row in rows), Decimal(0)),
        "Still owed": lambda rows: sum(row.owed for row in rows),
    }
    assert {each.label for each in stats} == set(counted)
    for each in stats:
        page = browser.get(each.url)
        found = counted[each.label](page.context["rows"])
        assert each.value == (str(found) if each.label == "Orders" else format_money(found, "GBP"))
        # The page says the sum itself, so that nobody has to add.
        if found and each.label != "Orders":
            assert each.value in " ".join(page.context["sums"])


def test_discounts_are_those_of_the_lines(
    rita: User, mug: Product, lamp: Product, as_: As, maya: User
) -> None:
    percent = [Decimal("33.33"), Decimal("0.01"), Decimal("12.5")]
    for each in percent:
        lines = [
            NewLine(product=lamp, quantity=Decimal(7), discount_percent=each),
            NewLine(product=mug, quantity=Decimal(2)),
        ]
        place_order(actor=rita, customer=None, lines=lines)
    given = sum(
        line_amounts(
            quantity=line.quantity,
            unit_price=line.unit_price,
            tax_rate=line.tax_rate,
            currency="GBP",
            includes_tax=line.order.prices_include_tax,
        ).net
        - line.net
        for line in OrderLine.objects.select_related("order")
    )
    assert figures()[0]["Discounts"] == format_money(given, "GBP")
    rows = as_(maya).get(f"{TRADE}orders/?discounted=1&sku=LAMP").context["rows"]
    assert sum(row.part for row in rows) == given


def test_discounts_of_imported_lines_are_those_of_their_totals(
    rita: User, mug: Product, as_: As, maya: User
) -> None:
    mug_lines = [
        # A price that is rounded to 0, to more than it was, and one that is free.
        ("1000000", "0.00004", "10", "36.00"),
        ("1000000", "0.00006", "10", "54.00"),
        ("3", "10", "100", "0.00"),
    ]
    place_order(
        actor=rita,
        customer=None,
        lines=[
            NewLine(
                product=mug,
                quantity=Decimal(quantity),
                unit_price=Decimal(price),
                discount_percent=Decimal(percent),
                total=LineTotal(Decimal(total), includes_tax=True),
            )
            for quantity, price, percent, total in mug_lines
        ],
    )
    # Without tax of 20 %: 33.33 less 30, 50 less 45, and 25 less nothing.
    assert figures()[0]["Discounts"] == "£33.33"
    (row,) = as_(maya).get(f"{TRADE}orders/?discounted=1").context["rows"]
    assert row.part == Decimal("33.33")


def test_other_currencies_are_named_and_not_added(sold: list[Order], as_: As, maya: User) -> None:
    Order.objects.filter(pk=sold[1].pk).update(currency="EUR")
    stats, _charts = figures()
    assert stats["Orders"] == "1"
    browser = as_(maya)
    assert "€34.13" in browser.get(TRADE).content.decode()
    rows = browser.get(f"{TRADE}orders/?currency=EUR").context["rows"]
    assert [row.net for row in rows] == [Decimal("34.13")]


def test_trade_can_be_exported(sold: list[Order], as_: As, maya: User) -> None:
    browser = as_(maya)
    lines = b"".join(browser.get(f"{TRADE}?export=csv").streaming_content).decode("utf-8-sig")
    assert "Best sellers,Blue mug (MUG),Net sales,30.00,GBP" in lines
    for path in ("orders", "payments", "refunds", "credit-notes", "owed"):
        answer = browser.get(f"{TRADE}{path}/?export=xlsx")
        assert b"".join(answer.streaming_content).startswith(b"PK")


@pytest.mark.parametrize("path", ["", "orders/", "payments/", "refunds/", "credit-notes/", "owed/"])
def test_only_managers_may_see_it(
    path: str, as_: As, maya: User, ada: User, office: Office
) -> None:
    assert as_(maya).get(TRADE + path).status_code == 200
    assert as_(ada).get(TRADE + path).status_code == 403


def test_a_filter_by_person_says_the_name(as_: As, maya: User, rita: User, office: Office) -> None:
    page = as_(maya).get(f"/dashboards/trade/orders/?by={rita.username}").content.decode()
    assert f"Placed by {rita.full_name}" in page


@pytest.mark.parametrize(
    "query",
    ["from=soon&to=never", "sku=%25&by=%25", "cancelled=maybe", "after=nothing", "method=x"],
)
def test_odd_addresses_show_a_list(query: str, as_: As, maya: User, office: Office) -> None:
    browser = as_(maya)
    for path in ("trade/orders/", "trade/payments/", "tickets/"):
        assert browser.get(f"/dashboards/{path}?{query}").status_code == 200
    assert browser.get(f"/dashboards/handoffs/all/?{query}").status_code in (200, 422)
