"""Consistency check is named, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models.functions import Now
from django.test import Client

from backoffice.hr.models import Commission
from backoffice.tickets.models import Ticket
from frontdesk.complaints.models import Complaint
from frontdesk.orders.models import Order
from officeflow.dashboards import consistency
from officeflow.handoff import relay
from officeflow.handoff.models import Handoff, HandoffState, Receipt
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db

BREAKS = "/dashboards/handoffs/breaks/"
As = Callable[[User], Client]
Place = Callable[[], Order]


def found() -> list[tuple[str, str]]:
    return [(each.destination.value, each.subject) for each in consistency.effect_breaks()]


def unmake(number: str, destination: str) -> None:
    """Says that a hand-off was applied while its effect never came."""
    handoff = Handoff.objects.get(subject=number, destination=destination, contract="OrderPlaced")
    Handoff.objects.filter(pk=handoff.pk).update(
        state=HandoffState.APPLIED, delivered_at=handoff.posted_at, is_head=False
    )
    Receipt.objects.create(handoff=handoff, attempt=1, applied_at=handoff.posted_at)


def test_a_day_in_good_order_breaks_nothing(
    order: Place, complain: Callable[..., Complaint], conduct: Complaint
) -> None:
    complain(category="goods")
    order()
    assert found() == []  # nothing has arrived yet, and nothing says so
    relay.drain()
    assert found() == []
    assert list(consistency.corridor_breaks()) == []


@pytest.mark.parametrize("destination", ["fulfilment", "accounting", "hr"])
def test_an_effect_that_never_came_is_named(order: Place, destination: str) -> None:
    placed = order()
    unmake(placed.number, destination)
    assert found() == [(destination, placed.number)]


def test_an_order_that_was_never_handed_over_is_named(order: Place) -> None:
    placed = order()
    Handoff.objects.filter(destination="fulfilment").delete()
    assert found() == [("fulfilment", placed.number)]


def test_a_complaint_without_its_ticket_is_named(complain: Callable[..., Complaint]) -> None:
    complaint = complain(category="goods")
    Handoff.objects.update(state=HandoffState.APPLIED, delivered_at=Now())
    assert found() == [("fulfilment", complaint.number)]


def test_a_dead_one_is_no_break(order: Place, killed: Callable[[str, str], Handoff]) -> None:
    order()
    killed("OrderPlaced", "fulfilment")
    assert found() == []


def test_the_command_looks_through_everything(
    order: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    order()
    relay.drain()
    call_command("look_through")
    assert "nothing is lost" in capsys.readouterr().out
    placed = order()
    unmake(placed.number, "accounting")
    unmake(placed.number, "hr")
    with pytest.raises(CommandError, match="2 do not come out"):
        call_command("look_through")
    told = capsys.readouterr().out
    assert f"accounting {placed.number}:" in told
    assert "hr:" in told


def test_the_page_names_subject_and_place(order: Place, as_: As, maya: User) -> None:
    placed = order()
    unmake(placed.number, "accounting")
    page = as_(maya).get(BREAKS).content.decode()
    assert placed.number in page
    assert "It was applied and has 0 effects instead of one." in page


def test_of_hrs_breaks_only_the_number_is_told(order: Place, as_: As, maya: User) -> None:
    placed = order()
    unmake(placed.number, "hr")
    page = as_(maya).get(BREAKS).content.decode()
    assert placed.number not in page
    assert "1 hand-off does not come out." in page


def test_the_wall_tells_of_them(order: Place, as_: As, maya: User) -> None:
    unmake(order().number, "fulfilment")
    page = as_(maya).get("/dashboards/handoffs/").content.decode()
    assert "1 order or complaint has a missing or a duplicate effect." in page
    assert "equation--bad" in page


def test_everything_in_order_says_so(office: object, as_: As, maya: User) -> None:
    assert "No problems found" in as_(maya).get(BREAKS).content.decode()
    assert not Ticket.objects.exists()
    assert not Commission.objects.exists()
