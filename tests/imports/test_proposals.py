"""What is proposed for a file that nobody prepared: its columns, prices, dates and history."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from frontdesk.customers.models import Customer
from frontdesk.order_log.importer import OrderLog
from officeflow.catalogue.actions import MAIN_PRICE_LIST
from officeflow.catalogue.models import PriceList, Product
from officeflow.company.models import Office
from officeflow.company.queries import office_date
from officeflow.imports.actions import open_import_file, upload_import_file
from officeflow.imports.dates import office_order
from officeflow.imports.models import ImportFile, ImportRow
from officeflow.imports.prices import option_of_headings, split_heading
from officeflow.staff.models import User
from tests.factories import make_product

HEAD = "Order no;Date;Customer;Article;Qty;Price ex VAT;Line total"


@pytest.fixture
def shop(office: Office, mug: Product) -> Office:
    make_product("TEAPOT", "Teapot", "52.00")
    return office


def uploaded(actor: User, *rows: str, head: str = HEAD, kind: str = "orders") -> ImportFile:
    data = "\n".join([head, *rows]).encode()
    return upload_import_file(actor=actor, kind=kind, file_name="shop.csv", parts=[data])


def headings_of(found: ImportFile) -> dict[str, str]:
    return {name: found.headings[places[0]] for name, places in found.mapping["columns"].items()}


def test_the_columns_of_a_shop_are_recognised_by_heading_and_content(
    shop: Office, maya: User, mug: Product
) -> None:
    found = uploaded(
        maya,
        f"W-1;03/11/2020;Aisha Castellano;{mug.sku};3;4,92;14,76",
        "W-2;04/11/2020;Newman Fresh;TEAPOT;1;43,33;43,33",
        "W-3;05/11/2020;Hugo Martin;NOSUCH;2;1,50;3,00",
    )
    assert headings_of(found) == {
        "Order number": "Order no",
        "Ordered at": "Date",
        "Customer name": "Customer",
        "Product code": "Article",
        "Quantity": "Qty",
        "Unit price": "Price ex VAT",
        "Line total": "Line total",
    }
    assert found.options["prices"] == "without_tax"
    assert found.options["history"] == "done"


@pytest.mark.parametrize("customer", ["CU-000001", "17593", "K-12"])
def test_a_column_of_numbers_is_the_customers_number(
    shop: Office, maya: User, customer: str
) -> None:
    found = headings_of(uploaded(maya, f"W-1;2020-11-03;{customer};Red lamp;3;4,92;14,76"))
    assert (found["Customer number"], found["Product name"]) == ("Customer", "Article")
    assert "Customer name" not in found


@pytest.mark.parametrize(
    ("heading", "bare", "has_tax"),
    [
        ("Price (excl. tax)", "Price", False),
        ("Net price", "price", False),
        ("Einzelpreis netto", "Einzelpreis", False),
        ("Bruttopreis", "preis", True),
        ("Price VAT incl.", "Price", True),
        ("Prix unitaire TTC", "Prix unitaire", True),
        ("Price without VAT", "Price", False),
        ("Line total", "Line total", None),
        ("Next price", "Next price", None),
    ],
)
def test_headings_of_prices_tell_of_tax(heading: str, bare: str, has_tax: bool | None) -> None:
    assert split_heading(heading) == (bare, has_tax)


def test_headings_that_contradict_each_other_tell_nothing() -> None:
    assert option_of_headings(["Price net", "Total gross"]) == ""
    assert option_of_headings(["Price net", "Total"]) == "without_tax"


@pytest.mark.parametrize(
    ("language", "zone", "order"),
    [
        ("en", "Europe/London", "dmy"),
        ("en-gb", "America/New_York", "dmy"),
        ("en", "America/New_York", "mdy"),
        ("en-us", "Europe/London", "mdy"),
        ("de", "Europe/Berlin", "dmy"),
        ("ja", "Asia/Tokyo", "dmy"),
    ],
)
def test_an_office_reads_dates_as_its_people_write_them(
    office: Office, language: str, zone: str, order: str
) -> None:
    Office.objects.update(language=language, time_zone=zone)
    assert office_order() == order


def test_the_page_says_what_it_assumes(shop: Office, maya: User, client: Client) -> None:
    client.force_login(maya)
    head = HEAD.replace(" ex VAT", "")
    found = uploaded(maya, "W-1;03/11/2020;Ann;Red lamp;3;4,92;14,76", head=head)
    page = client.get(f"/imports/{found.number}/")
    assert page.context["form"]["date_order"].initial == "dmy"
    assert [each["choice"].data["value"] for each in page.context["orders"]] == ["dmy", "mdy"]
    assert page.context["signs"] == []  # both signs read these numbers alike
    has_tax = PriceList.objects.get(code=MAIN_PRICE_LIST).includes_tax
    assert page.context["form"]["prices"].initial == ("with_tax" if has_tax else "without_tax")
    text = page.content.decode()
    assert "order is assumed to be the one of your office" in text
    assert "the choice is that of your own shop prices" in text


def test_orders_of_this_week_are_not_proposed_as_done(shop: Office, maya: User) -> None:
    for days, history in ((8, "done"), (6, "open")):
        day = office_date() - timedelta(days=days)
        found = uploaded(maya, f"W-1;{day};Ann;Red lamp;3;4,92;14,76")
        assert OrderLog.has_history
        assert found.options["history"] == history


def test_the_preview_announces_new_products_and_customers(
    shop: Office, maya: User, client: Client, mug: Product
) -> None:
    rows = [
        f"W-1;2020-11-03;Ann;{mug.sku};1;10,00;10,00",
        "W-2;2020-11-04;Ann;NOSUCH;1;10,00;10,00",
    ]
    found = open_import_file(
        actor=maya,
        kind="orders",
        file_name="shop.csv",
        data="\n".join([HEAD.replace("Article", "SKU"), *rows]).encode(),
        options={"history": "done"},
    )
    first, second = ImportRow.objects.filter(import_file=found).order_by("number")
    assert (first.reason, first.is_warning) == ("New customer: Ann", False)
    assert (second.reason, second.is_warning) == ("New product", True)
    assert not Customer.objects.filter(name="Ann").exists()
    client.force_login(maya)
    text = client.get(f"/imports/{found.number}/").content.decode()
    assert "2020-11-03" in text
    assert "00:00:00" not in text
    assert "It is imported too." in text


def test_customers_are_recognised_by_content_and_all_faults_are_said(
    shop: Office, maya: User
) -> None:
    head = "Kundenname,Tel.,Mail address,Where they live,Remarks"
    rows = [
        "Jo,07700 900999,jo@bellwether.example,1 Mill Lane,prefers mornings",
        "Pat,07700 900998,pat@example.org,2 High St,",
        ",07700 900997,broken@,,no name",
    ]
    found = uploaded(maya, *rows, head=head, kind="customers")
    assert headings_of(found) == {
        "Name": "Kundenname",
        "Phone": "Tel.",
        "E-mail": "Mail address",
        "Address": "Where they live",
        "Note": "Remarks",
    }
    checked = open_import_file(
        actor=maya,
        kind="customers",
        file_name="customers.csv",
        data="\n".join([head, *rows]).encode(),
    )
    (refused,) = ImportRow.objects.filter(import_file=checked, outcome="refused")
    assert "name" in refused.reason
    assert "e-mail" in refused.reason


@pytest.mark.parametrize("heading", ["Customer", "Client", "Kunde"])
def test_blank_cells_do_not_count_when_a_heading_is_recognised(
    office: Office, maya: User, heading: str
) -> None:
    rows = [f"W-{n};2020-11-03;{'Ann' if n == 3 else ''};Lamp;1;10;" for n in range(9)]
    found = headings_of(uploaded(maya, *rows, head=HEAD.replace("Customer", heading)))
    assert found["Customer name"] == heading


def test_a_company_that_most_rows_lack_gives_way_to_the_names_of_people(
    office: Office, maya: User
) -> None:
    head = "Order no;Date;Item;Qty;Price;Company name;First name;Last name"
    rows = [f"W-{n};2020-11-03;Lamp;1;10;{'Acme' if n == 3 else ''};Jo;Lee" for n in range(9)]
    found = uploaded(maya, *rows, head=head)
    assert found.mapping["columns"]["Customer name"] == [6, 7]


@pytest.mark.parametrize(
    ("kind", "heading", "field"),
    [
        ("orders", "Bestellnr", "Order number"),
        ("orders", "Bestell-Nr.", "Order number"),
        ("orders", "Auftragsnr", "Order number"),
        ("orders", "N° de commande", "Order number"),
        ("orders", "Nº de pedido", "Order number"),
        ("orders", "Gesamt", "Line total"),
        ("orders", "VK netto", "Unit price"),
        ("orders", "Stückzahl", "Quantity"),
        ("orders", "Qté", "Quantity"),
        ("products", "MwSt", "Tax rate"),
        ("products", "TVA %", "Tax rate"),
        ("products", "IVA", "Tax rate"),
        ("products", "VK netto", "Price"),
        ("products", "VK brutto", "Price"),
        ("products", "Precio de venta", "Price"),
        ("products", "EK", None),
        ("products", "EK netto", None),
        ("products", "EK-Preis", None),
    ],
)
def test_headings_of_several_languages_are_proposed(
    office: Office, maya: User, kind: str, heading: str, field: str | None
) -> None:
    found = uploaded(maya, "19;odd", head=f"{heading};Odd", kind=kind)
    (field_of,) = [name for name, places in found.mapping["columns"].items() if 0 in places] or [
        None
    ]
    assert field_of == field


@pytest.mark.parametrize(
    ("totals", "field"),
    [(("14,76", "43,33"), "Line total"), (("58,09", "58,09"), "Order total")],
)
def test_a_total_that_all_rows_of_an_order_repeat_is_the_orders(
    office: Office, maya: User, totals: tuple[str, str], field: str
) -> None:
    first, second = totals
    found = uploaded(
        maya,
        f"1;2024-05-03;Cup;3;4,92;{first}",
        f"1;2024-05-03;Pot;1;43,33;{second}",
        "2;2024-05-03;Pot;1;43,33;43,33",
        head="Bestellnr;Datum;Artikel;Menge;Einzelpreis;Gesamt",
    )
    assert headings_of(found)[field] == "Gesamt"
    assert len({"Line total", "Order total"} & found.mapping["columns"].keys()) == 1
