"""What a user may do with an order now: the buttons on its page."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from frontdesk.orders.actions.cancel import can_cancel
from frontdesk.orders.actions.hand_over import can_hand_over, reopening_to_correct
from frontdesk.orders.actions.rush import can_ask_for_rush
from frontdesk.orders.models import Order, Reopening, Rush
from frontdesk.orders.progress_words import goods_words, next_words, open_words
from frontdesk.orders.queries.orders import last_reopening, open_rush
from frontdesk.payments.actions.payments import can_take_payment
from frontdesk.payments.models.payments import Refund
from frontdesk.questions.models import DeskQuestion, Hold
from frontdesk.questions.queries import questions_to_answer
from officeflow.permissions import Permission
from officeflow.staff.models import User
from officeflow.ui.action_links import ActionLink


@dataclass(frozen=True, kw_only=True)
class OrderActions:
    """The buttons on an order's page, what the user can answer or pay there, and where the goods
    and the money are."""

    buttons: list[ActionLink]
    questions: list[DeskQuestion]
    holds: list[Hold]
    refunds: list[Refund]
    goods: str
    money: str
    next_step: str
    may_print: bool
    may_correct: bool
    # Fulfilment has taken back that the goods are ready, and what the customer was told then.
    reopening: Reopening | None
    to_correct: Reopening | None
    rush: Rush | None


def order_actions(user: User, order: Order) -> OrderActions:
    """Returns what the order's state allows and the user may do, the next step first."""
    questions = list(order.questions.all())
    due = [refund for refund in order.refunds.all() if refund.paid_at is None]
    return OrderActions(
        buttons=_buttons(user, order),
        questions=questions_to_answer(user, questions),
        holds=[hold for hold in order.holds.all() if hold.ended_at is None],
        refunds=due if user.may(Permission.PAY_REFUND) else [],
        goods=goods_words(order),
        money=open_words(order),
        next_step=next_words(
            order,
            questions=[each for each in questions if each.closed_at is None],
            refunds_due=due,
        ),
        may_correct=user.may(Permission.CORRECT_PAYMENT),
        reopening=last_reopening(order),
        to_correct=reopening_to_correct(order),
        rush=open_rush(order),
        may_print=user.may(Permission.PRINT_INVOICE) or user.may(Permission.VIEW_BOOKS),
    )


def _buttons(user: User, order: Order) -> list[ActionLink]:
    number = order.number
    links = []
    if can_take_payment(order) and user.may(Permission.TAKE_PAYMENT):
        links.append(
            ActionLink(
                name="pay",
                label=_("Take payment"),
                url=reverse("frontdesk:order-pay", args=[number]),
                icon="cash",
                key="p",
                panel="pay",
                variant="primary",
            )
        )
    if can_hand_over(order) and user.may(Permission.HAND_OVER):
        links.append(
            ActionLink(
                name="hand-over",
                label=_("Hand over"),
                url=reverse("frontdesk:order-hand-over", args=[number]),
                icon="hand-over",
                key="h",
                variant="secondary" if links else "primary",
            )
        )
    receipt_url = _last_receipt_url(order)
    if receipt_url and user.may(Permission.VIEW_DESK):
        links.append(
            ActionLink(
                name="receipt",
                label=_("Receipt"),
                url=receipt_url,
                icon="invoice",
                key="r",
            )
        )
    if user.may(Permission.RAISE_COMPLAINT):
        links.append(
            ActionLink(
                name="complain",
                label=_("Complaint"),
                url=f"{reverse('frontdesk:complaint-new')}?order={number}",
                icon="complaint",
                key="c",
                variant="ghost",
            )
        )
    if can_ask_for_rush(order) and user.may(Permission.PLACE_ORDER):
        links.append(
            ActionLink(
                name="rush",
                label=_("Ask for a rush"),
                url=reverse("frontdesk:order-rush", args=[number]),
                icon="clock",
                variant="ghost",
            )
        )
    if can_cancel(order) and user.may(Permission.CANCEL_ORDER):
        links.append(
            ActionLink(
                name="cancel",
                label=_("Cancel order"),
                url=reverse("frontdesk:order-cancel", args=[number]),
                icon="cross",
                variant="ghost",
            )
        )
    return links


def _last_receipt_url(order: Order) -> str:
    """Returns the page of the receipt issued last, of a payment or of a refund; empty for none."""
    receipts = [
        *((each.taken_at, "payment", each.number) for each in order.payments.all()),
        *((each.paid_at, "refund", each.number) for each in order.refunds.all() if each.paid_at),
    ]
    if not receipts:
        return ""
    _at, kind, number = max(receipts)
    return reverse(f"frontdesk:{kind}", args=[number])
