"""Orders that a file marks as done, open, refunded or paid, whatever their date."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from backoffice.accounting.models import Invoice
from backoffice.tickets.models import Ticket
from frontdesk.order_log.status import kind_of, mark_of_order
from frontdesk.orders.models import Order
from officeflow.company.models import Office
from officeflow.company.queries import office_date
from officeflow.imports.actions import upload_import_file
from officeflow.imports.models import ImportFile, ImportRow
from officeflow.staff.models import User

HEAD = "Order no,Date,Item,Qty,Price,Order status,Payment status"
ORDERS = (
    ("1", "Completed", ""),
    ("2", "Processing", "paid"),
    ("3", "Refunded", ""),
    ("4", "", "refunded"),
    ("5", "Cancelled", ""),
    ("6", "", ""),
    ("7", "wc-on-hold", "pending"),
)


def data(*orders: tuple[str, str, str], day: str = "") -> bytes:
    rows = (
        f"{number},{day or office_date()},Lamp,1,10,{status},{payment}"
        for number, status, payment in orders
    )
    return "\n".join([HEAD, *rows]).encode()


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("Completed", "wc-completed", "FULFILLED", "Shipped", "Delivered", "Closed"), "done"),
        (("Abgeschlossen", "versandt", "Expédiée", "Livré", "Enviado", "entregado"), "done"),
        (("Processing", "open", "New", "on-hold", "unfulfilled", "Pending payment"), "open"),
        (("In Bearbeitung", "offen", "En attente", "Pendiente", "en cours"), "open"),
        (("Refunded", "Erstattet", "Remboursée", "Reembolsado"), "refunded"),
        (("Cancelled", "Storniert", "Annulée", "Cancelado", "zrušeno", "voided"), "cancelled"),
        (("partial", "Teilweise geliefert"), "partly"),
        (("", "Disputed", "1"), ""),
    ],
)
def test_a_status_is_known_in_several_languages(words: tuple[str, ...], kind: str) -> None:
    assert {kind_of(word) for word in words} == {kind}


@pytest.mark.parametrize(
    ("marks", "mark"),
    [
        (["done", "", "done"], "done"),
        (["open", ""], "open"),
        (["done", "open"], "partly"),
        (["partly"], "partly"),
        ([""], ""),
    ],
)
def test_an_order_is_done_when_all_marks_of_its_rows_say_so(marks: list[str], mark: str) -> None:
    assert mark_of_order(marks) == mark


@pytest.mark.parametrize(
    ("orders", "day", "history"),
    [
        (ORDERS, "", "marked"),
        (ORDERS, "2020-01-31", "marked"),
        ((("1", "Completed", ""), ("2", "", "")), "", "marked"),
        ((("1", "Completed", ""), ("2", "", "")), "2020-01-31", "done"),
        ((("1", "odd", "paid"),), "", "open"),
        ((("1", "odd", "paid"),), "2020-01-31", "done"),
    ],
)
def test_what_the_file_marks_as_done_is_proposed_as_done(
    maya: User,
    office: Office,
    client: Client,
    orders: tuple[tuple[str, str, str], ...],
    day: str,
    history: str,
) -> None:
    found = upload_import_file(
        actor=maya, kind="orders", file_name="shop.csv", parts=[data(*orders, day=day)]
    )
    assert found.options["history"] == history
    client.force_login(maya)
    page = client.get(f"/imports/{found.number}/")
    assert page.context["form"]["history"].initial == history
    marked = any(status == "Completed" for _number, status, _payment in orders)
    assert ("The file marks 1 of" in page.content.decode()) == marked


def test_orders_of_today_that_are_done_are_only_recorded(
    import_data: Callable[..., ImportFile], drain: Callable[[], int], maya: User, client: Client
) -> None:
    done = import_data(data(*ORDERS), history="marked")
    drain()
    assert done.made == {"past_orders": 1, "orders": 3, "products": 1}
    assert Order.objects.get(source_reference="1").is_past
    placed = Order.objects.filter(is_past=False).values_list("source_reference", flat=True)
    assert sorted(placed) == ["2", "6", "7"]
    assert Ticket.objects.count() == Invoice.objects.count() == 3
    reasons = dict(ImportRow.objects.values_list("number", "reason"))
    assert reasons[4] == reasons[5] == "The order was refunded in the other program."
    assert reasons[6] == "The order was cancelled in the other program."
    assert (done.facts["orders"], done.facts["marked_done"]) == (4, 1)


def test_an_order_that_was_paid_elsewhere_is_to_be_looked_at(
    import_data: Callable[..., ImportFile],
) -> None:
    import_data(data(("1", "Completed", "paid"), ("2", "Processing", "paid")), history="marked")
    done, open_row = ImportRow.objects.order_by("number")
    assert "paid" not in done.reason
    assert "Marked as paid in the file; take the payment at the desk." in open_row.reason
    assert open_row.is_warning
    notes = dict(Order.objects.values_list("source_reference", "note"))
    assert "Marked as paid in the file." in notes["2"]
    assert "paid" not in notes["1"]


@pytest.mark.parametrize(
    ("history", "number", "words"),
    [
        ("open", 2, "marks this order as done, but it is placed as new work"),
        ("done", 3, "marks this order as open, but it is only recorded"),
    ],
)
def test_a_choice_against_the_file_is_to_be_looked_at(
    import_data: Callable[..., ImportFile], history: str, number: int, words: str
) -> None:
    import_data(data(("1", "Shipped", ""), ("2", "Open", "")), history=history)
    row = ImportRow.objects.get(number=number)
    assert words in row.reason
    assert row.is_warning


def test_an_order_of_which_a_part_is_done_is_placed_and_to_be_looked_at(
    import_data: Callable[..., ImportFile],
) -> None:
    import_data(data(("1", "Shipped", ""), ("1", "Open", "")), history="marked")
    assert not Order.objects.get().is_past
    row = ImportRow.objects.get(number=2)
    assert "marks a part of this order as done" in row.reason
    assert row.is_warning
