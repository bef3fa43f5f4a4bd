"""Figures equal their rows, whatever was done, and whatever the sweeper has done so far."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from backoffice.tickets.actions import complete_ticket, return_ticket, take_ticket
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import ReturnReason
from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order, OrderLine
from frontdesk.payments.actions.payments import pay_refund, take_payment
from frontdesk.payments.models.payments import Payment, Refund
from officeflow.catalogue.models import Product
from officeflow.company.actions import OFFICE_HOURS, set_opening_hours
from officeflow.company.models import Office
from officeflow.company.queries import get_office
from officeflow.handoff.applying import draining
from officeflow.handoff.models import Handoff
from officeflow.rollups import checking, filling
from officeflow.rollups.definitions import rollups
from officeflow.rollups.models import Bucket, Figure, Mark
from officeflow.staff.models import RoleGrant, User

pytestmark = pytest.mark.django_db
Clock = Callable[[datetime], Any]

# Hours and days that begin with the hour, and such that do not.
ZONES = ("Europe/London", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns")
MOVED: list[tuple[Any, str]] = [
    (Order, "ordered_at"),
    (Payment, "taken_at"),
    (Ticket, "due_at"),
    (Ticket, "created_at"),
    (Handoff, "posted_at"),
]


class Work:
    """What the office does, each at a moment in the past; what is not possible is left out."""

    def __init__(self, rita: User, femi: User, mug: Product) -> None:
        self.rita, self.femi, self.mug = rita, femi, mug
        RoleGrant.objects.update(valid_from=timezone.now() - timedelta(days=90))

    def place(self, discount: int = 0) -> None:
        line = NewLine(product=self.mug, quantity=Decimal(2), discount_percent=Decimal(discount))
        place_order(actor=self.rita, customer=None, lines=[line])

    def place_with_discount(self) -> None:
        self.place(10)

    def drain(self) -> None:
        draining.drain()

    def cancel(self) -> None:
        draining.drain()
        if order := Order.objects.filter(state="placed", fulfilment_state="accepted").first():
            cancel_order(actor=self.rita, order=order, reason="Changed their mind")

    def pay(self) -> None:
        if order := Order.objects.filter(state="placed", paid=0).first():
            take_payment(actor=self.rita, order=order, amount=Decimal(5), method="cash")

    def refund(self) -> None:
        draining.drain()
        if refund := Refund.objects.filter(paid_at=None).first():
            pay_refund(actor=self.rita, refund=refund, method="cash")

    def take(self) -> None:
        if ticket := Ticket.objects.filter(department="fulfilment", state="waiting").first():
            take_ticket(actor=self.femi, ticket=ticket)

    def complete(self) -> None:
        self.take()
        if ticket := Ticket.objects.filter(department="fulfilment", state="taken").last():
            complete_ticket(actor=self.femi, ticket=ticket)

    def give_back(self) -> None:
        self.take()
        if ticket := Ticket.objects.filter(department="fulfilment", state="taken").last():
            return_ticket(
                actor=self.femi,
                ticket=ticket,
                reason=ReturnReason.ADDRESS_UNCLEAR,
                question="Where?",
            )


class Changes:
    """What happens to the roll-ups and beneath them."""

    def piece(self, number: int) -> None:
        for rollup in rollups():
            filling.make_piece(rollup, get_office())

    def fill(self, number: int) -> None:
        filling.fill()

    def move(self, number: int) -> None:
        """Gives a row another time, as no action does."""
        model, column = MOVED[number % len(MOVED)]
        if row := model.objects.order_by("pk").last():
            moved = timezone.now() - timedelta(hours=number)
            model.objects.filter(pk=row.pk).update(**{column: moved})

    def delete(self, number: int) -> None:
        if line := OrderLine.objects.order_by("pk").last():
            line.delete()

    def zone(self, number: int) -> None:
        Office.objects.update(time_zone=ZONES[number % len(ZONES)])

    def hours(self, number: int) -> None:
        set_opening_hours(actor=None, hours=OFFICE_HOURS if number % 2 else [])


def names(of: type) -> list[str]:
    return [name for name in vars(of) if not name.startswith("_")]


STEPS = st.lists(
    st.tuples(st.sampled_from([*names(Work), *names(Changes), "piece"]), st.integers(0, 30 * 24)),
    min_size=4,
    max_size=14,
)


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_figures_equal_the_rows_after_any_work(
    at: Clock,
    assert_equal_to_rows: Callable[[], None],
    rita: User,
    femi: User,
    mug: Product,
    steps: list[tuple[str, int]],
) -> None:
    work, changes = Work(rita, femi, mug), Changes()
    with transaction.atomic():
        for step, number in steps:
            if hasattr(changes, step):
                getattr(changes, step)(number)
            else:
                with at(timezone.now() - timedelta(hours=number)):
                    getattr(work, step)()
        assert_equal_to_rows()
        assert list(checking.differences()) == []
        filling.fill()
        assert not Mark.objects.exists()
        assert_equal_to_rows()
        assert list(checking.differences()) == []
        transaction.set_rollback(True)


@pytest.fixture
def month(at: Clock, rita: User, femi: User, mug: Product) -> Work:
    """Orders of a month, each paid and completed a day later; buckets for all of it."""
    work = Work(rita, femi, mug)
    for days in (30, 20, 3, 2):
        with at(timezone.now() - timedelta(days=days)):
            work.place_with_discount()
            work.drain()
        with at(timezone.now() - timedelta(days=days - 1, hours=1)):
            work.complete()
            work.pay()
            work.drain()
    filling.fill()
    return work


def test_no_row_is_read_that_is_in_a_bucket(
    month: Work, assert_equal_to_rows: Callable[[], None]
) -> None:
    # Rows that vanish without their triggers: the figures are still there.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM frontdesk_payment")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    with pytest.raises(AssertionError, match="payments"):
        assert_equal_to_rows()
    assert {each.rollup for each in checking.differences()} == {"payments"}


def test_an_order_of_today_marks_nothing(month: Work) -> None:
    month.place()
    month.drain()
    month.pay()
    month.drain()
    assert not Mark.objects.exists()


def test_a_killed_sweeper_leaves_nothing_half(
    month: Work, monkeypatch: pytest.MonkeyPatch, assert_equal_to_rows: Callable[[], None]
) -> None:
    Ticket.objects.update(state="waiting", assignee=None, closed_at=None)
    marks, buckets = Mark.objects.count(), set(Bucket.objects.values_list("pk", flat=True))
    assert marks

    def killed(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(filling._Piece, "_make_day", killed)
        with pytest.raises(SystemExit):
            filling.fill()
    assert Mark.objects.count() == marks
    assert set(Bucket.objects.values_list("pk", flat=True)) == buckets
    assert_equal_to_rows()
    filling.fill()
    assert_equal_to_rows()
    assert list(checking.differences()) == []


def test_the_check_names_the_day_that_differs(month: Work) -> None:
    call_command("check_consistency")
    figure = Figure.objects.filter(family="accounts", bucket__is_day=True).earliest("pk")
    Figure.objects.filter(pk=figure.pk).update(sums=[Decimal(1), Decimal(2)])
    (found,) = checking.differences()
    assert (found.rollup, found.family) == ("postings", "accounts")
    assert found.starts_at == figure.bucket.starts_at
    with pytest.raises(CommandError):
        call_command("check_consistency")
    call_command("rebuild_rollups")
    assert list(checking.differences()) == []
    call_command("check_consistency")
