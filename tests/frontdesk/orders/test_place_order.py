"""Placing orders."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from frontdesk.customers.models import Customer
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Delivery, Order
from frontdesk.orders.states import FulfilmentState, OrderState
from officeflow.audit.models import AuditEntry
from officeflow.catalogue.models import Product
from officeflow.errors import Refused
from officeflow.handoff.models import Handoff
from officeflow.staff.models import User
from tests.factories import make_product
from tests.moments import Moment, any_day

pytestmark = pytest.mark.django_db


def line(product: Product, quantity: str = "1", **fields: object) -> NewLine:
    return NewLine(product=product, quantity=Decimal(quantity), **fields)  # type: ignore[arg-type]


def test_an_order_adds_up_from_its_rounded_lines(rita: User, mug: Product, book: Product) -> None:
    order = place_order(
        actor=rita,
        customer=None,
        lines=[line(mug, "3", discount_percent=Decimal("10")), line(book, "2")],
    )
    assert order.gross == Decimal("52.38")  # 3 × 12.00 − 10 % = 32.40, 2 × 9.99 = 19.98
    assert order.net == Decimal("46.98")  # 32.40 / 1.2 = 27.00, no tax on books
    assert order.tax == Decimal("5.40")
    assert [row.gross for row in order.lines.all()] == [Decimal("32.40"), Decimal("19.98")]


def test_a_placed_order_is_posted_to_all_its_departments(
    rita: User, mug: Product, nora: Customer
) -> None:
    order = place_order(actor=rita, customer=nora, lines=[line(mug)])
    assert order.state == OrderState.PLACED
    assert order.fulfilment_state == FulfilmentState.NONE
    rows = Handoff.objects.filter(subject=order.number)
    assert sorted(rows.values_list("destination", flat=True)) == ["accounting", "fulfilment", "hr"]
    payload = rows[0].payload
    assert payload["customer"] == {
        "number": nora.number,
        "name": "Nora Nordmann",
        "address": nora.address,
    }
    assert payload["gross"] == "12.00"
    assert order.periods.get().ended_at is None
    assert AuditEntry.objects.get(subject=order.number).action == "place_order"


def test_a_product_may_be_on_several_lines(rita: User, mug: Product) -> None:
    order = place_order(
        actor=rita,
        customer=None,
        lines=[line(mug), line(mug, unit_price=Decimal("10.00"))],
    )
    assert [row.unit_price for row in order.lines.all()] == [Decimal("12"), Decimal("10")]


@pytest.mark.parametrize(
    ("quantity", "field"),
    [("0", "quantity"), ("-1", "quantity"), ("1.5", "quantity"), ("NaN", "quantity")],
)
def test_a_quantity_that_cannot_be_sold_is_refused(
    rita: User, mug: Product, quantity: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        place_order(actor=rita, customer=None, lines=[line(mug, quantity)])
    assert refused.value.field == field
    assert not Order.objects.exists()
    assert not Handoff.objects.exists()


def test_an_order_without_lines_is_refused(rita: User, office: object) -> None:
    with pytest.raises(Refused) as refused:
        place_order(actor=rita, customer=None, lines=[])
    assert refused.value.field == "lines"


def test_a_delivery_needs_an_address(rita: User, mug: Product) -> None:
    with pytest.raises(Refused) as refused:
        place_order(actor=rita, customer=None, lines=[line(mug)], delivery=Delivery.DELIVERY)
    assert refused.value.field == "delivery_address"


@any_day
def test_a_wanted_by_date_in_the_past_is_refused(moment: Moment, rita: User, mug: Product) -> None:
    place_order(actor=rita, customer=None, lines=[line(mug)], wanted_by_date=moment.day)
    before = moment.day - timedelta(days=1)
    with pytest.raises(Refused) as refused:
        place_order(actor=rita, customer=None, lines=[line(mug)], wanted_by_date=before)
    assert refused.value.field == "wanted_by_date"


def test_prices_with_and_without_tax_are_not_mixed(rita: User, mug: Product) -> None:
    net_priced = make_product("PLANK", "Oak plank", "30.00", includes_tax=False)
    with pytest.raises(Refused):
        place_order(actor=rita, customer=None, lines=[line(mug), line(net_priced)])


def test_tax_is_added_to_prices_without_tax(rita: User, office: object) -> None:
    plank = make_product("PLANK", "Oak plank", "30.00", includes_tax=False)
    order = place_order(actor=rita, customer=None, lines=[line(plank, "2")])
    assert (order.net, order.tax, order.gross) == (Decimal(60), Decimal(12), Decimal(72))


def test_an_inactive_product_is_refused_with_its_line(rita: User, mug: Product) -> None:
    mug.is_active = False
    with pytest.raises(Refused) as refused:
        place_order(actor=rita, customer=None, lines=[line(mug)])
    assert refused.value.field == "sku"
