"""Goods that were reported ready or shipped too early."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from backoffice.accounting.models import Invoice
from backoffice.fulfilment.actions import answer_rush
from backoffice.fulfilment.models import RushRequest, Shipment
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
from frontdesk.notifications.models import DeskNotification
from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.actions.hand_over import (
    hand_over_order,
    reopening_to_correct,
    tell_not_ready,
    undo_hand_over,
)
from frontdesk.orders.actions.rush import ask_for_rush
from frontdesk.orders.models import Delivery, Order, Reopening, Rush
from frontdesk.orders.states import FulfilmentState, OrderState
from frontdesk.timelines.orders import order_timeline
from officeflow.company.models import Office
from officeflow.errors import Conflict
from officeflow.handoff.applying import draining
from officeflow.handoff.applying.apply import apply
from officeflow.handoff.applying.claims import claim_next
from officeflow.handoff.contracts import FulfilmentProgressed, GoodsProgress
from officeflow.handoff.equation import balance
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.mail.models import Message
from officeflow.mail.states import MessageState
from officeflow.staff.models import User
from tests.orders import send
from tests.tickets.conftest import deliver

LATER = timedelta(minutes=5)


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stores messages in the mailbox, without a mail server."""
    monkeypatch.setattr(settings, "MAIL_MODE", "mailbox")


def order_of(ticket: Ticket) -> Order:
    return Order.objects.get(number=ticket.subject)


def state_of(ticket: Ticket) -> str:
    return Shipment.objects.get(order_number=ticket.subject).state


def ready(ticket: Ticket, who: User) -> Ticket:
    take_ticket(actor=who, ticket=ticket)
    complete_ticket(actor=who, ticket=ticket)
    deliver()
    return ticket


def long_ago(ticket: Ticket) -> None:
    """Lets the seconds for Undo pass since the ticket was completed."""
    Ticket.objects.filter(pk=ticket.pk).update(closed_at=timezone.now() - LATER)


def let_the_mail_go() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE handoff_handoff SET due_at = office_clock() WHERE state = 'waiting'")
    draining.drain()


def about(ticket: Ticket, event: str) -> Message:
    return Message.objects.get(reference=ticket.subject, event=event)


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


# --- the desk's Undo of a hand-over -----------------------------------------------------------


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


# --- races --------------------------------------------------------------------------------------


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Runs the actions on connections of their own at the same time; returns "" or the conflict."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str:
        try:
            start.wait(timeout=20)
            act()
            return ""
        except Conflict as conflict:
            return str(conflict.message)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


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
