"""Payment methods and the payments made with them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal as D

import pytest
from django.test import Client

from backoffice.accounting.models import MoneyMovement, Posting
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order
from frontdesk.payments.actions.methods import add_method, change_method
from frontdesk.payments.actions.payments import take_payment
from frontdesk.payments.forms import PaymentForm
from frontdesk.payments.models.methods import MethodKind, PaymentMethod
from officeflow.catalogue.models import Product
from officeflow.errors import Refused, StaleRecord
from officeflow.handoff.contracts import PaymentTaken
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(rita: User, mug: Product) -> Order:
    return place_order(actor=rita, customer=None, lines=[NewLine(product=mug, quantity=D(2))])


def deactivate(actor: User, code: str) -> PaymentMethod:
    method = PaymentMethod.objects.get(code=code)
    return change_method(
        actor=actor,
        method=method,
        version=method.version,
        label=method.label,
        position=method.position,
        is_active=False,
    )


def test_a_new_method_is_offered_used_and_booked_by_its_kind(
    ada: User, rita: User, order: Order, drain: Callable[[], int]
) -> None:
    add_method(actor=ada, code="Gift-Card", label="Gift card", kind=MethodKind.CARD)
    assert ("gift-card", "Gift card") in PaymentForm().fields["method"].choices  # type: ignore[attr-defined]
    payment = take_payment(actor=rita, order=order, amount=D(5), method="gift-card")
    drain()
    assert MoneyMovement.objects.get().method_name == "Gift card"
    assert Posting.objects.get(entry__document=payment.number, debit=5).account.code == "1010"


def test_a_payment_keeps_the_name_of_its_method(ada: User, rita: User, order: Order) -> None:
    payment = take_payment(actor=rita, order=order, amount=D(5), method="card")
    card = PaymentMethod.objects.get(code="card")
    change_method(actor=ada, method=card, version=1, label="Terminal", position=5, is_active=True)
    payment.refresh_from_db()
    assert payment.method_name == "Card"


def test_an_inactive_method_is_refused(ada: User, rita: User, order: Order) -> None:
    deactivate(ada, "card")
    with pytest.raises(Refused) as refused:
        take_payment(actor=rita, order=order, amount=D(5), method="card")
    assert refused.value.field == "method"
    assert [code for code, _ in PaymentForm().fields["method"].choices] == ["cash", "transfer"]  # type: ignore[attr-defined]


def test_the_last_active_method_cannot_be_deactivated(ada: User, db: None) -> None:
    deactivate(ada, "card")
    deactivate(ada, "transfer")
    with pytest.raises(Refused) as refused:
        deactivate(ada, "cash")
    assert refused.value.field == "is_active"


@pytest.mark.parametrize("code", ["", "Ä", "two words", "x" * 21, "cash"])
def test_an_invalid_code_is_refused(ada: User, code: str) -> None:
    with pytest.raises(Refused) as refused:
        add_method(actor=ada, code=code, label="Voucher", kind=MethodKind.CARD)
    assert refused.value.field == "code"


def test_a_stale_form_shows_both_values(ada: User) -> None:
    card = PaymentMethod.objects.get(code="card")
    change_method(actor=ada, method=card, version=1, label="Theirs", position=5, is_active=True)
    with pytest.raises(StaleRecord):
        change_method(actor=ada, method=card, version=1, label="Mine", position=5, is_active=True)
    client = Client()
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(
        "/desk/payments/methods/card/",
        {"version": "1", "label": "Mine", "position": "5", "is_active": "on"},
    )
    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode()
    assert 'value="Mine"' in answer.content.decode()


def test_a_payload_without_a_kind_is_accepted() -> None:
    old = {
        "order_number": "SO-000001",
        "payment_number": "PY-000001",
        "amount": "1.00",
        "currency": "GBP",
        "method": "cash",
        "taken_at": "2026-03-02T09:30:00Z",
    }
    assert PaymentTaken.from_payload(old).method_kind == ""
