"""Orders that were done before they are imported: recorded, and nobody's work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from backoffice.accounting.models import Invoice
from backoffice.hr.models import Commission
from backoffice.tickets.models import Ticket
from frontdesk.counter.customer_statistics import customer_statistics
from frontdesk.customers.queries.warnings import customer_warning
from frontdesk.orders.models import Order
from frontdesk.payments.actions.payments import take_payment
from frontdesk.reports import trade
from officeflow.company.models import Office
from officeflow.company.queries import get_office
from officeflow.dashboards.consistency import effect_inconsistencies, handoff_inconsistencies
from officeflow.errors import Conflict, Refused
from officeflow.handoff.equation import balance
from officeflow.handoff.models import Handoff
from officeflow.imports.actions import open_import_file
from officeflow.imports.models import ImportFile
from officeflow.mail.models import Message
from officeflow.staff.models import User

DATA = (
    b"Order no,Date,Item,Qty,Price,Client,Email\n"
    b"1,2010-12-22,Lamp,2,10,Nora Berg,nora@example.org\n"
    b"2,2020-03-31,Lamp,1,10,Nora Berg,nora@example.org\n"
    b"C3,2010-12-23,Lamp,-1,10,Nora Berg,nora@example.org\n"
)


@pytest.fixture
def import_orders(import_data: Callable[..., ImportFile]) -> Callable[..., ImportFile]:
    return partial(import_data, DATA)


def test_done_orders_are_recorded_on_their_day_without_any_work(
    import_orders: Callable[..., ImportFile], maya: User, client: Client
) -> None:
    done = import_orders(history="done")
    assert (done.rows_imported, done.rows_refused) == (2, 1)
    assert done.made == {"past_orders": 2, "products": 1, "customers": 1}
    assert Handoff.objects.count() == Message.objects.count() == Ticket.objects.count() == 0
    assert Invoice.objects.count() == Commission.objects.count() == 0
    assert list(handoff_inconsistencies()) == list(effect_inconsistencies()) == []
    order = Order.objects.get(source_reference="1")
    assert (order.state, order.is_past, order.ordered_at.year) == ("completed", True, 2010)
    bounds = [datetime(year, 1, 1, tzinfo=UTC) for year in (2010, 2011, 2012)]
    figures = trade(bounds, get_office()).sales
    assert (figures.spans[0].orders, figures.spans[1].orders) == (1, 0)
    with pytest.raises((Conflict, Refused)):
        take_payment(actor=maya, order=order, amount=order.gross, method="cash")
    assert order.customer is not None
    client.force_login(maya, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("frontdesk:order", args=[order.number])).content.decode()
    assert "Done before the import" in page
    assert reverse("frontdesk:order-pay", args=[order.number]) not in page
    assert order.number in client.get(reverse("frontdesk:orders")).content.decode()
    assert customer_statistics(order.customer, order.currency).money[0].open == 0
    assert customer_warning(order.customer) is None
    customer = client.get(reverse("frontdesk:customer", args=[order.customer.number]))
    assert order.number in customer.content.decode()


def test_orders_before_a_day_are_done_and_later_ones_are_work(
    import_orders: Callable[..., ImportFile], drain: Callable[[], int]
) -> None:
    done = import_orders(history="before", before="2020-03-31")
    assert done.made == {"past_orders": 1, "orders": 1, "products": 1, "customers": 1}
    drain()
    later = Order.objects.get(source_reference="2")
    assert (later.is_past, Ticket.objects.get().subject) == (False, later.number)
    assert Invoice.objects.get().receivable.order_number == later.number
    assert list(effect_inconsistencies()) == []
    assert balance().balanced


def test_a_done_order_cannot_become_work(import_orders: Callable[..., ImportFile]) -> None:
    import_orders(history="done")
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(source_reference="1").update(state="placed")


def test_a_done_order_that_was_handed_over_is_inconsistent(
    import_orders: Callable[..., ImportFile],
) -> None:
    import_orders(history="open")
    Order.objects.filter(source_reference="1").update(is_past=True, state="completed")
    assert {each.problem for each in effect_inconsistencies()} == {
        "It was imported as done, but was handed over."
    }


def test_a_day_is_needed_for_orders_before_it(maya: User, office: Office) -> None:
    with pytest.raises(Refused, match="Enter the day"):
        open_import_file(
            actor=maya,
            kind="orders",
            file_name="old.csv",
            data=DATA,
            options={"history": "before", "before": ""},
        )
