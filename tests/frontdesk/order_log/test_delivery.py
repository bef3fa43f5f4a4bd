"""The delivery address and the note of orders, as web shops write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from frontdesk.orders.models import Delivery, Order
from officeflow.company.models import Office
from officeflow.company.queries import office_date
from officeflow.imports.actions import upload_import_file
from officeflow.imports.models import ImportFile, ImportRow
from officeflow.staff.models import User

SHAPES = Path(__file__).parents[2] / "data" / "shapes"
SHOPIFY = (
    "Name,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Shipping,"
    "Billing Name,Billing Street,Billing City,Shipping Name,Shipping Street,Shipping Address1,"
    "Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,"
    "Shipping Country,Notes"
)
WOO = (
    "Order Number,Order Date,Item Name,Quantity (- Refund),Item Cost,First Name (Billing),"
    "Last Name (Billing),First Name (Shipping),Last Name (Shipping),Address 1&2 (Shipping),"
    "City (Shipping),State Code (Shipping),Postcode (Shipping),Country Code (Shipping),"
    "Customer Note,Order Shipping Amount"
)


def uploaded(maya: User, head: str, *rows: str) -> ImportFile:
    return upload_import_file(
        actor=maya, kind="orders", file_name="shop.csv", parts=["\n".join([head, *rows]).encode()]
    )


def test_a_shop_order_is_delivered_to_its_shipping_address(
    import_data: Callable[..., ImportFile],
) -> None:
    day = office_date()
    rows = [
        f'#1,{day},1,Lamp,10,L,4.50,Nora Berg,1 High St,London,Per Lund,"2 Low Road, Flat 3",'
        "2 Low Road,Flat 3,Acme,Leeds,LS1 4AP,,GB,Ring twice",
        f"#1,{day},2,Cup,8,C,,,,,,,,,,,,,,",
        f"#2,{day},1,Lamp,10,L,4.50,Nora Berg,1 High St,London,Nora Berg,,,,,,,,,",
        f"#3,{day},1,Lamp,10,L,,Nora Berg,1 High St,London,,,,,,,,,,",
    ]
    import_data("\n".join([SHOPIFY, *rows]).encode())
    first, second, third = Order.objects.order_by("source_reference").select_related("customer")
    assert (first.delivery, first.delivery_address) == (
        Delivery.DELIVERY,
        "Per Lund, Acme, 2 Low Road, Flat 3, Leeds, LS1 4AP, GB",
    )
    assert first.note == "Ring twice\nShopify #1"
    assert first.customer is not None
    assert (first.customer.name, first.customer.address) == ("Nora Berg", "1 High St, London")
    assert second.delivery == third.delivery == Delivery.PICK_UP
    told = dict(ImportRow.objects.filter(is_warning=True).values_list("number", "reason"))
    assert "has a shipping cost but no delivery address" in told[4]
    assert "no delivery address" not in told[2]


def test_woocommerce_orders_have_an_address_in_several_columns(
    import_data: Callable[..., ImportFile], maya: User, office: Office
) -> None:
    day = office_date()
    row = f"7,{day},Hoodie,1,45,Olga,Nilsen,Per,Lund,Storgata 1,Oslo,NO-03,0155,NO,Gift,5"
    import_data("\n".join([WOO, row]).encode())
    order = Order.objects.get()
    assert order.delivery_address == "Per Lund, Storgata 1, Oslo, 0155, NO-03, NO"
    assert order.note.startswith("Gift\n")
    assert order.customer is not None
    assert order.customer.name == "Olga Nilsen"


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Delivery address", "Delivery address"),
        ("Lieferadresse", "Delivery address"),
        ("Adresse de livraison", "Delivery address"),
        ("Dirección de envío", "Delivery address"),
        ("ShipAddress", "Delivery address"),
        ("Customer Note", "Note"),
        ("Bemerkung", "Note"),
        ("Recipient", "Delivery name"),
    ],
)
def test_the_fields_of_a_delivery_are_proposed(
    maya: User, office: Office, heading: str, field: str
) -> None:
    head = f"Order no,Date,Item,Qty,Price,{heading}"
    found = uploaded(maya, head, "1,2024-05-03,Lamp,1,10,Anything")
    assert found.mapping["columns"][field] == [5]


def test_rows_with_different_delivery_addresses_are_to_be_looked_at(
    import_data: Callable[..., ImportFile],
) -> None:
    head = "Order no,Date,Item,Qty,Price,Delivery address"
    rows = [f"1,{office_date()},{item},1,10,{item} Road" for item in ("Lamp", "Cup")]
    import_data("\n".join([head, *rows]).encode())
    assert Order.objects.get().delivery_address == "Lamp Road"
    assert "different delivery addresses" in ImportRow.objects.get(number=2).reason


def test_an_address_or_a_note_that_is_too_long_is_said_before_the_import(
    import_data: Callable[..., ImportFile],
) -> None:
    head = "Order no,Date,Item,Qty,Price,Delivery address,Note"
    rows = [
        f"1,{office_date()},Lamp,1,10,{'x' * 1001},",
        f"2,{office_date()},Lamp,1,10,,{'x' * 2001}",
        *(f"3,{office_date()},Lamp,1,10,,{'xy'[n] * 1900}" for n in range(2)),
    ]
    import_data("\n".join([head, *rows]).encode())
    reasons = dict(ImportRow.objects.filter(outcome="refused").values_list("number", "reason"))
    assert "Delivery address is too long" in reasons[2]
    assert all("Note is too long" in reasons[number] for number in (3, 4, 5))
