"""The line totals of a file are what the lines cost, with and without tax."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.complaints.models import Complaint
from frontdesk.order_log.row_costs import BadRow, row_cost
from frontdesk.orders.models import Order, OrderLine
from officeflow.catalogue.models import PriceList, Product
from officeflow.company.models import Office
from officeflow.imports.actions import (
    check_import_file,
    upload_import_file,
)
from officeflow.imports.checking import check
from officeflow.imports.mapping import ColumnMapping
from officeflow.imports.models import ImportFile, ImportRow
from officeflow.imports.registry import FileRow
from officeflow.imports.states import RowOutcome
from officeflow.money import quantise
from officeflow.staff.models import User
from tests.factories import make_product

HEAD = "Order number,Product code,Quantity,Ordered at,Unit price,Line total,Discount amount"
Import = Callable[..., ImportFile]


def cost_of(quantity: object, **cells: object) -> tuple[Decimal, Decimal, Decimal, bool]:
    names = {"price": "Unit price", "total": "Line total", "discount": "Discount amount"}
    row = FileRow(
        number=2, cells={names.get(name, name): f"{value}" for name, value in cells.items()}
    )
    found = row_cost(row, Decimal(f"{quantity}"), "GBP")
    return found.price, found.discount_percent, found.amount, bool(found.difference)


@pytest.mark.parametrize(
    ("cells", "price", "percent", "amount", "differs"),
    [
        ({"total": "123.45"}, "0.012345", "0", "123.45", False),
        ({"price": "0.012345"}, "0.012345", "0", "123.45", False),
        ({"price": "0.01", "total": "123.45"}, "0.012345", "0", "123.45", False),
        ({"price": "0.05", "discount": "123.45"}, "0.05", "24.69", "376.55", False),
        ({"price": "0.05", "discount": "123.44"}, "0.05", "24.69", "376.56", False),
        ({"price": "0.05", "total": "376.56", "discount": "123.44"}, "0.05", "24.69", "376.56",
         False),
        ({"price": "1", "Discount as a share": "0.12345"}, "1", "12.35", "8765.50", False),
        ({"price": "12", "total": "123.45"}, "0.012345", "0", "123.45", True),
        ({"price": "1", "total": "0"}, "1", "100", "0.00", True),
    ],
)  # fmt: skip
def test_ten_thousand_pieces_cost_what_the_file_says(
    cells: dict[str, str], price: str, percent: str, amount: str, differs: bool
) -> None:
    expected = (Decimal(price), Decimal(percent), Decimal(amount), differs)
    assert cost_of(10_000, **cells) == expected


def test_returned_goods_may_have_a_total_of_either_sign() -> None:
    assert cost_of(-2, total="-5") == cost_of(-2, total="5") == (Decimal("2.5"), 0, 5, False)
    assert cost_of(2, total="-5")[0] == Decimal("-2.5")


@given(
    quantity=st.decimals("-99999999999", "99999999999", places=3),
    price=st.one_of(st.just(""), st.decimals("-9999999", "99999999", places=4)),
    total=st.one_of(st.just(""), st.decimals("-999999999", "99999999999", places=6)),
    discount=st.one_of(st.just(""), st.decimals("0", "99999", places=2)),
    percent=st.one_of(st.just(""), st.decimals("0", "100", places=14)),
)
def test_any_row_is_read_or_refused(
    quantity: Decimal, price: object, total: object, discount: object, percent: object
) -> None:
    try:
        found = cost_of(
            quantity, price=price, total=total, discount=discount,
            **{"Discount in percent": percent},
        )  # fmt: skip
    except BadRow:
        return
    assert 0 <= found[1] <= 100
    if total != "" and quantity:
        stated = quantise(Decimal(f"{total}"), "GBP")
        assert found[2] == (abs(stated) if quantity < 0 else stated)


@pytest.fixture
def import_orders(import_data: Import) -> Import:
    def read(*rows: str, head: str = HEAD, **options: str) -> ImportFile:
        return import_data("\n".join([head, *rows]).encode(), **{"history": "done", **options})

    return read


@pytest.mark.parametrize("history", ["done", "open"])
def test_a_line_of_many_pieces_stores_the_total_of_the_file(
    import_orders: Import, history: str, drain: Callable[[], int]
) -> None:
    done = import_orders("1,SCREW,10000,2024-05-03,,123.45,", history=history)
    assert done.rows_imported == 1
    line = OrderLine.objects.get()
    assert (line.gross, line.unit_price) == (Decimal("123.45"), Decimal("0.0123"))
    drain()
    again = import_orders("1,SCREW,10000,2024-05-03,,123.45,", history=history)
    assert (again.rows_existing, Order.objects.count()) == (1, 1)


def test_a_total_that_contradicts_its_price_is_taken_and_said(import_orders: Import) -> None:
    import_orders("1,MUG,2,2024-05-03,12,20,", "1,LAMP,1,2024-05-03,5,5,")
    assert Order.objects.get().gross == 25
    told = ImportRow.objects.exclude(reason="New product").get(is_warning=True)
    assert told.number == 2
    assert "£20.00" in told.reason
    assert "£24.00" in told.reason


def test_a_total_below_0_holds_back_its_order(import_orders: Import) -> None:
    head = "Order number,Product code,Quantity,Ordered at,Unit price,Line total,Discount in percent"
    rows = ("1,BAD,1000,2024-05-03,100,-5.00,100", "1,GOOD,1,2024-05-03,50,50,")
    done = import_orders(*rows, head=head)
    assert (done.rows_refused, Order.objects.count()) == (2, 0)
    assert [row.reason for row in ImportRow.objects.order_by("number")] == [
        "The line total is below 0.",
        "Row 2 of this order cannot be read: The line total is below 0.",
    ]


@pytest.mark.parametrize("history", ["done", "open"])
def test_a_new_product_that_costs_almost_nothing_is_to_be_looked_at(
    import_orders: Import, history: str
) -> None:
    rows = [f"{number},TINY,1000000,2024-05-03,,36.00," for number in ("1", "C1", "2")]
    rows[1] = rows[1].replace("1000000", "-1000000")
    done = import_orders(*rows, history=history)
    assert done.rows_refused == (1 if history == "done" else 0)
    assert [order.gross for order in Order.objects.all()] == [36, 36]
    told = ImportRow.objects.get(is_warning=True)
    assert told.number == 2
    assert "with the price 0" in told.reason
    assert Product.objects.get(sku="TINY").price == 0


def test_returned_goods_may_bring_such_a_product(import_orders: Import) -> None:
    import_orders("C1,TINY,-1000000,2024-05-03,,36.00,", history="open")
    assert "with the price 0" in ImportRow.objects.get(is_warning=True).reason


def test_the_check_refuses_an_order_that_costs_too_much(maya: User, office: Office) -> None:
    rows = [f"1,BIG{number},1,2024-05-03,99000000000,99000000000," for number in range(102)]
    found = upload_import_file(
        actor=maya, kind="orders", file_name="x.csv", parts=["\n".join([HEAD, *rows]).encode()]
    )
    check_import_file(actor=maya, import_file=found, mapping=ColumnMapping(**found.mapping))
    assert check(found.number, seconds=60) is True
    told = ImportRow.objects.filter(import_file=found).values_list("outcome", "reason")
    (one,) = set(told)
    assert one[0] == RowOutcome.REFUSED
    assert "The total of this order is too large." in one[1]


NET_HEAD = f"{HEAD},Shipping cost,Order total"


def test_prices_without_tax_get_the_tax_of_each_product(
    import_orders: Import, mug: Product, book: Product
) -> None:
    make_product("SHIPPING", "Shipping", "6.00")
    rows = ["1,MUG,3,2024-05-03,0.83,,,5,15.99", "1,BOOK,1,2024-05-03,7.00,,,5,15.99"]
    done = import_orders(*rows, head=NET_HEAD, prices="without_tax")
    assert (done.sums["different"], done.rows_imported) == ("0", 2)
    order = Order.objects.get()
    assert (order.net, order.gross) == (Decimal("14.49"), Decimal("15.99"))
    assert order.prices_include_tax
    assert [line.unit_price for line in order.lines.all()] == [
        Decimal("0.9960"), Decimal("7.0000"), Decimal("6.0000"),
    ]  # fmt: skip
    assert import_orders(*rows, head=NET_HEAD, prices="without_tax").rows_existing == 2


def test_tax_is_taken_out_where_the_office_has_prices_without_tax(import_orders: Import) -> None:
    make_product("NET", "Net", "1.00", includes_tax=False)
    PriceList.objects.update_or_create(
        code="MAIN", defaults={"name": "Shop", "currency": "GBP", "includes_tax": False}
    )
    import_orders("1,NET,1,2024-05-03,0.99,,", "2,NET,7,2024-05-03,,1.00,", prices="with_tax")
    assert list(OrderLine.objects.order_by("order").values_list("net", "tax", "gross")) == [
        (Decimal("0.83"), Decimal("0.16"), Decimal("0.99")),
        (Decimal("0.83"), Decimal("0.17"), Decimal("1.00")),
    ]


def test_new_products_get_the_price_of_the_shop(import_orders: Import, mug: Product) -> None:
    import_orders("1,NEW,1,2024-05-03,10,,", prices="without_tax")
    found = Product.objects.get(sku="NEW")
    assert found.price == 10 * (1 + found.tax_rate.rate)


def test_a_refund_is_what_the_customer_paid(import_orders: Import, mug: Product) -> None:
    import_orders("C1,MUG,-2,2024-05-03,10,,2", prices="without_tax", history="open")
    assert Complaint.objects.get().desired_outcome == "Refund of £21.60"


def proposed(maya: User, *rows: str, source: str = "") -> str:
    found = upload_import_file(
        actor=maya, kind="orders", file_name="x.csv", source=source,
        parts=["\n".join([NET_HEAD, *rows]).encode()],
    )  # fmt: skip
    return str(found.options["prices"])


def test_the_totals_show_whether_prices_include_tax(
    maya: User, office: Office, mug: Product, book: Product
) -> None:
    assert proposed(maya, "1,MUG,1,2024-05-03,10,,,,12", "2,MUG,2,2024-05-03,5,,,1,13.20") == (
        "without_tax"
    )
    assert proposed(maya, "1,MUG,1,2024-05-03,10,,,,10", "2,MUG,2,2024-05-03,5,,,1,11") == (
        "with_tax"
    )
    assert proposed(maya, "1,BOOK,1,2024-05-03,10,,,,10") == ""
    assert proposed(maya, "1,MUG,1,2024-05-03,10,,,,99") == ""


def test_the_choice_is_remembered_for_the_source(maya: User, office: Office) -> None:
    found = upload_import_file(
        actor=maya, kind="orders", file_name="x.csv", source="wholesale",
        parts=[f"{HEAD}\n1,MUG,1,2024-05-03,10,,".encode()],
    )  # fmt: skip
    check_import_file(
        actor=maya, import_file=found, mapping=ColumnMapping(**found.mapping),
        options={"prices": "without_tax"},
    )  # fmt: skip
    assert proposed(maya, "1,MUG,1,2024-05-03,10,,,,", source="wholesale") == "without_tax"
    assert proposed(maya, "1,MUG,1,2024-05-03,10,,,,", source="elsewhere") == ""


def test_a_new_column_is_proposed_beside_remembered_ones(maya: User, office: Office) -> None:
    head = "Ref,SKU,Qty,Date,Price,Shipping,Coupon"

    def upload() -> ImportFile:
        return upload_import_file(
            actor=maya, kind="orders", file_name="x.csv",
            parts=[f"{head}\n1,MUG,1,2024-05-03,10,2,".encode()],
        )  # fmt: skip

    found = upload()
    columns = {**found.mapping["columns"], "Order number": [0]}
    check_import_file(actor=maya, import_file=found, mapping=ColumnMapping(columns=columns))
    assert upload().mapping["columns"] == columns
    del columns["Shipping cost"]
    found = upload()
    check_import_file(actor=maya, import_file=found, mapping=ColumnMapping(columns=columns))
    assert upload().mapping["columns"] == columns  # it was known, and ignored
