"""Goods that were reported ready or shipped too early."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from backoffice.accounting.models import Invoice
from backoffice.fulfilment.states import ShipmentState
from backoffice.hr.models import Commission
from backoffice.tickets.actions import (
    ReasonMissing,
    TicketStateConflict,
    complete_ticket,
    reopen_ticket,
    take_ticket,
)
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketState
from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.actions.hand_over import (
    hand_over_order,
    reopening_to_correct,
    tell_not_ready,
)
from frontdesk.orders.models import Delivery, Reopening
from frontdesk.orders.states import FulfilmentState, OrderState
from frontdesk.timelines.orders import order_timeline
from officeflow.company.models import Office
from officeflow.errors import Conflict
from officeflow.handoff.applying import draining
from officeflow.handoff.equation import balance
from officeflow.handoff.models import Handoff, HandoffState
from officeflow.mail.models import Message
from officeflow.mail.states import MessageState
from officeflow.staff.models import User
from tests.fulfilment.goods import about, let_the_mail_go, long_ago, order_of, ready, state_of
from tests.tickets.conftest import deliver


@pytest.mark.django_db
def test_undo_takes_ready_goods_back_on_both_sides(ticket: Ticket, femi: User) -> None:
    ready(ticket, femi)
    assert order_of(ticket).fulfilment_state == FulfilmentState.READY
    reopen_ticket(actor=femi, ticket=ticket)
    assert (ticket.state, ticket.assignee, ticket.closed_at) == (TicketState.TAKEN, femi, None)
    assert state_of(ticket) == ShipmentState.IN_PROGRESS
    deliver()
    assert order_of(ticket).fulfilment_state == FulfilmentState.IN_PROGRESS
    with pytest.raises(Conflict, match="not ready yet"):
        hand_over_order(actor=femi, order=order_of(ticket))


@pytest.mark.django_db
def test_the_message_waits_for_undo_and_is_withdrawn(
    mailbox: None, ticket: Ticket, femi: User
) -> None:
    ready(ticket, femi)
    draining.drain()  # the hand-off of the message is not due yet
    message = about(ticket, "goods_ready")
    assert message.state == MessageState.WAITING
    reopen_ticket(actor=femi, ticket=ticket)
    deliver()
    let_the_mail_go()
    message.refresh_from_db()
    assert message.state == MessageState.WITHDRAWN
    assert Handoff.objects.get(subject=message.number).state == HandoffState.APPLIED
    assert reopening_to_correct(order_of(ticket)) is None
    assert balance().balanced


@pytest.mark.django_db
def test_without_undo_the_message_goes(mailbox: None, ticket: Ticket, femi: User) -> None:
    ready(ticket, femi)
    let_the_mail_go()
    assert about(ticket, "goods_ready").state == MessageState.KEPT


@pytest.mark.django_db
def test_an_office_without_undo_sends_at_once(
    mailbox: None, ticket: Ticket, femi: User, office: Office
) -> None:
    Office.objects.update(undo_seconds=0)
    ready(ticket, femi)
    draining.drain()
    assert about(ticket, "goods_ready").state == MessageState.KEPT
    with pytest.raises(ReasonMissing):
        reopen_ticket(actor=femi, ticket=ticket)


@pytest.mark.django_db
def test_later_a_reason_is_needed_which_the_desk_sees(
    ticket: Ticket, femi: User, office: Office
) -> None:
    ready(ticket, femi)
    long_ago(ticket)
    with pytest.raises(ReasonMissing):
        reopen_ticket(actor=femi, ticket=ticket)
    reopen_ticket(actor=femi, ticket=ticket, reason="One mug is chipped.")
    deliver()
    item = order_timeline(order_of(ticket))[-1]
    assert (item.title, item.actor) == ("Not ready after all", "Femi Fulfilment")
    assert item.text == "One mug is chipped."
    assert [each.label for each in item.receipts] == ["Front desk"]


@pytest.mark.django_db
def test_a_customer_who_was_told_can_be_told_otherwise_once(
    mailbox: None, ticket: Ticket, femi: User, rita: User
) -> None:
    ready(ticket, femi)
    let_the_mail_go()
    with pytest.raises(Conflict):
        tell_not_ready(actor=rita, order=order_of(ticket))
    reopen_ticket(actor=femi, ticket=ticket, reason="One mug is chipped.")
    deliver()
    assert Reopening.objects.get().told_by == about(ticket, "goods_ready").number
    message = tell_not_ready(actor=rita, order=order_of(ticket))
    assert f"{ticket.subject} is not ready yet" in message.subject
    with pytest.raises(Conflict):
        tell_not_ready(actor=rita, order=order_of(ticket))
    complete_ticket(actor=femi, ticket=ticket)
    deliver()
    let_the_mail_go()
    assert reopening_to_correct(order_of(ticket)) is None
    assert Message.objects.filter(event="goods_ready").count() == 2


@pytest.mark.django_db
def test_completing_again_has_every_other_effect_once(ticket: Ticket, femi: User) -> None:
    ready(ticket, femi)
    reopen_ticket(actor=femi, ticket=ticket)
    complete_ticket(actor=femi, ticket=ticket)
    draining.drain()
    hand_over_order(actor=femi, order=order_of(ticket))
    draining.drain()
    assert order_of(ticket).state == OrderState.COMPLETED
    assert state_of(ticket) == ShipmentState.HANDED_OVER
    assert Invoice.objects.filter(receivable__order_number=ticket.subject).count() == 1
    assert Commission.objects.filter(order_number=ticket.subject).count() == 1
    assert Ticket.objects.filter(subject=ticket.subject).count() == 1
    assert balance().balanced


@pytest.mark.django_db
def test_undo_takes_shipping_back_and_the_order_is_open_again(
    mailbox: None, ordered: Callable[..., Ticket], femi: User
) -> None:
    ticket = ready(ordered(delivery=Delivery.DELIVERY, delivery_address="1 Quay Street"), femi)
    assert order_of(ticket).state == OrderState.COMPLETED
    reopen_ticket(actor=femi, ticket=ticket)
    deliver()
    order = order_of(ticket)
    assert (order.state, order.fulfilment_state) == (OrderState.PLACED, FulfilmentState.IN_PROGRESS)
    assert about(ticket, "goods_shipped").state == MessageState.WITHDRAWN
    complete_ticket(actor=femi, ticket=ticket)
    deliver()
    assert order_of(ticket).state == OrderState.COMPLETED


@pytest.mark.django_db
def test_goods_that_have_left_stay_shipped(ordered: Callable[..., Ticket], femi: User) -> None:
    ticket = ready(ordered(delivery=Delivery.DELIVERY, delivery_address="1 Quay Street"), femi)
    long_ago(ticket)
    with pytest.raises(TicketStateConflict, match="have left"):
        reopen_ticket(actor=femi, ticket=ticket, reason="Wrong parcel.")
    assert state_of(ticket) == ShipmentState.SHIPPED


@pytest.mark.django_db
def test_a_parcel_that_left_while_its_order_was_cancelled_is_only_recalled(
    mailbox: None, ordered: Callable[..., Ticket], femi: User, rita: User, client: Client
) -> None:
    ticket = ordered(delivery=Delivery.DELIVERY, delivery_address="1 Quay Street")
    take_ticket(actor=femi, ticket=ticket)
    deliver()
    complete_ticket(actor=femi, ticket=ticket)
    cancel_order(actor=rita, order=order_of(ticket), reason="Changed her mind.")
    deliver()
    with pytest.raises(TicketStateConflict, match="order was cancelled"):
        reopen_ticket(actor=femi, ticket=ticket)
    client.force_login(femi)
    page = client.post(f"/office/tickets/{ticket.number}/reopen/")
    assert page.status_code == 409
    assert "The order was cancelled." in page.text
    assert state_of(ticket) == ShipmentState.SHIPPED
    assert order_of(ticket).fulfilment_state == FulfilmentState.EXCEPTION
    assert [each.kind for each in Ticket.objects.open()] == ["put_back"]
    assert not Message.objects.filter(event="goods_shipped").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("applied", [True, False])
def test_goods_with_the_customer_stay_handed_over(
    ticket: Ticket, femi: User, rita: User, applied: bool
) -> None:
    ready(ticket, femi)
    hand_over_order(actor=rita, order=order_of(ticket))
    if applied:
        deliver()
    with pytest.raises(TicketStateConflict, match="handed"):
        reopen_ticket(actor=femi, ticket=ticket)
    deliver()
    ticket.refresh_from_db()
    assert (ticket.state, state_of(ticket)) == (TicketState.COMPLETED, ShipmentState.HANDED_OVER)


@pytest.mark.django_db
def test_the_counter_hands_nothing_over_that_was_just_taken_back(
    ticket: Ticket, femi: User, rita: User
) -> None:
    ready(ticket, femi)
    reopen_ticket(actor=femi, ticket=ticket)
    with pytest.raises(Conflict, match="not ready after all"):
        hand_over_order(actor=rita, order=order_of(ticket))
    assert order_of(ticket).state == OrderState.PLACED


@pytest.mark.django_db
def test_a_put_back_is_reopened(ticket: Ticket, femi: User, rita: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    cancel_order(actor=rita, order=order_of(ticket), reason="Changed her mind.")
    deliver()
    put_back = Ticket.objects.get(kind="put_back")
    complete_ticket(actor=femi, ticket=put_back)
    deliver()
    reopen_ticket(actor=femi, ticket=put_back)
    deliver()
    order = order_of(ticket)
    assert order.fulfilment_state == FulfilmentState.PUTTING_BACK
    assert order.state == OrderState.CANCELLED
