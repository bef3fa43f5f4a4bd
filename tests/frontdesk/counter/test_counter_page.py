"""The counter's page and the search."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from frontdesk.complaints.models import Complaint
from frontdesk.customers.models import Customer
from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.models import Order
from frontdesk.payments.actions.payments import take_payment
from frontdesk.payments.models.methods import DefaultMethod
from officeflow.handoff import contracts
from officeflow.handoff.contracts import Contract
from officeflow.imports.actions import open_import_file, start_import_file
from officeflow.imports.running import work
from officeflow.staff.models import User
from tests.frontdesk.conftest import signed_in
from tests.moments import Moment, any_day

pytestmark = pytest.mark.django_db


@any_day
def test_today_shows_orders_and_complaints(
    moment: Moment, desk: Client, order: Order, complaint: Complaint
) -> None:
    page = desk.get("/desk/").content.decode()
    assert f"/desk/orders/{order.number}/" in page
    assert f"/desk/complaints/{complaint.number}/" in page
    assert "Nothing needs you right now" in page


def test_needs_you_links_to_the_actions(
    desk: Client,
    rita: User,
    order: Order,
    complaint: Complaint,
    report_goods: Callable[[Order, str], None],
    report_answer: Callable[[Complaint, str], None],
    return_with_question: Callable[[str, str], None],
    reports: Callable[[Contract, str], None],
) -> None:
    report_goods(order, "ready")
    report_answer(complaint, "A new mug is on its way")
    return_with_question(order.number, "Which colour?")
    reports(
        contracts.RefundDue(
            order_number=order.number,
            amount=Decimal("4.00"),
            currency="GBP",
            credit_note_number="CN-2026-000001",
            due_at=timezone.now(),
        ),
        order.number,
    )
    page = desk.get("/desk/").content.decode()
    assert f"/desk/orders/{order.number}/hand-over/" in page
    assert f"/desk/complaints/{complaint.number}/confirm/" in page
    assert "/desk/questions/TK-000077/" in page
    assert f"/desk/refunds/{order.refunds.get().number}/pay/" in page
    assert "Which colour?" in page


def test_a_refresh_without_changes_needs_one_query(desk: Client, order: Order, rita: User) -> None:
    first = desk.get("/desk/now/")
    assert first.status_code == 200
    again = desk.get("/desk/now/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again["ETag"] == first["ETag"]
    take_payment(actor=rita, order=order, amount=Decimal(1), method=DefaultMethod.CASH)
    changed = desk.get("/desk/now/", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200


def test_the_page_has_the_version_of_the_refresh(desk: Client, order: Order) -> None:
    page = desk.get("/desk/").context["version"]
    assert desk.get("/desk/now/", headers={"If-None-Match": page}).status_code == 304


def test_an_exact_number_opens_its_record(
    desk: Client, order: Order, complaint: Complaint, nora: Customer
) -> None:
    digits = int(order.number.removeprefix("SO-"))
    answer = desk.get("/desk/search/", {"q": f" so {digits} "})
    assert answer["Location"] == f"/desk/orders/{order.number}/"
    answer = desk.get("/desk/search/", {"q": complaint.number.lower()})
    assert answer["Location"] == f"/desk/complaints/{complaint.number}/"
    answer = desk.get("/desk/search/", {"q": nora.number})
    assert answer["Location"] == f"/desk/customers/{nora.number}/"


@pytest.mark.parametrize("text", ["nord nora", "NÓRA", "7946 0958", "+44 20 7946", "nora@exam"])
def test_a_customer_is_found_with_their_orders(desk: Client, order: Order, text: str) -> None:
    answer = desk.get("/desk/search/", {"q": text})
    found = {group.kind: group.hits for group in answer.context["found"].groups}
    assert [hit.title for hit in found["customer"]] == ["Nora Nordmann"]
    assert [hit.number for hit in found["order"]] == [order.number]


def test_products_are_found_and_an_empty_result_has_a_message(desk: Client, mug: object) -> None:
    assert "<mark>Blu</mark>e mug" in desk.get("/desk/search/", {"q": "blu"}).content.decode()
    assert "Nothing found" in desk.get("/desk/search/", {"q": "zzz?&<"}).content.decode()
    assert desk.get("/desk/search/").status_code == 200


@pytest.mark.parametrize("text", ["%", "_", "'", "so", "SO-", "so 99999999999999999999"])
def test_unusual_text_can_be_searched(desk: Client, order: Order, text: str) -> None:
    assert desk.get("/desk/search/", {"q": text}).status_code == 200
    for lookup in ("customers", "products", "orders"):
        assert desk.get(f"/desk/{lookup}/lookup/", {"q": text}).status_code == 200


def test_a_cancelled_order_does_not_need_you(
    desk: Client, rita: User, order: Order, report_goods: Callable[[Order, str], None]
) -> None:
    report_goods(order, "ready")
    assert desk.get("/desk/").context["needs"].total == 1
    cancel_order(actor=rita, order=order, reason="Changed her mind")
    assert desk.get("/desk/").context["needs"].total == 0


def test_the_counter_requires_a_permission(amir: User, office: object, client: Client) -> None:
    assert signed_in(amir).get("/desk/").status_code == 403
    assert client.get("/desk/").status_code == 302


@any_day
def test_orders_of_other_days_imported_today_are_counted(
    moment: Moment, desk: Client, maya: User, office: object
) -> None:
    rows = "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice\n1,20705,1,2010-12-01 08:26:00,2.00"
    import_file = open_import_file(
        actor=maya, kind="orders", file_name="log.csv", data=rows.encode()
    )
    start_import_file(actor=maya, import_file=import_file)
    work(import_file.number, seconds=60)
    page = desk.get("/desk/").content.decode()
    assert "1 order was imported today, dated " in page
    assert "No orders yet today" not in page
    assert "No complaints today" in page
    # Rita may not read files in; Maya, who may, finds the report.
    assert import_file.number not in page
    assert f"/imports/{import_file.number}/" in signed_in(maya).get("/desk/").content.decode()
