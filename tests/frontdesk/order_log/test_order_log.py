"""Importing order logs, with an excerpt of a real one."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from backoffice.accounting.models import Invoice
from backoffice.hr.models import Commission
from backoffice.tickets.models import Ticket
from frontdesk.complaints.models import Complaint
from frontdesk.customers.models import Customer
from frontdesk.order_log.returns import described
from frontdesk.orders.models import Order, OrderLine
from officeflow import limits
from officeflow.catalogue.models import Kind, Product
from officeflow.company.models import Office
from officeflow.dashboards.consistency import effect_inconsistencies, handoff_inconsistencies
from officeflow.handoff.equation import balance
from officeflow.imports.actions import open_import_file, start_import_file
from officeflow.imports.models import ImportFile, ImportRow
from officeflow.imports.running import work
from officeflow.staff.models import User
from tests.factories import make_product
from tests.moments import Moment, any_day

EXCERPT = Path(__file__).parents[2] / "data" / "online_retail_excerpt.csv"
HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
ImportLog = Callable[..., ImportFile]


@pytest.fixture
def import_log(import_data: ImportLog) -> ImportLog:
    """Returns a function that imports a log, given as bytes or as rows without a header."""

    def read(*rows: str, data: bytes = b"", source: str = "") -> ImportFile:
        return import_data(data or "\n".join([HEAD, *rows]).encode(), source=source)

    return read


def row(
    invoice: str = "1",
    sku: str = "20705",
    quantity: str = "1",
    price: str = "1.95",
    customer: str = "",
    at: str = "2010-12-22 10:29:00",
    name: str = "TOY",
) -> str:
    return f"{invoice},{sku},{name},{quantity},{at},{price},{customer},Norway"


def reasons(import_file: ImportFile) -> dict[int, str]:
    refused = ImportRow.objects.filter(import_file=import_file, outcome="refused")
    return dict(refused.values_list("number", "reason"))


def test_the_excerpt_is_imported_once(import_log: ImportLog, drain: Callable[[], int]) -> None:
    first = import_log(data=EXCERPT.read_bytes())
    assert (first.rows_total, first.rows_imported, first.rows_refused) == (43, 36, 7)
    assert first.made == {"orders": 10, "complaints": 4, "products": 26, "customers": 9}
    drain()
    orders = set(Order.objects.values_list("number", flat=True))
    # Every order has goods here, so each has one of everything.
    assert Counter(
        Ticket.objects.filter(kind="order").values_list("subject", flat=True)
    ) == Counter(orders)
    assert Counter(Invoice.objects.values_list("receivable__order_number", flat=True)) == Counter(
        orders
    )
    assert Counter(Commission.objects.values_list("order_number", flat=True)) == Counter(orders)
    assert balance().balanced
    assert balance().waiting == balance().dead == 0
    assert list(handoff_inconsistencies()) == list(effect_inconsistencies()) == []
    # Nobody here could work on it before it came: of what was ordered years ago nothing is late.
    assert not Ticket.objects.filter(due_at__lt=timezone.now()).exists()

    again = import_log(data=EXCERPT.read_bytes())
    assert (again.rows_imported, again.rows_refused, again.rows_existing) == (0, 7, 36)
    assert drain() == 0
    assert set(Order.objects.values_list("number", flat=True)) == orders


def test_an_order_keeps_its_lines_prices_time_and_country(import_log: ImportLog) -> None:
    import_log(data=EXCERPT.read_bytes())
    order = Order.objects.get(source="online-retail", source_reference="579260")
    prices = [line.unit_price for line in order.lines.all()]
    assert prices == [Decimal("1.45"), Decimal("1.65")]
    assert order.ordered_at == datetime(2011, 11, 29, 8, 41, tzinfo=UTC)
    assert order.gross == Decimal("89.40")
    belgian = Order.objects.get(source_reference="539840")
    assert belgian.customer is not None
    assert (belgian.customer.name, belgian.customer.address) == ("Customer 12383", "Belgium")
    assert belgian.note == "online-retail 539840, Belgium"
    assert Order.objects.get(source_reference="579297").customer is None


@any_day
def test_invoices_are_dated_today(
    moment: Moment, import_log: ImportLog, drain: Callable[[], int], office: Office
) -> None:
    import_log(row())
    drain()
    invoice = Invoice.objects.get()
    assert (invoice.issued_date, invoice.number) == (moment.day, f"INV-{moment.day:%Y}-000001")


def test_new_products_have_the_most_frequent_name_and_services_are_recognised(
    import_log: ImportLog,
) -> None:
    import_log(
        row("1", "22745", name="BEDROOM", price="2.10"),
        row("2", "22745", name="BEDROM", price="2.10"),
        row("3", "22745", name="BEDROOM", price="2.46"),
        row("3", "POST", name="POSTAGE"),
        row("3", "BANK CHARGES", name="BANK CHARGES"),
        row("3", "dcgs0076", name=""),
    )
    products = {each.sku: each for each in Product.objects.all()}
    assert products["22745"].name == "BEDROOM"
    assert products["22745"].price == Decimal("2.10")
    assert {sku: each.kind for sku, each in products.items()} == {
        "22745": Kind.GOODS,
        "POST": Kind.SERVICE,
        "BANK CHARGES": Kind.SERVICE,
        "DCGS0076": Kind.GOODS,
    }
    assert products["DCGS0076"].name == "DCGS0076"


def test_a_known_product_keeps_its_name_and_price(import_log: ImportLog, office: Office) -> None:
    make_product("20705", "Robot", "9.99")
    import_log(row(price="1.95"))
    product = Product.objects.get()
    assert (product.name, product.price) == ("Robot", Decimal("9.99"))
    line = OrderLine.objects.get()
    assert (line.unit_price, line.description) == (Decimal("1.95"), "Robot")


def test_each_refused_row_has_its_reason(import_log: ImportLog, office: Office) -> None:
    gone = make_product("99999", "Gone", "1.00")
    Product.objects.filter(pk=gone.pk).update(is_active=False)
    make_product("20705", "Robot", "1.95")
    import_file = import_log(
        row("1", quantity="-98"),
        row("1", price="0.0"),
        row("3", price="-2"),
        row("4", quantity="many"),
        row("5", at="yesterday"),
        row("6", at="2999-01-01 00:00:00"),
        row("7", sku="", name=""),
        row("8", quantity="0.5"),
        row("10", sku="99999"),
        row("11", customer="17"),
        row("11", customer="18"),
        row("", quantity="1"),
        row("12", sku="?!"),
        row("9", at="", price="abc"),
        row("1"),
    )
    said = reasons(import_file)
    assert import_file.rows_imported == 1
    assert "must be more than 0" in said[2]
    assert said[3] == "The price is 0."
    assert said[4] == "The price is below 0."
    assert "Quantity “many” is not a number." in said[5]
    assert "must be a date such as" in said[6]
    assert "must be in the past" in said[7]
    assert said[8] == "Product code is empty."
    assert "by the piece" in said[9]
    assert "no longer sold" in said[10]
    assert "customer 17, but this row names 18" in said[12]
    assert said[13] == "Order number is empty."
    assert "not a product code" in said[14]
    assert said[15] == "Unit price “abc” is not a number. Ordered at is empty."
    imported = ImportRow.objects.get(import_file=import_file, outcome="imported")
    assert "Row 2 is left out: The quantity must be more than 0." in imported.reason
    assert "Row 3 is left out: The price is 0." in imported.reason
    assert imported.is_warning


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (row("7", "B", quantity="x"), "Quantity “x” is not a number."),
        (row("7", "B", price="abc"), "Unit price “abc” is not a number."),
        (row("7", "B", at="soon"), "must be a date"),
        (row("7", "WHOLE", quantity="1.5"), "sold by the piece"),
        (row("7", "B", customer="18"), "this row names 18"),
        (row("7", "B") + ",more", "more cells than the file has headings"),
    ],
)
def test_an_order_with_a_row_that_cannot_be_read_is_held_back_until_it_is_mended(
    import_log: ImportLog, maya: User, office: Office, client: Client, bad: str, reason: str
) -> None:
    make_product("WHOLE", "Whole", "1.00")
    rows = (row("7", "A", customer="17"), bad, row("8", "A"))
    data = "\n".join([HEAD, *rows]).encode()
    previewed = open_import_file(actor=maya, kind="orders", file_name="x.csv", data=data)
    assert sorted(reasons(previewed)) == [2, 3]
    first = import_log(*rows)
    said = reasons(first)
    assert reason in said[3]
    assert said[2] == f"Row 3 of this order cannot be read: {said[3]}"
    assert Order.objects.get().source_reference == "8"

    client.force_login(maya, backend="django.contrib.auth.backends.ModelBackend")
    refused = client.get(f"/imports/{first.number}/report/?show=refused&export=csv")
    lines = list(csv.DictReader(refused.getvalue().decode("utf-8-sig").splitlines()))
    assert [line["Row"] for line in lines] == ["2", "3"]
    good = {"Quantity": "2", "Unit price": "3.00", "Ordered at": "2010-12-22 10:29:00"}
    lines[1] |= good | {"Customer number": "17"}
    mended = io.StringIO()
    writer = csv.DictWriter(mended, fieldnames=list(lines[0]))
    writer.writeheader()
    writer.writerows(lines)
    done = import_log(data=mended.getvalue().encode(), source=first.source)
    assert (done.rows_imported, done.rows_refused) == (2, 0)
    assert Order.objects.get(source_reference="7").lines.count() == 2


def test_a_row_that_cannot_be_read_of_an_order_imported_before_is_refused_alone(
    import_log: ImportLog,
) -> None:
    import_log(row("7"), row("C8", quantity="-1"))
    later = import_log(
        row("7"), row("7", "B", quantity="x"), row("C8", quantity="-1"), row("C8", quantity="y")
    )
    assert (later.rows_existing, sorted(reasons(later))) == (2, [3, 5])


def test_returned_goods_with_a_row_that_cannot_be_read_are_held_back(
    import_log: ImportLog,
) -> None:
    found = import_log(row("C8", quantity="-1"), row("C8", quantity="y"))
    assert (sorted(reasons(found)), Complaint.objects.count()) == ([2, 3], 0)


def test_every_row_that_is_not_empty_is_counted(import_log: ImportLog) -> None:
    found = import_log(
        row("7"), "7,,,,,,,", "9,,,,,,,", ",,,,,,,Norway", "8,,,,2010-12-22,,5,", ",,,,,,,,,"
    )
    said = reasons(found)
    assert (found.rows_total, found.rows_imported, sorted(said)) == (5, 1, [3, 4, 5, 6])
    assert said[3] == said[4] == said[6] == "The row has no product and no total."
    imported = ImportRow.objects.get(import_file=found, outcome="imported")
    assert "Row 3 is left out: The row has no product and no total." in imported.reason


def test_a_price_may_have_a_decimal_comma(import_log: ImportLog) -> None:
    import_log(row(price='"1,95"'))
    assert OrderLine.objects.get().unit_price == Decimal("1.95")


def test_an_order_without_lines_is_refused(import_log: ImportLog) -> None:
    import_file = import_log(row(price="0.0"), row(quantity="-1"))
    assert (import_file.rows_refused, Order.objects.count(), Product.objects.count()) == (2, 0, 0)


def test_returned_goods_become_a_complaint_about_their_order(
    import_log: ImportLog, drain: Callable[[], int]
) -> None:
    import_log(data=EXCERPT.read_bytes())
    one = Complaint.objects.get(source_reference="C539827")
    assert one.order is not None
    assert one.order.source_reference == "539826"
    assert one.order_line is not None
    assert one.order_line.sku == "22745"
    assert one.desired_outcome == "Refund of £2.10"
    assert "1 × 22745 POPPY'S PLAYHOUSE BEDROOM (2.1)" in one.description
    three = Complaint.objects.get(source_reference="C579521")
    assert three.order is not None
    assert three.order.source_reference == "579520"
    assert (three.order_line, three.product) == (None, None)
    assert three.desired_outcome == "Refund of £25.26"
    unknown = Complaint.objects.get(source_reference="C579366")
    assert unknown.order is None
    assert unknown.customer is not None
    drain()
    assert Ticket.objects.filter(kind="complaint").count() == 4


def test_a_long_return_is_described_as_far_as_it_fits_and_known_again(
    import_log: ImportLog, drain: Callable[[], int]
) -> None:
    rows = [
        row("C99106", f"A{n}", "-2", name=f"A tea towel with a long name {n} " + "x" * 40)
        for n in range(230)
    ]
    assert import_log(*rows).rows_imported == 230
    description = Complaint.objects.get().description
    lines = description.splitlines()
    assert 9_800 < len(description) <= limits.TEXT
    assert lines[-1] == f"… and {230 - (len(lines) - 2)} more lines"
    drain()
    assert Ticket.objects.get(kind="complaint")
    again = import_log(*rows, row("C99106", "B1", "-2"))
    assert (again.rows_existing, again.rows_refused) == (230, 1)


@given(st.lists(st.text(max_size=250), max_size=300))
def test_a_return_of_any_lines_has_a_text_that_fits(lines: list[str]) -> None:
    text = described("Goods returned:", lines)
    assert len(text) <= limits.TEXT
    if len("\n".join(["Goods returned:", *lines])) <= limits.TEXT:
        assert text == "\n".join(["Goods returned:", *lines])


def test_a_return_out_of_bounds_is_refused_in_the_preview(
    maya: User, import_log: ImportLog, office: Office
) -> None:
    huge = [row("C1", quantity="-999999999999", price="999999999999") for _ in range(200)]
    many = [row("C2", quantity="-9999999", price="9999999") for _ in range(3)]
    data = "\n".join([HEAD, *huge, *many]).encode()
    import_file = open_import_file(actor=maya, kind="orders", file_name="x.csv", data=data)
    said = reasons(import_file)
    assert {said[n] for n in range(2, 202)} == {"The quantity or the amount is too large."}
    assert {said[n] for n in range(202, 205)} == {"The amount of the whole return is too large."}
    assert reasons(import_log(data=data)) == said
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    ("at", "is_accepted"),
    [
        ("1970-01-01T00:00:00+14:00", False),
        ("1969-12-31T23:59:59-12:00", False),
        ("1970-01-01T00:00:00Z", True),
        ("0001-01-01T00:00:00+14:00", False),
        ("9999-12-31T23:59:59-14:00", False),
    ],
)
def test_an_order_is_of_a_day_in_bounds_as_it_is_stored_and_as_it_is_shown(
    import_log: ImportLog, at: str, is_accepted: bool
) -> None:
    assert import_log(row(at=at)).rows_imported == is_accepted
    Office.objects.update(time_zone="America/New_York")
    assert import_log(row("2", at=at)).rows_imported == 0


def test_an_address_with_its_country_is_no_longer_than_an_address(import_log: ImportLog) -> None:
    head = f"{HEAD},Address"
    long = "Long Road " * 100
    import_log(data="\n".join([head, row("1", customer="17") + f",{long}"]).encode())
    customer = Customer.objects.get()
    assert len(customer.address) == limits.ADDRESS


def test_a_line_missing_from_its_imported_order_is_refused(
    import_log: ImportLog,
) -> None:
    import_log(row("7", quantity="1"), row("C8", quantity="-1"))
    later = import_log(
        row("7", quantity="1"),
        row("7", quantity="2"),
        row("C8", quantity="-1"),
        row("C8", "1234", "-1"),
    )
    assert (later.rows_existing, later.rows_refused) == (2, 2)
    assert "without this line" in reasons(later)[3]
    assert "without this line" in reasons(later)[5]


def test_a_customer_of_a_source_is_one_record_for_all_files(import_log: ImportLog) -> None:
    import_log(row("1", customer="17850.0"))
    import_log(row("2", customer="17850"))
    import_log(row("1", customer="17850"), source="elsewhere")
    assert [customer.name for customer in Customer.objects.all()] == ["Customer 17850"] * 2
    assert Order.objects.count() == 3


def test_an_imported_order_may_have_more_lines_than_a_form(import_log: ImportLog) -> None:
    import_file = import_log(*(row("9", quantity=str(n)) for n in range(1, 579)))
    assert import_file.rows_imported == 578
    assert OrderLine.objects.count() == 578


def test_an_order_of_an_inactive_customer_is_refused_in_the_preview(
    maya: User, import_log: ImportLog
) -> None:
    import_log(row("1", customer="17"))
    Customer.objects.update(is_active=False)
    rows = [row("2", customer="17"), row("3")]
    previewed = open_import_file(
        actor=maya, kind="orders", file_name="x.csv", data="\n".join([HEAD, *rows]).encode()
    )
    assert "inactive" in reasons(previewed)[2]
    done = import_log(*rows)
    assert (done.rows_imported, list(reasons(done))) == (1, [2])


def test_a_product_is_new_once_in_the_preview_as_in_the_import(maya: User, office: Office) -> None:
    rows = [row("1"), row("1", quantity="2"), row("2"), row("C3", quantity="-1", sku="OTHER")]
    import_file = open_import_file(
        actor=maya, kind="orders", file_name="x.csv", data="\n".join([HEAD, *rows]).encode()
    )
    found = ImportRow.objects.filter(import_file=import_file).order_by("number")
    previewed = list(found.values_list("is_warning", flat=True))
    assert previewed == [True, True, False, True]
    start_import_file(actor=maya, import_file=import_file)
    work(import_file.number, seconds=60)
    assert list(found.values_list("is_warning", flat=True)) == previewed


def test_times_are_read_in_the_offices_time_zone(import_log: ImportLog, office: Office) -> None:
    Office.objects.update(time_zone="Asia/Kolkata")
    import_log(row(at="2011-07-01 10:00:00"))
    assert Order.objects.get().ordered_at == datetime(2011, 7, 1, 4, 30, tzinfo=UTC)


def test_more_lines_need_no_more_queries(
    maya: User, office: Office, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    lines = [row("5", sku=str(20000 + n), price="1.25", customer="3") for n in range(60)]
    import_file = open_import_file(
        actor=maya, kind="orders", file_name="x.csv", data="\n".join([HEAD, *lines]).encode()
    )
    start_import_file(actor=maya, import_file=import_file)
    with django_assert_max_num_queries(75):
        work(import_file.number, seconds=60)
    assert OrderLine.objects.count() == 60
