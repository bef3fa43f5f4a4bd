"""The discount, shipping and total of whole orders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.order_log.order_amounts import new_line, share_discount
from frontdesk.orders.actions.pricing import (
    MAX_LINE_GROSS,
    LineRefused,
    LineTotal,
    NewLine,
    price_line,
    price_lines,
)
from frontdesk.orders.models import Order, OrderLine
from officeflow.catalogue.models import Kind, PriceList, Product, TaxRate, Unit
from officeflow.company.models import Office
from officeflow.errors import Refused
from officeflow.imports.models import ImportFile, ImportRow
from officeflow.money import HUNDRED, places, quantise

CURRENCIES = ("GBP", "JPY", "KWD")


def product(currency: str = "GBP", rate: str = "0.2", *, includes_tax: bool = True) -> Product:
    """A product that is not stored."""
    return Product(
        sku="ANYTHING",
        kind=Kind.GOODS,
        unit=Unit.KILOGRAM,
        price=1,
        price_list=PriceList(currency=currency, includes_tax=includes_tax),
        tax_rate=TaxRate(rate=Decimal(rate)),
    )


HEAD = (
    "Order number,Product code,Quantity,Ordered at,Unit price,Order discount,Shipping cost,"
    "Order total"
)
Import = Callable[..., ImportFile]


def line_of(
    sold: Product, quantity: Decimal, price: Decimal, percent: Decimal, *, has_tax: bool
) -> NewLine:
    """A line as a file has it, whose total is rounded once."""
    currency = sold.price_list.currency
    amount = quantise(quantity * price * (HUNDRED - percent) / HUNDRED, currency)
    return new_line(
        sold, quantity, LineTotal(amount, has_tax), price=price, discount_percent=percent
    )


def stored(lines: list[NewLine], currency: str, *, has_tax: bool) -> Decimal:
    """What an order stores for lines, with or without tax."""
    priced = [price_line(0, line, Office(currency=currency)) for line in lines]
    assert all(each.amounts.net + each.amounts.tax == each.amounts.gross for each in priced)
    return sum((each.amounts.gross if has_tax else each.amounts.net for each in priced), Decimal())


QUANTITIES = st.one_of(
    st.integers(1, 12).map(Decimal),
    st.integers(1, 99_999_999).map(Decimal),
    st.decimals("0.001", "99999", places=3),
)
PRICES = st.one_of(st.decimals("0.0001", "9999", places=4), st.decimals("0.01", "9", places=8))
LINES = st.lists(
    st.tuples(
        QUANTITIES,
        PRICES,
        st.sampled_from([Decimal(0), Decimal(0), Decimal("12.5"), Decimal(100)]),
    ).filter(lambda line: 2 * line[0] * line[1] <= MAX_LINE_GROSS),  # with any of the taxes
    min_size=1,
    max_size=8,
)
RATES = st.sampled_from(["0", "0.05", "0.2", "0.08875", "0.99"])


@given(
    given_lines=LINES,
    currency=st.sampled_from(CURRENCIES),
    part=st.integers(0, 1000),
    rate=RATES,
    has_tax=st.booleans(),
    includes_tax=st.booleans(),
)
def test_lines_store_exactly_what_the_file_says_less_the_discount(
    given_lines: list[tuple[Decimal, Decimal, Decimal]],
    currency: str,
    part: int,
    rate: str,
    has_tax: bool,
    includes_tax: bool,
) -> None:
    sold = product(currency, rate, includes_tax=includes_tax)
    lines = [line_of(sold, *each, has_tax=has_tax) for each in given_lines]
    total = sum((line.total.amount for line in lines if line.total), Decimal())
    assert stored(lines, currency, has_tax=has_tax) == total
    discount = (total * part / 1000).quantize(Decimal(1).scaleb(-places(currency)))
    found = share_discount(lines, discount, currency)
    assert stored(found, currency, has_tax=has_tax) == total - discount
    assert [line.quantity for line in found] == [line.quantity for line in lines]
    assert all(0 <= line.discount_percent <= 100 for line in found)


def test_a_total_that_is_not_that_of_the_price_is_refused() -> None:
    line = new_line(product(), Decimal(2), LineTotal(Decimal(24), True), price=Decimal(11))
    with pytest.raises(Refused, match="not that of its price"):
        price_line(0, line, Office(currency="GBP"))


def test_a_total_below_0_is_refused() -> None:
    line = NewLine(
        product=product(),
        quantity=Decimal(1000),
        unit_price=Decimal(100),
        discount_percent=HUNDRED,
        total=LineTotal(Decimal("-5"), True),
    )
    with pytest.raises(LineRefused, match="cannot be below 0"):
        price_line(0, line, Office(currency="GBP"))
    price_line(0, replace(line, total=LineTotal(Decimal(5), True)), Office(currency="GBP"))


def test_an_order_costs_at_most_what_can_be_stored() -> None:
    line = NewLine(product=product(), quantity=Decimal(1), unit_price=Decimal("99000000000"))
    price_lines([line] * 101, Office(currency="GBP"))
    with pytest.raises(Refused, match="The total of this order is too large"):
        price_lines([line] * 102, Office(currency="GBP"))


def one(quantity: str, price: str) -> NewLine:
    return line_of(product(), Decimal(quantity), Decimal(price), Decimal(0), has_tax=True)


def shared(discount: str, *lines: NewLine) -> list[tuple[str, str, str]]:
    found = share_discount(lines, Decimal(discount), "GBP")
    priced = [price_line(0, line, Office(currency="GBP")) for line in found]
    return [
        (str(each.unit_price), str(each.line.discount_percent.normalize()), str(each.amounts.gross))
        for each in priced
    ]


def test_a_percentage_becomes_the_discount_of_the_lines() -> None:
    assert shared("3.50", one("2", "10"), one("1", "15")) == [
        ("10.0000", "1E+1", "18.00"),
        ("15.0000", "1E+1", "13.50"),
    ]


def test_cents_that_are_left_go_to_the_first_of_equal_lines() -> None:
    found = shared("1.00", one("1", "10"), one("1", "10"), one("1", "10"))
    assert [gross for _price, _percent, gross in found] == ["9.66", "9.67", "9.67"]


def test_a_line_keeps_its_amount_where_no_price_is_exact() -> None:
    assert shared("0.10", one("3000", "0.1")) == [("0.1000", "0", "299.90")]


def test_a_discount_of_more_than_the_lines_is_refused() -> None:
    with pytest.raises(Refused, match="more than its lines cost"):
        share_discount([one("1", "1")], Decimal("1.01"), "GBP")


@pytest.fixture
def import_orders(import_data: Import) -> Import:
    def read(*rows: str, head: str = HEAD, **options: str) -> ImportFile:
        return import_data("\n".join([head, *rows]).encode(), **{"history": "done", **options})

    return read


def row(number: str, sku: str, price: str, amounts: str, quantity: str = "1") -> str:
    return f"{number},{sku},{quantity},2024-05-03,{price},{amounts}"


def warnings(import_file: ImportFile) -> dict[int, str]:
    found = ImportRow.objects.filter(import_file=import_file, is_warning=True)
    found = found.exclude(reason="New product")
    return dict(found.values_list("number", "reason"))


def test_an_order_costs_what_the_file_says(import_orders: Import) -> None:
    done = import_orders(
        row("1", "LAMP", "20", "3,5,38.50"),
        row("1", "MUG", "8.25", "3,5,38.50", quantity="2"),
        row("2", "MUG", "8.25", ",,8.25"),
    )
    assert (done.rows_imported, warnings(done)) == (3, {})
    order = Order.objects.get(source_reference="1")
    assert order.gross == Decimal("38.50")
    shipping = order.lines.get(sku="SHIPPING")
    assert (shipping.gross, shipping.product.kind, shipping.description) == (
        5,
        "service",
        "Shipping",
    )
    assert Order.objects.get(source_reference="2").lines.count() == 1
    assert done.sums == {"orders": "2", "different": "0", "in_file": "46.75", "here": "46.75"}


def test_amounts_of_the_first_row_hold_for_the_order(import_orders: Import) -> None:
    import_orders(row("1", "LAMP", "20", "2,5,31"), row("1", "MUG", "8", ",,"))
    assert Order.objects.get().gross == 31


def test_different_amounts_of_the_rows_add_up(import_orders: Import) -> None:
    import_orders(row("1", "LAMP", "20", "1,2,"), row("1", "MUG", "8", "2,3,"))
    assert Order.objects.get().gross == 30


def test_an_order_with_another_total_is_imported_with_a_warning(import_orders: Import) -> None:
    done = import_orders(row("1", "LAMP", "20", "0,0,20"), row("2", "MUG", "8", ",,9.50"))
    assert done.rows_imported == 2
    assert list(warnings(done)) == [3]
    assert "£9.50" in warnings(done)[3]
    assert "£8.00" in warnings(done)[3]
    assert (done.sums["orders"], done.sums["different"]) == ("2", "1")


def test_shipping_is_sold_as_the_chosen_product(import_orders: Import) -> None:
    import_orders(row("1", "LAMP", "20", ",5,25,post"), head=f"{HEAD},Shipping code")
    assert set(OrderLine.objects.values_list("sku", flat=True)) == {"LAMP", "POST"}


@pytest.mark.parametrize(
    ("amounts", "words"),
    [("30,5,", "more than its lines"), (",-1,", "below 0"), (",dear,", "not a number")],
)
def test_an_order_with_amounts_that_cannot_be_is_refused(
    import_orders: Import, amounts: str, words: str
) -> None:
    done = import_orders(row("1", "LAMP", "20", amounts), row("1", "MUG", "2", amounts))
    assert (done.rows_refused, Order.objects.count()) == (2, 0)
    reasons = ImportRow.objects.values_list("reason", flat=True)
    assert all(words in reason for reason in reasons)


def test_a_discount_beyond_the_goods_is_one_of_the_shipping(import_orders: Import) -> None:
    import_orders(row("1", "LAMP", "20", "22,5,3"))
    assert Order.objects.get().gross == 3


def test_the_same_file_again_finds_its_discounted_orders(import_orders: Import) -> None:
    rows = [row("1", "MUG", "0.1", "0.03,2,", quantity="1000"), row("1", "LAMP", "9", "0.03,2,")]
    assert import_orders(*rows).rows_imported == 2
    again = import_orders(*rows, row("1", "LAMP", "9", "0.03,2,"))
    assert (again.rows_existing, again.rows_refused) == (2, 1)
