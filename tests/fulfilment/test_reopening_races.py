"""Reopening against everything else that may happen at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from backoffice.fulfilment.actions import answer_rush
from backoffice.fulfilment.models import RushRequest
from backoffice.fulfilment.states import ShipmentState
from backoffice.tickets.actions import (
    complete_ticket,
    reopen_ticket,
    take_ticket,
)
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketState
from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.actions.hand_over import (
    hand_over_order,
)
from frontdesk.orders.actions.rush import ask_for_rush
from frontdesk.orders.models import Reopening, Rush
from frontdesk.orders.states import OrderState
from officeflow.handoff.equation import balance
from officeflow.handoff.models import Handoff, HandoffState
from officeflow.staff.models import User
from tests.fulfilment.goods import order_of, ready, state_of
from tests.races import at_once
from tests.tickets.conftest import deliver


def taken_back(ticket: Ticket, who: User) -> Callable[[], Any]:
    return lambda: reopen_ticket(
        actor=who, ticket=Ticket.objects.get(pk=ticket.pk), reason="Not ready."
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(3))
def test_of_reopening_and_handing_over_one_wins(
    ordered: Callable[..., Ticket], femi: User, rita: User, _round: int
) -> None:
    ticket = ready(ordered(), femi)
    reopening, handing_over = at_once(
        taken_back(ticket, femi), lambda: hand_over_order(actor=rita, order=order_of(ticket))
    )
    assert bool(reopening) != bool(handing_over)
    deliver()
    order = order_of(ticket)
    if reopening:
        assert (order.state, state_of(ticket)) == (OrderState.COMPLETED, ShipmentState.HANDED_OVER)
    else:
        assert (order.state, state_of(ticket)) == (OrderState.PLACED, ShipmentState.IN_PROGRESS)
    assert not Handoff.objects.filter(state=HandoffState.DEAD).exists()
    assert balance().balanced


@pytest.mark.django_db(transaction=True)
def test_a_ticket_is_reopened_by_one_of_two_colleagues(
    ordered: Callable[..., Ticket], femi: User, fay: User
) -> None:
    ticket = ready(ordered(), femi)
    answers = at_once(taken_back(ticket, femi), taken_back(ticket, fay))
    ticket.refresh_from_db()
    assert answers.count("") == 1
    assert ticket.assignee == (femi if answers[0] == "" else fay)
    deliver()
    assert Reopening.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(3))
def test_a_rush_is_answered_once_by_refusing_and_completing(
    ordered: Callable[..., Ticket], femi: User, fay: User, rita: User, _round: int
) -> None:
    ticket = ordered()
    take_ticket(actor=femi, ticket=ticket)
    ask_for_rush(actor=rita, order=order_of(ticket), reason="Her train leaves at four.")
    deliver()
    refusing, completing = at_once(
        lambda: answer_rush(actor=fay, ticket=ticket, accepts=False, reason="No mugs."),
        lambda: complete_ticket(actor=femi, ticket=Ticket.objects.get(pk=ticket.pk)),
    )
    assert completing == ""
    assert Handoff.objects.filter(contract="RushAnswered").count() == 1
    deliver()
    here, there = Rush.objects.get(), RushRequest.objects.get()
    assert here.is_accepted == there.is_accepted == bool(refusing)
    assert here.answer == there.answer == ("" if refusing else "No mugs.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(3))
def test_reopening_and_cancelling_leave_one_put_back(
    ordered: Callable[..., Ticket], femi: User, rita: User, _round: int
) -> None:
    ticket = ready(ordered(), femi)
    reopening, cancelling = at_once(
        taken_back(ticket, femi),
        lambda: cancel_order(actor=rita, order=order_of(ticket), reason="Changed her mind."),
    )
    assert cancelling == ""
    deliver()
    ticket.refresh_from_db()
    put_back = Ticket.objects.get(subject=ticket.subject, kind="put_back")
    assert state_of(ticket) == ShipmentState.CANCELLED
    assert order_of(ticket).state == OrderState.CANCELLED
    if reopening:
        assert (ticket.state, put_back.assignee) == (TicketState.COMPLETED, None)
    else:
        assert (ticket.state, put_back.assignee) == (TicketState.CANCELLED, femi)
    assert balance().balanced
