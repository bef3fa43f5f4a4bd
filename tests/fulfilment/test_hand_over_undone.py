"""A hand-over at the counter that is taken back, on both sides."""

from __future__ import annotations

import pytest
from django.utils import timezone

from backoffice.fulfilment.states import ShipmentState
from backoffice.tickets.actions import (
    complete_ticket,
    take_ticket,
)
from backoffice.tickets.models import Ticket
from frontdesk.notifications.models import DeskNotification
from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.actions.hand_over import (
    hand_over_order,
    undo_hand_over,
)
from frontdesk.orders.states import FulfilmentState, OrderState
from officeflow.errors import Conflict
from officeflow.handoff.applying import draining
from officeflow.handoff.applying.apply import apply
from officeflow.handoff.applying.claims import claim_next
from officeflow.handoff.contracts import FulfilmentProgressed, GoodsProgress
from officeflow.handoff.models import Destination
from officeflow.mail.models import Message
from officeflow.mail.states import MessageState
from officeflow.staff.models import User
from tests.fulfilment.goods import LATER, about, let_the_mail_go, order_of, ready, state_of
from tests.orders import send
from tests.tickets.conftest import deliver


@pytest.mark.django_db
def test_undo_takes_a_hand_over_back(ticket: Ticket, femi: User, rita: User) -> None:
    ready(ticket, femi)
    hand_over_order(actor=rita, order=order_of(ticket))
    undo_hand_over(actor=rita, order=order_of(ticket))
    deliver()
    order = order_of(ticket)
    assert (order.state, order.fulfilment_state) == (OrderState.PLACED, FulfilmentState.READY)
    assert state_of(ticket) == ShipmentState.READY
    with pytest.raises(Conflict, match="nothing to undo"):
        undo_hand_over(actor=rita, order=order)
    hand_over_order(actor=rita, order=order_of(ticket))
    deliver()
    assert state_of(ticket) == ShipmentState.HANDED_OVER


@pytest.mark.django_db
def test_fulfilment_that_hears_late_of_a_hand_over_and_its_undo_repeats_neither(
    mailbox: None, ticket: Ticket, femi: User, rita: User
) -> None:
    ready(ticket, femi)
    let_the_mail_go()
    ready_at = order_of(ticket).ready_at
    hand_over_order(actor=rita, order=order_of(ticket))
    undo_hand_over(actor=rita, order=order_of(ticket))
    draining.drain([Destination.FULFILMENT])
    while True:
        order = order_of(ticket)
        assert (order.state, order.fulfilment_state) == (OrderState.PLACED, FulfilmentState.READY)
        with pytest.raises(Conflict, match="nothing to undo"):
            undo_hand_over(actor=rita, order=order)
        if (claim := claim_next(Destination.FRONTDESK)) is None:
            break
        assert apply(claim)
    assert order_of(ticket).ready_at == ready_at
    assert Message.objects.filter(event="goods_ready").count() == 1
    assert DeskNotification.objects.filter(kind="ready").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("state", [GoodsProgress.HANDED_OVER, GoodsProgress.READY])
@pytest.mark.parametrize("again", [True, False])
def test_what_an_earlier_version_repeats_of_a_hand_over_changes_nothing(
    mailbox: None, ticket: Ticket, femi: User, rita: User, state: GoodsProgress, again: bool
) -> None:
    ready(ticket, femi)
    hand_over_order(actor=rita, order=order_of(ticket))
    undo_hand_over(actor=rita, order=order_of(ticket))
    if again:
        hand_over_order(actor=rita, order=order_of(ticket))
    before = order_of(ticket)
    send(
        FulfilmentProgressed(order_number=ticket.subject, state=state, at=timezone.now()),
        Destination.FRONTDESK,
    )
    order = order_of(ticket)
    assert (order.state, order.fulfilment_state) == (before.state, before.fulfilment_state)
    assert Message.objects.filter(event="goods_ready", state=MessageState.WAITING).count() == (
        0 if again else 1
    )


@pytest.mark.django_db
def test_who_has_the_goods_is_not_told_that_they_are_ready(
    mailbox: None, ticket: Ticket, femi: User, rita: User
) -> None:
    ready(ticket, femi)
    hand_over_order(actor=rita, order=order_of(ticket))
    assert about(ticket, "goods_ready").state == MessageState.WITHDRAWN
    undo_hand_over(actor=rita, order=order_of(ticket))
    let_the_mail_go()
    kept = Message.objects.filter(event="goods_ready", state=MessageState.KEPT)
    assert kept.count() == 1
    hand_over_order(actor=rita, order=order_of(ticket))
    undo_hand_over(actor=rita, order=order_of(ticket))
    let_the_mail_go()
    assert kept.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("known", [True, False])
def test_who_cancels_is_not_told_that_the_goods_are_ready(
    mailbox: None, ticket: Ticket, femi: User, rita: User, known: bool
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    complete_ticket(actor=femi, ticket=ticket)
    if known:
        deliver()
    cancel_order(actor=rita, order=order_of(ticket), reason="Changed her mind.")
    deliver()
    let_the_mail_go()
    messages = Message.objects.filter(event="goods_ready")
    assert [each.state for each in messages] == [MessageState.WITHDRAWN] * known


@pytest.mark.django_db
def test_a_hand_over_is_final_after_the_time_for_undo(
    ticket: Ticket, femi: User, rita: User
) -> None:
    ready(ticket, femi)
    hand_over_order(actor=rita, order=order_of(ticket))
    order = order_of(ticket)
    order.periods.filter(ended_at__isnull=True).update(started_at=timezone.now() - LATER)
    with pytest.raises(Conflict, match="time for Undo"):
        undo_hand_over(actor=rita, order=order)
