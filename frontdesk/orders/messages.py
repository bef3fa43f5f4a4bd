"""E-mail messages to customers about orders: placed, ready for pick-up, shipped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils import translation
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from frontdesk.customers.messages import (
    CUSTOMER,
    CUSTOMERS,
    may_write_to_customer,
    write_to_customer,
)
from frontdesk.orders.models import Order, OrderLine
from frontdesk.orders.states import FulfilmentState
from officeflow.company.models import Office
from officeflow.company.queries import get_office
from officeflow.handoff.contracts import FulfilmentReopened
from officeflow.mail.actions import withdraw_message, withdraw_waiting
from officeflow.mail.events import MailEvent, Placeholder, register_event
from officeflow.mail.models import Message
from officeflow.mail.states import MessageState
from officeflow.money import ZERO, format_money, format_quantity
from officeflow.staff.models import User

MOST_LINES = 30


def _in_office_currency(words: str, *amounts: str) -> str:
    currency = get_office().currency
    return _(words).format(*(format_money(Decimal(each), currency) for each in amounts))


# Sample amounts of a preview, in the office's current currency.
in_office_currency = lazy(_in_office_currency, str)


ORDER = Placeholder(description=gettext_lazy("the order’s number"), sample="SO-000123")


PLACED = register_event(
    MailEvent(
        code="order_placed",
        label=gettext_lazy("Order placed"),
        audience=CUSTOMERS,
        subject=gettext_lazy("Your order {order} at {office}"),
        body=gettext_lazy(
            "Hello {customer},\n\n"
            "Thank you for your order. We have received it under the number {order}:\n\n"
            "{lines}\n\nTotal: {total}\n\n{delivery}\n\n"
            "If anything is not right, please let us know.\n\n"
            "Kind regards\n{office}"
        ),
        placeholders={
            "customer": CUSTOMER,
            "order": ORDER,
            "lines": Placeholder(
                description=gettext_lazy("the products ordered, one on each line"),
                sample=in_office_currency("2 × Blue mug: {}\n1 × Paper lamp: {}", "24", "45.50"),
            ),
            "total": Placeholder(
                description=gettext_lazy("the total of the order"),
                sample=in_office_currency("{}", "69.50"),
            ),
            "delivery": Placeholder(
                description=gettext_lazy("how the order gets to the customer"),
                sample=gettext_lazy("We will let you know as soon as it is ready to be picked up."),
            ),
        },
        order=10,
    )
)


READY = register_event(
    MailEvent(
        code="goods_ready",
        label=gettext_lazy("Goods ready for pick-up"),
        audience=CUSTOMERS,
        subject=gettext_lazy("Your order {order} is ready"),
        body=gettext_lazy(
            "Hello {customer},\n\nGood news: your order {order} is ready for you to pick up at "
            "{office}.\n\n{to_pay}\n\nWe look forward to seeing you.\n\nKind regards\n{office}"
        ),
        placeholders={
            "customer": CUSTOMER,
            "order": ORDER,
            "to_pay": Placeholder(
                description=gettext_lazy(
                    "the amount still to be paid; empty when everything is paid"
                ),
                sample=in_office_currency(
                    gettext_noop("You can pay the remaining {} when you pick it up."), "69.50"
                ),
            ),
        },
        withdrawn_by=(FulfilmentReopened,),
        order=20,
    )
)


SHIPPED = register_event(
    MailEvent(
        code="goods_shipped",
        label=gettext_lazy("Goods shipped"),
        audience=CUSTOMERS,
        subject=gettext_lazy("Your order {order} is on its way"),
        body=gettext_lazy(
            "Hello {customer},\n\nGood news: your order {order} is on its way to you at this "
            "address:\n\n{address}\n\nThank you for shopping with us.\n\nKind regards\n{office}"
        ),
        placeholders={
            "customer": CUSTOMER,
            "order": ORDER,
            "address": Placeholder(
                description=gettext_lazy("the delivery address"),
                sample="Example Street 1\nExampletown",
            ),
        },
        withdrawn_by=(FulfilmentReopened,),
        order=30,
    )
)


NOT_READY = register_event(
    MailEvent(
        code="goods_not_ready",
        label=gettext_lazy("Goods not ready after all"),
        audience=CUSTOMERS,
        subject=gettext_lazy("Your order {order} is not ready yet"),
        body=gettext_lazy(
            "Hello {customer},\n\nWe are sorry: we told you too early that your order {order} is "
            "ready or on its way. It is not ready yet. We will write to you again as soon as it "
            "is.\n\n"
            "Kind regards\n{office}"
        ),
        placeholders={"customer": CUSTOMER, "order": ORDER},
        order=35,
    )
)


def mail_order_placed(
    *, actor: User, order: Order, lines: Sequence[OrderLine], office: Office
) -> Message | None:
    """Queues the confirmation of an order; returns None when the customer gets no mail."""
    if not may_write_to_customer(order):
        return None
    with translation.override(office.language):
        values = {
            "lines": _lines(lines, order.currency),
            "total": format_money(order.gross, order.currency),
            "delivery": (
                _("We will deliver it to:\n%(address)s") % {"address": order.delivery_address}
                if order.is_delivery
                else _("We will let you know as soon as it is ready to be picked up.")
            ),
        }
    return write_to_customer(
        PLACED, order, {"order": order.number, **values}, actor=actor, office=office
    )


def _lines(lines: Sequence[OrderLine], currency: str) -> str:
    """Returns the lines as text; after `MOST_LINES`, only the number of further lines."""
    rows = [
        f"{format_quantity(line.quantity)} {line.unit_label or '×'} {line.description}: "
        f"{format_money(line.gross, currency)}"
        for line in lines[:MOST_LINES]
    ]
    more = len(lines) - MOST_LINES
    if more > 0:
        words = ngettext("and %(count)d more line", "and %(count)d more lines", more)
        rows.append(words % {"count": more})
    return "\n".join(rows)


def mail_order_progress(*, actor: User | None, order: Order) -> Message | None:
    """Queues a message when goods are ready for pick-up or shipped; otherwise returns None."""
    if order.fulfilment_state == FulfilmentState.READY and not order.is_delivery:
        return _mail_ready(actor, order)
    if order.fulfilment_state == FulfilmentState.SHIPPED:
        return _mail_shipped(actor, order)
    return None


def _mail_ready(actor: User | None, order: Order) -> Message | None:
    if not may_write_to_customer(order):
        return None
    office = get_office()
    still_open = order.open_amount
    to_pay = ""
    if still_open > ZERO:
        with translation.override(office.language):
            amount = format_money(still_open, order.currency)
            to_pay = _("You can pay the remaining %(amount)s when you pick it up.") % {
                "amount": amount
            }
    return write_to_customer(
        READY,
        order,
        {"order": order.number, "to_pay": to_pay},
        actor=actor,
        office=office,
        can_be_withdrawn=True,
    )


def _mail_shipped(actor: User | None, order: Order) -> Message | None:
    if not may_write_to_customer(order):
        return None
    values = {"order": order.number, "address": order.delivery_address}
    return write_to_customer(
        SHIPPED, order, values, actor=actor, office=get_office(), can_be_withdrawn=True
    )


def withdraw_messages_about_goods(*, actor: User, order: Order, at: datetime) -> None:
    """Withdraws what waits to tell the customer about goods that they have, or do not get."""
    events = [READY.code, SHIPPED.code, NOT_READY.code]
    withdraw_waiting(actor=actor, reference=order.number, events=events, at=at)


def mail_ready_after_all(*, actor: User, order: Order, withdrawn_at: datetime) -> Message | None:
    """Queues again the message that the goods are ready if it was withdrawn at a time."""
    withdrawn = Message.objects.about(order.number).filter(
        event=READY.code, state=MessageState.WITHDRAWN, done_at=withdrawn_at
    )
    return mail_order_progress(actor=actor, order=order) if withdrawn.exists() else None


def withdraw_progress_message(*, order: Order) -> str:
    """Withdraws the latest message that the goods are ready or shipped.

    Returns the number of the message when it has gone already, else "". A message that could not be
    sent told nobody.
    """
    latest = (
        Message.objects.about(order.number)
        .filter(event__in=[READY.code, SHIPPED.code])
        .order_by("-id")
        .first()
    )
    if latest is None or withdraw_message(actor=None, message=latest):
        return ""
    latest.refresh_from_db()
    return latest.number if latest.state in (MessageState.SENT, MessageState.KEPT) else ""


def mail_not_ready(*, actor: User, order: Order) -> Message | None:
    """Queues a message that the goods are not ready after all; None when the customer gets none."""
    if not may_write_to_customer(order):
        return None
    return write_to_customer(
        NOT_READY,
        order,
        {"order": order.number},
        actor=actor,
        office=get_office(),
        can_be_withdrawn=True,
    )
