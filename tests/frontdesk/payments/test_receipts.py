"""Receipts of payments and refunds."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from pypdf import PdfReader

from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order
from frontdesk.payments.actions.corrections import correct_payment_method
from frontdesk.payments.actions.payments import pay_refund, take_payment
from frontdesk.payments.actions.receipts import IssuedReceipt
from frontdesk.payments.models.methods import DefaultMethod
from frontdesk.payments.models.payments import Refund
from frontdesk.payments.models.receipts import PaymentReceipt
from officeflow.catalogue.models import Product
from officeflow.staff.models import User
from tests.factories import make_product

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def order(rita: User, mug: Product) -> Order:
    """Two mugs for 24.00."""
    return place_order(actor=rita, customer=None, lines=[NewLine(product=mug, quantity=D(2))])


@pytest.fixture(autouse=True)
def _drawn_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's transaction is never committed, so receipts are drawn at once."""
    monkeypatch.setattr(IssuedReceipt, "keep_after_commit", IssuedReceipt.keep)


def pdf_text(content: bytes) -> str:
    (page,) = PdfReader(io.BytesIO(bytes(content))).pages
    return page.extract_text().replace("\u00a0", " ")


def test_a_receipt_shows_the_paid_and_the_open_amount(rita: User, order: Order) -> None:
    take_payment(actor=rita, order=order, amount=D(10), method=DefaultMethod.CASH)
    second = take_payment(actor=rita, order=order, amount=D(4), method=DefaultMethod.CARD)
    text = pdf_text(second.receipt.content)
    for part in (
        second.number,
        order.number,
        "Blue mug",
        "2 × £12.00",
        "Total £24.00",
        "of which tax 20% £4.00",
        "Card £4.00",
        "Paid in all £14.00",
        "Still to pay £10.00",
        "Rita Receptionist",
    ):
        assert part in text


def test_a_receipt_shows_the_change(rita: User, order: Order) -> None:
    payment = take_payment(actor=rita, order=order, amount=D(24), method="cash", cash_given=D(30))
    text = pdf_text(payment.receipt.content)
    assert "Cash given £30.00" in text
    assert "Change £6.00" in text


def test_the_page_shows_an_earlier_receipt_as_issued(rita: User, order: Order) -> None:
    first = take_payment(actor=rita, order=order, amount=D(10), method=DefaultMethod.CASH)
    take_payment(actor=rita, order=order, amount=D(14), method=DefaultMethod.CASH)
    client = Client()
    client.force_login(rita, backend=BACKEND)
    text = client.get(f"/desk/payments/{first.number}/").content.decode()
    assert "£14.00" in text  # still to pay then
    answer = client.get(f"/desk/payments/{first.number}/pdf/")
    assert answer.content == bytes(first.receipt.content)
    assert client.get("/desk/payments/PY-999999/").status_code == 404


def test_a_refund_has_a_receipt_to_sign(rita: User, order: Order, drain: Callable[[], int]) -> None:
    take_payment(actor=rita, order=order, amount=D(10), method=DefaultMethod.CASH)
    cancel_order(actor=rita, order=order, reason="Changed her mind")
    drain()
    refund = pay_refund(actor=rita, refund=Refund.objects.get(), method=DefaultMethod.CASH)
    text = pdf_text(PaymentReceipt.objects.get(refund=refund).content)
    assert "Paid back £10.00" in text
    assert refund.credit_note_number in text
    assert "Signature" in text
    client = Client()
    client.force_login(rita, backend=BACKEND)
    receipt = f"/desk/refunds/{refund.number}/"
    assert client.get(receipt).status_code == 200
    # The order's page leads to the receipt issued last.
    buttons = client.get(f"/desk/orders/{order.number}/").context["actions"].buttons
    assert [each.url for each in buttons if each.name == "receipt"] == [receipt]
    pdf = client.get(f"/api/v1/refunds/{refund.number}/receipt/")
    assert pdf["Content-Type"] == "application/pdf"


def test_an_unpaid_refund_has_no_receipt(
    rita: User, order: Order, drain: Callable[[], int]
) -> None:
    take_payment(actor=rita, order=order, amount=D(10), method=DefaultMethod.CASH)
    cancel_order(actor=rita, order=order, reason="Changed her mind")
    drain()
    client = Client()
    client.force_login(rita, backend=BACKEND)
    assert client.get(f"/desk/refunds/{Refund.objects.get().number}/").status_code == 404


def test_a_receipt_is_never_changed(rita: User, order: Order) -> None:
    take_payment(actor=rita, order=order, amount=D(10), method=DefaultMethod.CASH)
    with pytest.raises(DatabaseError), transaction.atomic():
        PaymentReceipt.objects.update(content=b"another")


def test_a_receipt_is_drawn_after_the_commit_with_the_contents_of_then(
    rita: User,
    order: Order,
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    with django_capture_on_commit_callbacks(execute=True):
        first = take_payment(actor=rita, order=order, amount=D(10), method=DefaultMethod.CASH)
        take_payment(actor=rita, order=order, amount=D(14), method=DefaultMethod.CASH)
        assert not PaymentReceipt.objects.exists()
    assert "Still to pay £14.00" in pdf_text(PaymentReceipt.objects.get(payment=first).content)


def test_a_receipt_whose_drawing_failed_is_drawn_at_its_first_use(
    rita: User, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(IssuedReceipt, "keep_after_commit", lambda _issued: None)
    first = take_payment(actor=rita, order=order, amount=D(10), method=DefaultMethod.CASH)
    take_payment(actor=rita, order=order, amount=D(14), method=DefaultMethod.CASH)
    client = Client()
    client.force_login(rita, backend=BACKEND)
    drawn = client.get(f"/desk/payments/{first.number}/pdf/").content
    assert "Still to pay £14.00" in pdf_text(drawn)
    correct_payment_method(
        actor=rita, payment=first, from_method="cash", method="card", reason="It was a card"
    )
    corrected = client.get(f"/desk/payments/{first.number}/pdf/").content
    assert "Card, not Cash" in pdf_text(corrected)
    assert PaymentReceipt.objects.count() == 2


def test_a_receipt_requires_a_permission(rita: User, femi: User, order: Order) -> None:
    payment = take_payment(actor=rita, order=order, amount=D(10), method=DefaultMethod.CASH)
    client = Client()
    client.force_login(femi, backend=BACKEND)
    assert client.get(f"/desk/payments/{payment.number}/pdf/").status_code == 403
    assert client.get(f"/api/v1/payments/{payment.number}/receipt/").status_code == 403


def test_the_list_of_payments_needs_no_more_queries_for_more_rows(
    rita: User, order: Order, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = Client()
    client.force_login(rita, backend=BACKEND)
    for _ in range(6):
        take_payment(actor=rita, order=order, amount=D(1), method=DefaultMethod.CASH)
    client.get("/desk/payments/")
    with django_assert_max_num_queries(16):
        answer = client.get("/desk/payments/")
    assert len(answer.context["page"].rows) == 6
    assert "PY-" in b"".join(client.get("/desk/payments/?export=csv")).decode()  # type: ignore[arg-type]


def test_a_price_below_a_penny_is_written_in_full(rita: User, office: object) -> None:
    bead = make_product("BEAD", "Glass bead", "0.125")
    line = NewLine(product=bead, quantity=D(1000))
    order = place_order(actor=rita, customer=None, lines=[line])
    payment = take_payment(actor=rita, order=order, amount=D(125), method=DefaultMethod.CASH)
    assert "× £0.125" in pdf_text(payment.receipt.content)
    client = Client()
    client.force_login(rita, backend=BACKEND)
    for address in (
        f"/desk/orders/{order.number}/",
        f"/desk/payments/{payment.number}/",
        "/desk/products/lookup/?q=bead",
        "/administration/products/BEAD/",
    ):
        assert "0.125" in client.get(address).content.decode(), address
