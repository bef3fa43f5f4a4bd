"""Files as other programs write them go in with at most the choices that a person would make."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from frontdesk.customers.models import Customer, CustomerContact, CustomerReference
from frontdesk.orders.models import Order, OrderLine
from officeflow.catalogue.models import Product
from officeflow.company.models import Office
from officeflow.company.queries import office_date
from officeflow.imports.actions import (
    check_import_file,
    open_import_file,
    start_import_file,
    upload_import_file,
)
from officeflow.imports.mapping import ColumnMapping
from officeflow.imports.models import ImportFile, ImportRow
from officeflow.imports.running import work
from officeflow.staff.models import User
from tests.factories import make_product

SHAPES = Path(__file__).parents[1] / "data" / "shapes"
DONE = {"history": "done"}
Import = Callable[..., ImportFile]


@pytest.fixture
def import_shape(maya: User, office: Office, mug: Product) -> Import:
    """Imports a file; returns it after previewing and importing every row alike."""

    def read(name: str, kind: str, data: bytes = b"", **choices: Any) -> ImportFile:
        import_file = open_import_file(
            actor=maya,
            kind=kind,
            file_name=name,
            data=data or (SHAPES / name).read_bytes(),
            **choices,
        )
        foreseen = outcomes(import_file)
        start_import_file(actor=maya, import_file=import_file)
        work(import_file.number, seconds=60)
        import_file.refresh_from_db()
        assert outcomes(import_file) == foreseen
        return import_file

    return read


def outcomes(import_file: ImportFile) -> list[str]:
    rows = ImportRow.objects.filter(import_file=import_file).order_by("number")
    return list(rows.values_list("outcome", flat=True))


def refusals(import_file: ImportFile) -> dict[int, str]:
    refused = ImportRow.objects.filter(import_file=import_file, outcome="refused")
    return dict(refused.values_list("number", "reason"))


def test_northwind_customers(import_shape: Import) -> None:
    done = import_shape("northwind_customers.csv", "customers")
    assert (done.rows_imported, done.source) == (6, "Northwind")
    found = CustomerReference.objects.get(source="Northwind", reference="FJORD").customer
    assert found.name == "Fjord snabbköp"
    assert found.address == "Berguvsvägen 8, S-958 22, Luleå, Sweden"
    assert CustomerContact.objects.get(customer=found).value == "Kristina Bergman"
    assert import_shape("northwind_customers.csv", "customers").rows_existing == 6


def test_northwind_products(import_shape: Import) -> None:
    assert import_shape("northwind_products.csv", "products").rows_imported == 6
    gumbo = Product.objects.get(sku="5")
    assert (gumbo.name, gumbo.price, gumbo.is_active) == (
        "Chef Paul's Gumbo Mix",
        Decimal("21.35"),
        False,
    )


def test_northwind_order_details_have_a_date_for_all_rows(import_shape: Import) -> None:
    done = import_shape(
        "northwind_order_details.csv",
        "orders",
        options=DONE,
        mapping={"values": {"Ordered at": "1998-05-06"}},
    )
    assert (done.rows_imported, done.made["past_orders"]) == (12, 5)
    line = OrderLine.objects.get(order__source_reference="11150", sku="51")
    assert (line.discount_percent, line.net) == (15, Decimal("1051.1700"))


def test_woocommerce_products(import_shape: Import) -> None:
    done = import_shape("woocommerce_products.csv", "products")
    assert refusals(done) == {2: "A new product needs a price."}
    hoodie = Product.objects.get(sku="WOO-HOODIE")
    assert (hoodie.barcode, hoodie.price) == ("4006381333931", 45)
    assert hoodie.category is not None
    assert hoodie.category.name == "Hoodies"
    assert not Product.objects.get(sku="WOO-BELT").is_active


def test_woocommerce_orders(import_shape: Import) -> None:
    done = import_shape("woocommerce_orders.csv", "orders", options=DONE)
    assert (done.source, done.rows_imported) == ("WooCommerce", 4)
    assert "was cancelled" in refusals(done)[5]
    order = Order.objects.get(source_reference="1001")
    assert (order.lines.count(), order.gross) == (3, 66)
    assert Order.objects.get(source_reference="1002").gross == 40  # costs are less the coupon
    assert (done.sums["orders"], done.sums["different"]) == ("3", "0")
    assert order.customer is not None
    assert (order.customer.name, order.customer.email) == ("Olga Nilsen", "olga@example.org")
    assert order.customer.address == "Storgata 1, 0155, Oslo, NO"
    wrapping = Order.objects.get(source_reference="1004")
    assert wrapping.customer == order.customer
    assert wrapping.lines.get().sku == "GIFT-WRAPPING"


def test_woocommerce_customers(import_shape: Import) -> None:
    done = import_shape("woocommerce_customers.csv", "customers")
    assert done.rows_imported == 3
    assert Customer.objects.get(name="Per Lund").email == "per@example.org"


def test_shopify_products_have_variants_and_rows_of_pictures(import_shape: Import) -> None:
    done = import_shape("shopify_products.csv", "products")
    assert (done.rows_total, done.rows_imported) == (6, 5)
    assert list(refusals(done).values()) == ["The row has nothing but “Parent”."]
    names = dict(Product.objects.values_list("sku", "name"))
    assert (names["LS-S"], names["LS-L"]) == ("Linen Shirt Small", "Linen Shirt Large")
    assert names["TT-1"] == "Tea Towel"
    medium = Product.objects.get(sku="LS-M")
    assert (medium.price, medium.barcode) == (Decimal("39.9"), "5012345678917")
    assert medium.category is not None
    assert medium.category.name == "Shirts"
    assert not Product.objects.get(sku="TRAY-9").is_active


def test_shopify_orders_say_most_in_their_first_row(import_shape: Import) -> None:
    done = import_shape("shopify_orders.csv", "orders", options=DONE)
    assert (done.source, done.rows_imported) == ("Shopify", 3)
    assert "was cancelled" in refusals(done)[5]
    order = Order.objects.get(source_reference="#1001")
    assert sorted(order.lines.values_list("sku", flat=True)) == ["LS-S", "SHIPPING", "TT-1"]
    assert order.gross == Decimal("47.61")
    assert (done.sums["orders"], done.sums["different"]) == ("2", "0")
    assert order.ordered_at.isoformat() == "2024-05-03T08:20:11+00:00"
    assert order.customer is not None
    assert (order.customer.name, order.customer.email) == ("Nora Berg", "nora@example.org")


def test_superstore_orders_have_totals_of_lines_and_discounts_as_shares(
    import_shape: Import, office: Office
) -> None:
    done = import_shape("superstore_orders.csv", "orders", options=DONE)
    assert (done.rows_imported, done.made["past_orders"]) == (5, 3)
    assert done.mapping["orders"] == {"Ordered at": "mdy"}
    order = Order.objects.get(source_reference="US-2015-100315")
    table = order.lines.get(sku="FUR-TA-19000004")
    assert (table.description, table.discount_percent) == ("Corner Café Table", 45)
    sold = table.gross if order.prices_include_tax else table.net
    assert abs(sold - Decimal("880.28")) <= Decimal("0.01")
    assert order.ordered_at.astimezone(office.zone).date().isoformat() == "2015-10-11"


def test_square_items_have_headings_on_a_later_line(import_shape: Import) -> None:
    done = import_shape("square_items.csv", "products")
    assert done.layout["heading_line"] == 3
    assert {row: reason[:5] for row, reason in refusals(done).items()} == {8: "Price"}
    names = dict(Product.objects.values_list("sku", "name"))
    assert (names["FW-R"], names["FC-L"]) == ("Flat White", "Filter Coffee Large")
    assert not Product.objects.get(sku="MUG-OLD").is_active


def test_lightspeed_products(import_shape: Import) -> None:
    assert import_shape("lightspeed_products.csv", "products").rows_imported == 3
    bowl = Product.objects.get(sku="10001")
    assert (bowl.name, bowl.price) == ("Oak Bowl", Decimal("29.5"))
    assert not Product.objects.get(sku="10003").is_active


def test_a_sales_report_has_months_before_days(import_shape: Import) -> None:
    done = import_shape("sales_sample.csv", "orders", options=DONE)
    assert (done.rows_imported, list(refusals(done))) == (3, [5])
    order = Order.objects.get(source_reference="10107")
    assert order.ordered_at.date().isoformat() == "2003-02-24"
    assert order.customer is not None
    assert order.customer.name == "Tiny Trains Inc."
    assert order.lines.get(sku="S10_1678").unit_price == Decimal("95.7")


def test_online_retail_with_points_in_dates_commas_in_prices_and_a_total(
    import_shape: Import,
) -> None:
    done = import_shape("online_retail_dotted.csv", "orders")
    assert done.made == {"orders": 2, "complaints": 1, "products": 3, "customers": 1}
    assert refusals(done) == {6: "The row is a total of other rows."}
    assert Order.objects.get(source_reference="539762").ordered_at.hour == 11


def test_letters_of_each_encoding_are_read(import_shape: Import) -> None:
    done = import_shape("russian_orders.csv", "orders", options=DONE)
    assert (done.layout["encoding"], done.layout["delimiter"]) == ("cp1251", ";")
    assert refusals(done) == {6: "The row is a total of other rows."}
    order = Order.objects.get(source_reference="15")
    assert order.customer is not None
    assert order.customer.name == "Иванов Пётр"
    assert [line.unit_price for line in order.lines.all()] == [Decimal(1250), Decimal("3400.5")]
    done = import_shape("polish_products.tsv", "products")
    assert (done.layout["encoding"], done.layout["delimiter"]) == ("cp1250", "\t")
    assert Product.objects.get(sku="K-2").name == "Świecznik z Łodzi"
    assert Product.objects.get(sku="K-2").price == 1234
    done = import_shape("japanese_products.csv", "products")
    assert done.layout["encoding"] == "cp932"
    assert Product.objects.get(sku="TOKYO-1").name == "マグカップ 青"


def test_a_workbook_has_dates_as_numbers_and_blank_rows(
    import_shape: Import, office: Office
) -> None:
    book, made = Workbook(), io.BytesIO()
    for line in (
        ["Sales of the shop"],
        [],
        ["Order no", "Date", "Item", "Qty", "Price", "Client"],
        [7, 45415.4375, "Blue lamp", 2, 10.5, "Nora"],
        [],
        [7, 45415.4375, "Red lamp", 1, 12, "Nora"],
        ["Total", None, None, 3, 33, None],
    ):
        book.active.append(line)
    book.save(made)
    make_product("LAMP", "Other lamp", "1.00")
    done = import_shape("sales.xlsx", "orders", data=made.getvalue(), options=DONE)
    assert (done.rows_total, done.rows_imported) == (3, 2)
    assert refusals(done) == {7: "The row is a total of other rows."}
    order = Order.objects.get()
    ordered_at = order.ordered_at.astimezone(office.zone)
    assert ordered_at.strftime("%Y-%m-%d %H:%M") == "2024-05-03 10:30"
    assert sorted(order.lines.values_list("sku", flat=True)) == ["BLUE-LAMP", "RED-LAMP"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"Order no,Date,Item,Qty,Price\n1,3/4/2024,Lamp,1,2", "can mean two days"),
        (b"Order no,Date,Item,Qty,Price\n1,soon,Lamp,1,2", "must be a date"),
        (b"Order no,Date,Item,Qty,Price,Currency\n1,2024-03-04,Lamp,1,2,USD", "in USD"),
        (b"Order no,Date,Item,Qty,Price\nOrder no,Date,Item,Qty,Price", "repeats the headings"),
    ],
)
def test_what_cannot_be_read_is_named(import_shape: Import, data: bytes, words: str) -> None:
    (reason,) = refusals(import_shape("file.csv", "orders", data=data)).values()
    assert words in reason


def test_new_orders_are_not_proposed_as_done_because_an_old_file_was(
    maya: User, office: Office
) -> None:
    def uploaded(day: date) -> ImportFile:
        rows = f"Order no,Date,Item,Qty,Price\n{day},{day},Mug,1,12.00\n"
        return upload_import_file(
            actor=maya, kind="orders", file_name="shop.csv", parts=[rows.encode()]
        )

    today = office_date()
    old = uploaded(today - timedelta(days=900))
    assert old.options["history"] == "done"
    check_import_file(
        actor=maya,
        import_file=old,
        mapping=ColumnMapping(**old.mapping),
        options=old.options,
        source="shop",
    )
    new = uploaded(today)
    assert (new.mapping["columns"], new.source) == (old.mapping["columns"], "shop")
    assert new.options["history"] == "open"
