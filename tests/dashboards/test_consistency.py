"""The consistency check finds each contradiction, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models.functions import Now
from django.test import Client

from backoffice.hr.models import Commission
from backoffice.tickets.actions import take_ticket
from backoffice.tickets.models import Ticket
from frontdesk.complaints.models import Complaint
from frontdesk.orders.models import Order
from officeflow.dashboards import consistency
from officeflow.handoff.applying import draining
from officeflow.handoff.models import Handoff, HandoffReceipt, HandoffState
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db

CONSISTENCY = "/dashboards/handoffs/consistency/"
As = Callable[[User], Client]
Place = Callable[[], Order]


def found() -> list[tuple[str, str]]:
    return [(each.destination.value, each.subject) for each in consistency.effect_inconsistencies()]


def lose_effect(number: str, destination: str) -> None:
    """Says that a hand-off was applied while its effect never came."""
    handoff = Handoff.objects.get(subject=number, destination=destination, contract="OrderPlaced")
    Handoff.objects.filter(pk=handoff.pk).update(
        state=HandoffState.APPLIED, delivered_at=handoff.posted_at, is_head=False
    )
    HandoffReceipt.objects.create(handoff=handoff, attempt=1, applied_at=handoff.posted_at)


def test_a_consistent_day_has_no_inconsistencies(
    order: Place, complain: Callable[..., Complaint], conduct: Complaint
) -> None:
    complain(category="goods")
    order()
    assert found() == []  # nothing has arrived yet, and nothing says so
    draining.drain()
    assert found() == []
    assert list(consistency.handoff_inconsistencies()) == []


@pytest.mark.parametrize("destination", ["fulfilment", "accounting", "hr"])
def test_an_effect_that_never_came_is_named(order: Place, destination: str) -> None:
    placed = order()
    lose_effect(placed.number, destination)
    assert found() == [(destination, placed.number)]


def test_an_order_that_was_never_handed_over_is_named(order: Place) -> None:
    placed = order()
    Handoff.objects.filter(destination="fulfilment").delete()
    assert found() == [("fulfilment", placed.number)]


def test_a_complaint_without_its_ticket_is_named(complain: Callable[..., Complaint]) -> None:
    complaint = complain(category="goods")
    Handoff.objects.update(state=HandoffState.APPLIED, delivered_at=Now())
    assert found() == [("fulfilment", complaint.number)]


def test_a_dead_handoff_is_no_inconsistency(
    order: Place, killed: Callable[[str, str], Handoff]
) -> None:
    order()
    killed("OrderPlaced", "fulfilment")
    assert found() == []


def test_the_command_checks_everything(order: Place, capsys: pytest.CaptureFixture[str]) -> None:
    order()
    draining.drain()
    call_command("check_consistency")
    assert "consistent" in capsys.readouterr().out
    placed = order()
    lose_effect(placed.number, "accounting")
    lose_effect(placed.number, "hr")
    with pytest.raises(CommandError, match="inconsistent: 2"):
        call_command("check_consistency")
    told = capsys.readouterr().out
    assert f"accounting {placed.number}:" in told
    assert "hr:" in told


def test_a_ticket_whose_assignee_may_not_work_on_it_is_named(
    order: Place, femi: User, maya: User, as_: As, capsys: pytest.CaptureFixture[str]
) -> None:
    order()
    draining.drain()
    ticket = take_ticket(actor=femi, ticket=Ticket.objects.get(department="fulfilment"))
    call_command("check_consistency")
    assert "open tickets whose assignee may not work on them: 0" in capsys.readouterr().out
    femi.grants.all().delete()
    with pytest.raises(CommandError, match="inconsistent: 1"):
        call_command("check_consistency")
    assert f"fulfilment {ticket.number}:" in capsys.readouterr().out
    assert ticket.number in as_(maya).get(CONSISTENCY).content.decode()


def test_the_page_names_subject_and_destination(order: Place, as_: As, maya: User) -> None:
    placed = order()
    lose_effect(placed.number, "accounting")
    page = as_(maya).get(CONSISTENCY).content.decode()
    assert placed.number in page
    assert "It was applied and has 0 effects instead of one." in page


def test_of_hr_only_the_number_is_shown(order: Place, as_: As, maya: User) -> None:
    placed = order()
    lose_effect(placed.number, "hr")
    page = as_(maya).get(CONSISTENCY).content.decode()
    assert placed.number not in page
    assert "1 hand-off is inconsistent." in page


def test_the_dashboard_shows_their_number(order: Place, as_: As, maya: User) -> None:
    lose_effect(order().number, "fulfilment")
    page = as_(maya).get("/dashboards/handoffs/").content.decode()
    assert "1 order or complaint has a missing or a duplicate effect." in page
    assert "equation--bad" in page


def test_a_consistent_office_has_no_problems(office: object, as_: As, maya: User) -> None:
    assert "No problems found" in as_(maya).get(CONSISTENCY).content.decode()
    assert not Ticket.objects.exists()
    assert not Commission.objects.exists()
