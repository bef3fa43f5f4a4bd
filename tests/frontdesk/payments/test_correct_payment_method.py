"""Correcting how a payment was made, at the desk and in the books."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pypdf import PdfReader

from backoffice.accounting.models import JournalEntry, MethodCorrection
from backoffice.accounting.queries import trial_balance
from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order
from frontdesk.payments.actions.corrections import correct_payment_method
from frontdesk.payments.actions.methods import add_method
from frontdesk.payments.actions.payments import pay_refund, take_payment
from frontdesk.payments.actions.tills import count_till
from frontdesk.payments.models.methods import MethodKind
from frontdesk.payments.models.payments import Payment, PaymentCorrection, Refund
from frontdesk.payments.queries.payments import receipt_of
from frontdesk.payments.queries.takings import day_takings, drawer
from officeflow.audit.models import AuditEntry
from officeflow.company.models import Office
from officeflow.company.queries import office_date
from officeflow.errors import Conflict, Refused
from officeflow.handoff.applying import draining
from officeflow.handoff.contracts import MoneyKind, PaymentMethodCorrected
from officeflow.handoff.models import Destination, HandoffState
from officeflow.staff.models import User
from tests.factories import make_office, make_product
from tests.frontdesk.conftest import signed_in
from tests.orders import order_placed, payment_taken, send
from tests.people import employ

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment(rita: User, order: Order) -> Payment:
    """Nora's 24.00, recorded as cash although she paid by card."""
    return take_payment(actor=rita, order=order, amount=D(24), method="cash", cash_given=D(30))


def correct(
    payment: Payment, actor: User, method: str = "card", **values: str
) -> PaymentCorrection:
    return correct_payment_method(
        actor=actor,
        payment=payment,
        from_method=values.get("from_method", "cash"),
        method=method,
        reason=values.get("reason", "Tapped the wrong button"),
    )


def balances() -> dict[str, D]:
    return {line.account.code: line.debit - line.credit for line in trial_balance()}


def test_the_order_stays_and_the_takings_of_the_day_follow(
    rita: User, ravi: User, order: Order, payment: Payment, office: Office
) -> None:
    correct(payment, ravi)
    payment.refresh_from_db()
    order.refresh_from_db()
    assert (payment.method, payment.method_kind, payment.cash_given) == ("card", "card", None)
    assert (order.paid, order.state) == (D(24), "placed")
    today = office_date(office=office)
    assert {row.label: row.net for row in day_takings(office, today, of=rita).methods} == {
        "Card": D(24)
    }
    assert drawer(office, office.main_site, today).cash == 0


def test_accounting_reverses_the_booking_and_books_it_anew_once(
    rita: User, payment: Payment, drain: Callable[[], int]
) -> None:
    drain()
    assert balances()["1000"] == D(24)
    correct(payment, rita)
    drain()
    assert (balances()["1000"], balances()["1010"], balances()["1100"]) == (0, D(24), 0)
    correct(payment, rita, "transfer", from_method="card")
    drain()
    found = balances()
    assert (found["1000"], found["1010"], found["1020"]) == (0, 0, D(24))
    entries = list(JournalEntry.objects.filter(document=payment.number).order_by("pk"))
    assert [entry.kind for entry in entries] == ["payment", "correction", "correction"]
    assert [entry.reverses for entry in entries] == [None, *entries[:2]]
    assert [each.method for each in MethodCorrection.objects.all()] == ["card", "transfer"]


def test_a_correction_to_another_method_of_the_same_account_books_nothing(
    rita: User, ada: User, payment: Payment, drain: Callable[[], int]
) -> None:
    add_method(actor=ada, code="voucher", label="Voucher", kind=MethodKind.CASH)
    correct(payment, rita, "voucher")
    drain()
    assert JournalEntry.objects.filter(document=payment.number).count() == 1
    assert MethodCorrection.objects.get().method_name == "Voucher"


def test_the_customer_gets_a_new_receipt_and_the_first_is_kept(
    rita: User, order: Order, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        payment = take_payment(actor=rita, order=order, amount=D(24), method="cash")
        correct(payment, rita)
    latest = receipt_of(payment)
    assert latest
    assert latest.correction
    assert payment.receipt.pk != latest.pk
    (page,) = PdfReader(io.BytesIO(bytes(latest.content))).pages
    text = page.extract_text()
    assert "Card, not Cash" in text
    assert "Change" not in text
    answer = signed_in(rita).get(f"/desk/payments/{payment.number}/pdf/")
    assert answer.content == bytes(latest.content)


def test_the_timeline_and_the_payment_tell_of_it(
    desk: Client, rita: User, order: Order, payment: Payment
) -> None:
    correct(payment, rita)
    page = desk.get(f"/desk/orders/{order.number}/").content.decode()
    assert "Payment method corrected" in page
    as_recorded_then = f'£24.00 · Cash · <span class="whole">{payment.number}</span>'
    assert as_recorded_then in page
    assert "Tapped the wrong button" in page
    assert (
        "Tapped the wrong button" in desk.get(f"/desk/payments/{payment.number}/").content.decode()
    )
    export = b"".join(desk.get("/desk/payments/?export=csv")).decode()  # type: ignore[arg-type]
    assert "Corrected from" in export
    entry = AuditEntry.objects.get(action="correct_payment_method")
    assert entry.changes["method"] == ["cash", "card"]
    assert "wrong button" not in str(entry.changes)


def test_a_refunded_payment_is_refused(
    rita: User, order: Order, payment: Payment, drain: Callable[[], int]
) -> None:
    cancel_order(actor=rita, order=order, reason="Changed her mind")
    drain()
    refund = pay_refund(actor=rita, refund=Refund.objects.get(), method="cash")
    with pytest.raises(Conflict, match=refund.number):
        correct(payment, rita)
    assert signed_in(rita).get(f"/desk/payments/{payment.number}/correct/").status_code == 302


def test_a_refund_that_is_due_does_not_stop_a_correction(
    rita: User, order: Order, payment: Payment, drain: Callable[[], int]
) -> None:
    cancel_order(actor=rita, order=order, reason="Changed her mind")
    drain()
    correct(payment, rita)
    drain()
    found = balances()
    assert (found["1000"], found["1010"], found["2000"]) == (0, D(24), D(-24))


@pytest.mark.parametrize(
    ("method", "reason", "field"),
    [("cash", "Wrong", "method"), ("gold", "Wrong", "method"), ("card", "  ", "reason")],
)
def test_a_wrong_correction_is_refused(
    rita: User, payment: Payment, method: str, reason: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        correct(payment, rita, method, reason=reason)
    assert refused.value.field == field
    assert not PaymentCorrection.objects.exists()


def test_a_page_from_before_a_colleagues_correction_is_refused(
    rita: User, ravi: User, payment: Payment
) -> None:
    correct(payment, ravi)
    with pytest.raises(Conflict, match="Ravi Receptionist has already corrected"):
        correct(payment, rita, "transfer")


def test_a_counted_drawer_is_to_be_counted_again(
    desk: Client, rita: User, payment: Payment, office: Office, drain: Callable[[], int]
) -> None:
    day = office_date(office=office)
    values = {"actor": rita, "office": office, "site": office.main_site, "day": day}
    count = count_till(**values, opening_float=D(0), counted=D(0), note="24 missing")  # type: ignore[arg-type]
    url = f"/desk/payments/{payment.number}/correct/"
    assert "The drawer of that day was counted" in desk.get(url).content.decode()
    correct(payment, rita)
    assert "Cash has changed since" in desk.get("/desk/till/").content.decode()
    count_till(**values, opening_float=D(0), counted=D(0), corrects=count)  # type: ignore[arg-type]
    drain()
    assert (balances()["1000"], balances()["6900"]) == (0, 0)


def test_the_page_corrects_once(desk: Client, payment: Payment) -> None:
    url = f"/desk/payments/{payment.number}/correct/"
    data = {"from_method": "cash", "method": "card", "reason": "Wrong button"}
    assert desk.post(url, data | {"reason": ""}).status_code == 422
    for _twice in range(2):
        assert desk.post(url, data | {"idempotency_key": "k1"}).status_code == 302
    assert PaymentCorrection.objects.count() == 1


def test_a_correction_over_http(desk: Client, femi: User, payment: Payment) -> None:
    url = f"/api/v1/payments/{payment.number}/correct-method/"
    body = {"from_method": "cash", "method": "card", "reason": "Wrong button"}
    assert signed_in(femi).post(url, body, "application/json").status_code == 403
    answer = desk.post(url, body, "application/json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["method"] == "card"
    assert answer.json()["change_given"] is None
    assert answer.json()["corrections"][0]["from_method"] == "cash"
    assert desk.post(url, body, "application/json").status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [{"payment_number": "PY-000009"}, {"amount": D(6)}, {"previous_method": "card"}],
)
def test_accounting_refuses_what_does_not_fit_its_books(
    office: Office, wrong: dict[str, object]
) -> None:
    send(order_placed(), Destination.ACCOUNTING)
    send(payment_taken("5"), Destination.ACCOUNTING)
    right = {
        "order_number": "SO-000001",
        "payment_number": "PY-000001",
        "amount": D(5),
        "currency": "GBP",
        "previous_method": "cash",
        "previous_method_kind": MoneyKind.CASH,
        "previous_method_label": "Cash",
        "method": "card",
        "method_kind": MoneyKind.CARD,
        "method_label": "Card",
        "corrected_at": payment_taken("5").taken_at,
    }
    contract = PaymentMethodCorrected(**{**right, **wrong})  # type: ignore[arg-type]
    assert send(contract, Destination.ACCOUNTING).state == HandoffState.DEAD
    assert not MethodCorrection.objects.exists()


def test_a_correction_is_never_changed(rita: User, payment: Payment) -> None:
    correct(payment, rita)
    with pytest.raises(DatabaseError), transaction.atomic():
        PaymentCorrection.objects.update(reason="Another")


class Corrections(TestCase):
    """Whatever is corrected how often, the books balance and have the money where it lies."""

    @settings(deadline=None, max_examples=25)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["cash", "card", "transfer"]),
                st.decimals("0.01", "99.99", places=2),
                st.lists(st.sampled_from(["cash", "card", "transfer"]), max_size=3),
            ),
            min_size=1,
            max_size=3,
        )
    )
    def test_the_books_follow(self, plan: list[tuple[str, D, list[str]]]) -> None:
        make_office()
        rita = employ("rita")
        vase = make_product("VASE", "Vase", "1000.00")
        order = place_order(actor=rita, customer=None, lines=[NewLine(product=vase, quantity=D(1))])
        for method, amount, later in plan:
            payment = take_payment(actor=rita, order=order, amount=amount, method=method)
            for right in later:
                payment.refresh_from_db()
                if right != payment.method:
                    correct(payment, rita, right, from_method=payment.method)
        draining.drain()
        found = balances()
        accounts = {"cash": "1000", "card": "1010", "transfer": "1020"}
        for method, account in accounts.items():
            expected = sum((each.amount for each in Payment.objects.filter(method=method)), D(0))
            assert found.get(account, D(0)) == expected
        assert sum(found.values()) == 0
        order.refresh_from_db()
        assert order.paid == sum(amount for _method, amount, _later in plan)
