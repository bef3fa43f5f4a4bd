"""What one person may do with one order or complaint now: the buttons on its page."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from frontdesk.complaints.actions.complaints import can_confirm, can_reopen
from frontdesk.complaints.models import Complaint
from frontdesk.orders.actions import can_cancel, can_hand_over
from frontdesk.orders.models import Order
from frontdesk.payments.actions.payments import can_take_payment, open_amount
from frontdesk.payments.models.payments import Refund
from frontdesk.questions.models import Pause, Question
from officeflow.staff.models import User
from officeflow.staff.permissions import Permission


@dataclass(frozen=True)
class Act:
    """One button: where it leads, its icon and the key that presses it."""

    name: str
    label: str | Promise
    url: str
    icon: str
    key: str = ""
    variant: str = "secondary"


@dataclass(frozen=True, kw_only=True)
class OrderActs:
    """What can be done with an order now; `todo` are the things that wait for the desk."""

    buttons: list[Act]
    questions: list[Question]
    pauses: list[Pause]
    refunds: list[Refund]
    open_amount: Decimal
    may_print: bool


def order_acts(user: User, order: Order) -> OrderActs:
    """The acts that the order's state allows and the person may do, the next one first."""
    found: list[Act] = []

    def offer(permission: Permission, allowed: bool, act: Act) -> None:
        if allowed and user.may(permission):
            found.append(act)

    number = order.number
    offer(
        Permission.HAND_OVER,
        can_hand_over(order),
        Act(
            "hand-over",
            _("Hand over"),
            reverse("frontdesk:order-hand-over", args=[number]),
            "hand-over",
            "h",
        ),
    )
    offer(
        Permission.TAKE_PAYMENT,
        can_take_payment(order),
        Act("pay", _("Take payment"), reverse("frontdesk:order-pay", args=[number]), "cash", "p"),
    )
    if found:
        found[0] = _primary(found[0])
    payments = list(order.payments.all())
    if payments:
        receipt = reverse("frontdesk:payment", args=[payments[-1].number])
        offer(Permission.VIEW_DESK, True, Act("receipt", _("Receipt"), receipt, "invoice", "r"))
    complain = f"{reverse('frontdesk:complaint-new')}?order={number}"
    offer(
        Permission.RAISE_COMPLAINT,
        True,
        Act("complain", _("Complaint"), complain, "complaint", "c", "ghost"),
    )
    offer(
        Permission.CANCEL_ORDER,
        can_cancel(order),
        Act(
            "cancel",
            _("Cancel order"),
            reverse("frontdesk:order-cancel", args=[number]),
            "cross",
            "",
            "ghost",
        ),
    )
    return OrderActs(
        buttons=found,
        questions=_open(user, list(order.questions.all())),
        pauses=[pause for pause in order.pauses.all() if pause.ended_at is None],
        refunds=[
            refund
            for refund in order.refunds.all()
            if refund.paid_at is None and user.may(Permission.PAY_REFUND)
        ],
        open_amount=open_amount(order),
        may_print=user.may(Permission.PRINT_INVOICE) or user.may(Permission.VIEW_BOOKS),
    )


@dataclass(frozen=True, kw_only=True)
class ComplaintActs:
    """What can be done with a complaint now."""

    buttons: list[Act]
    questions: list[Question]
    pauses: list[Pause]
    can_tell: bool


def complaint_acts(user: User, complaint: Complaint) -> ComplaintActs:
    """Tell the customer when a department has answered; reopen what was confirmed."""
    number = complaint.number
    may = user.may(Permission.CONFIRM_COMPLAINT)
    tell = may and can_confirm(complaint)
    found = []
    if tell:
        found.append(
            Act(
                "tell",
                _("Tell the customer"),
                reverse("frontdesk:complaint-confirm", args=[number]),
                "message",
                "t",
                "primary",
            )
        )
    elif may and can_reopen(complaint):
        found.append(
            Act("reopen", _("Reopen"), reverse("frontdesk:complaint-reopen", args=[number]), "undo")
        )
    return ComplaintActs(
        buttons=found,
        questions=_open(user, list(complaint.questions.all())),
        pauses=[pause for pause in complaint.pauses.all() if pause.ended_at is None],
        can_tell=tell,
    )


def _open(user: User, questions: list[Question]) -> list[Question]:
    if not user.may(Permission.ANSWER_QUESTION):
        return []
    return [question for question in questions if question.closed_at is None]


def _primary(act: Act) -> Act:
    return Act(act.name, act.label, act.url, act.icon, act.key, "primary")
