"""The timeline of an order or a complaint, at the front desk and in the back office.

The audit trail and the hand-offs are joined by their transaction: "Order placed" is one item with
its three hand-offs beneath it, not four.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from frontdesk.complaints.models import Complaint
from frontdesk.orders.models import Order, Rush
from frontdesk.orders.states import BillingState, FulfilmentState
from frontdesk.payments.models.payments import Payment
from frontdesk.questions.models import DeskQuestion, Hold
from frontdesk.timelines.handoff_progress import HandoffProgress, handoff_progress
from officeflow.audit.models import AuditEntry
from officeflow.audit.queries import entries_about
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.handoff.queries import receipts_about
from officeflow.money import format_money
from officeflow.workflow import State

FRONT, BACK = "frontdesk", "backoffice"
Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class TimelineItem:
    """One thing that happened; `handoff_to` is the side that its hand-offs went to."""

    at: datetime
    title: Words
    text: str = ""
    actor: str = ""
    icon: str = "dot"
    tone: str = "neutral"
    area: str = FRONT
    handoff_to: str = ""
    status: State | None = None
    receipts: list[HandoffProgress] = field(default_factory=list)

    @cached_property
    def received_by(self) -> str:
        """The names of those who have received its hand-offs, once all of them have."""
        if not all(receipt.is_settled for receipt in self.receipts):
            return ""
        return get_text_list([receipt.label for receipt in self.receipts], _("and"))


@dataclass(frozen=True)
class EntryKind:
    """How an audit entry is shown, and the contract that carries it to the other side."""

    title: Words
    icon: str
    tone: str = "neutral"
    contract: str = ""
    area: str = FRONT


KINDS = {
    "place_order": EntryKind(gettext_lazy("Order placed"), "order", "info", "OrderPlaced"),
    "record_past_order": EntryKind(gettext_lazy("Imported as done"), "external", "neutral"),
    "cancel_order": EntryKind(gettext_lazy("Order cancelled"), "cross", "bad", "OrderCancelled"),
    "hand_over_order": EntryKind(
        gettext_lazy("Goods handed over"), "hand-over", "good", "GoodsHandedOver"
    ),
    "undo_hand_over": EntryKind(
        gettext_lazy("Hand-over undone: the goods are at the counter"),
        "undo",
        "warn",
        "HandOverUndone",
    ),
    "ask_for_rush": EntryKind(gettext_lazy("Rush requested"), "clock", "warn", "RushRequested"),
    "rush_answered": EntryKind(gettext_lazy("Rush"), "clock", "info", "RushAnswered", BACK),
    "fulfilment_reopened": EntryKind(
        gettext_lazy("Not ready after all"), "undo", "warn", "FulfilmentReopened", BACK
    ),
    "tell_not_ready": EntryKind(gettext_lazy("Customer told that it is not ready"), "mail", "info"),
    "complete_order": EntryKind(gettext_lazy("Order completed"), "check", "good"),
    "take_payment": EntryKind(gettext_lazy("Payment taken"), "cash", "good", "PaymentTaken"),
    "correct_payment_method": EntryKind(
        gettext_lazy("Payment method corrected"), "edit", "warn", "PaymentMethodCorrected"
    ),
    "pay_refund": EntryKind(gettext_lazy("Refund paid"), "cash", "good", "RefundPaid"),
    "answer_question": EntryKind(
        gettext_lazy("Question answered"), "message", "info", "TicketAnswered"
    ),
    "raise_complaint": EntryKind(
        gettext_lazy("Complaint logged"), "complaint", "info", "ComplaintRaised"
    ),
    "confirm_complaint": EntryKind(
        gettext_lazy("Customer is satisfied"), "check", "good", "CustomerTold"
    ),
    "undo_confirmation": EntryKind(
        gettext_lazy("Undone: the customer was not told"), "undo", "warn"
    ),
    "withdraw_answer": EntryKind(
        gettext_lazy("The department withdrew its answer"),
        "undo",
        "warn",
        "ComplaintAnswerWithdrawn",
        BACK,
    ),
    "reopen_complaint": EntryKind(
        gettext_lazy("Customer is not satisfied: reopened"),
        "undo",
        "bad",
        "ComplaintReopened",
    ),
    "fulfilment_progressed": EntryKind(
        gettext_lazy("Fulfilment"), "box", "neutral", "FulfilmentProgressed", BACK
    ),
    "billing_progressed": EntryKind(
        gettext_lazy("Billing"), "invoice", "neutral", "BillingProgressed", BACK
    ),
    "attach_file": EntryKind(gettext_lazy("File added"), "file"),
    "remove_file": EntryKind(gettext_lazy("File removed"), "file"),
    "refund_due": EntryKind(gettext_lazy("Refund due"), "cash", "warn", "RefundDue", BACK),
    "ticket_returned": EntryKind(
        gettext_lazy("Returned to the desk with a question"),
        "question",
        "warn",
        "TicketReturned",
        BACK,
    ),
    "ticket_held": EntryKind(gettext_lazy("Put on hold"), "clock", "warn", "TicketHeld", BACK),
    "ticket_resumed": EntryKind(
        gettext_lazy("Hold ended"), "take", "progress", "TicketResumed", BACK
    ),
    "take_complaint": EntryKind(
        gettext_lazy("Work started"), "take", "progress", "ComplaintTaken", BACK
    ),
    "resolve_complaint": EntryKind(
        gettext_lazy("Answer ready for the customer"),
        "message",
        "warn",
        "ComplaintResolved",
        BACK,
    ),
}
ACTION_OF = {kind.contract: action for action, kind in KINDS.items() if kind.contract}
HOLDS = ("ticket_held", "ticket_resumed")
STATES: dict[str, type[State]] = {
    "fulfilment_state": FulfilmentState,
    "billing_state": BillingState,
}


def order_timeline(order: Order) -> list[TimelineItem]:
    """What happened to an order, oldest first. Its parts must be loaded."""
    methods = {payment.number: _first_method(payment) for payment in order.payments.all()}
    methods |= {refund.number: refund.method_name for refund in order.refunds.all()}
    entries = list(entries_about(order.number))
    questions, holds = _questions_of(entries, order.questions.all()), order.holds.all()

    def describe(item: TimelineItem, entry: AuditEntry) -> TimelineItem:
        changes = entry.changes
        text = item.text
        if "amount" in changes:
            text = format_money(Decimal(_new(changes, "amount")), order.currency)
            number = _new(changes, "payment") or _new(changes, "refund")
            if methods.get(number):
                text = f"{text} · {methods[number]} · {number}"
        elif entry.action == "correct_payment_method":
            text = _correction_text(entry, order)
        elif entry.action == "cancel_order":
            text = order.cancel_reason
        elif entry.action == "billing_progressed" and order.is_free:
            return replace(item, text=_("Nothing to pay"))
        elif entry.action == "fulfilment_reopened":
            return replace(
                item,
                text=_reason_of_reopening(entry, order),
                actor=_new(changes, "by_name") or "",
                status=_status(changes),
            )
        elif entry.action == "ask_for_rush":
            rush = _rush_of(entry, order)
            text = rush.reason if rush else ""
        elif entry.action == "rush_answered":
            return _rush_answer(item, entry, order)
        elif entry.action == "billing_progressed":
            text = _document(order, _new(changes, "billing_state"))
        elif entry.action in HOLDS:
            text = _hold_text(entry, holds)
        elif "ticket" in changes:
            text = _question_text(entry, questions.get(entry.pk))
        return replace(item, text=text, status=_status(changes))

    return _timeline(order.number, entries, describe)


def complaint_timeline(complaint: Complaint) -> list[TimelineItem]:
    """What happened to a complaint, oldest first; nothing of a sealed one."""
    if complaint.is_sealed:
        return []
    entries = list(entries_about(complaint.number))
    questions, holds = _questions_of(entries, complaint.questions.all()), complaint.holds.all()
    periods = complaint.periods.exclude(reason="").values_list("started_at", "reason")
    reasons = dict(periods) if any(each.action == "reopen_complaint" for each in entries) else {}

    def describe(item: TimelineItem, entry: AuditEntry) -> TimelineItem:
        if entry.action in HOLDS:
            return replace(item, text=_hold_text(entry, holds))
        if entry.action == "reopen_complaint":
            return replace(item, text=reasons.get(entry.at, ""))
        if "ticket" in entry.changes:
            return replace(item, text=_question_text(entry, questions.get(entry.pk)))
        if entry.action == "resolve_complaint":
            return replace(item, actor=complaint.resolved_by_name)
        return item

    return _timeline(complaint.number, entries, describe)


def _timeline(
    number: str,
    entries: Iterable[AuditEntry],
    describe: Callable[[TimelineItem, AuditEntry], TimelineItem],
) -> list[TimelineItem]:
    groups = [list(group) for _key, group in groupby(receipts_about(number), key=_posted_together)]
    items = []
    for entry in entries:
        kind = KINDS.get(entry.action)
        if kind is None:
            continue
        own = _handoffs_of(entry, groups, kind.contract)
        if own is not None:
            groups.remove(own)
        items.append(describe(_item(entry, kind, own), entry))
    items += [_on_its_way(group) for group in groups if _is_news(group)]
    return _files_together(sorted(items, key=lambda item: item.at))


def _files_together(items: Sequence[TimelineItem]) -> list[TimelineItem]:
    """Several files that one person added one after another are one thing that happened."""
    added = KINDS["attach_file"].title

    def bundle(item: TimelineItem) -> tuple[Any, ...]:
        return (item.actor,) if item.title == added else (item.actor, id(item))

    bundled = []
    for _key, group in groupby(items, key=bundle):
        first, *others = group
        if others:
            number = len(others) + 1
            title = ngettext("%(number)d file added", "%(number)d files added", number)
            first = replace(first, title=title % {"number": number})
        bundled.append(first)
    return bundled


def _posted_together(handoff: Handoff) -> tuple[str, int, datetime]:
    """Hand-offs that one action posted together."""
    return handoff.contract, handoff.transaction_id, handoff.posted_at


def _handoffs_of(
    entry: AuditEntry, groups: Iterable[list[Handoff]], contract: str
) -> list[Handoff] | None:
    """Returns the hand-offs that the transaction of the entry posted, or applied at the desk."""

    def distance(group: list[Handoff]) -> timedelta:
        first = group[0]
        here = first.destination == Destination.FRONTDESK
        moment = first.delivered_at if here and first.delivered_at else first.posted_at
        return abs(moment - entry.at)

    same = [
        group
        for group in groups
        if group[0].contract == contract and _transaction(group[0]) == entry.transaction_id
    ]
    # One transaction may do the same several times to one record, as the one that makes the demo
    # company does: of its hand-offs the nearest in time are meant, the first of equals.
    return min(same, key=distance, default=None)


def _transaction(handoff: Handoff) -> int | None:
    """Returns the id of the transaction that wrote the desk's entry about a hand-off.

    For what arrives at the desk, that is the one that applied the hand-off; None before.
    """
    if handoff.destination != Destination.FRONTDESK:
        return handoff.transaction_id
    receipt = getattr(handoff, "receipt", None)
    return receipt.transaction_id if receipt else None


def _item(entry: AuditEntry, kind: EntryKind, group: Sequence[Handoff] | None) -> TimelineItem:
    handoff_to = ""
    if group:
        handoff_to = "front" if group[0].destination == Destination.FRONTDESK else "back"
    return TimelineItem(
        at=entry.at,
        title=kind.title,
        actor=str(entry.actor) if entry.actor else "",
        icon=kind.icon,
        tone=kind.tone,
        area=kind.area,
        handoff_to=handoff_to,
        receipts=[handoff_progress(handoff) for handoff in group or ()],
    )


def _is_news(group: Sequence[Handoff]) -> bool:
    """A report that arrived and changed nothing is no news; one on its way is."""
    return any(handoff.state != HandoffState.APPLIED for handoff in group)


def _on_its_way(group: Sequence[Handoff]) -> TimelineItem:
    first = group[0]
    kind = KINDS.get(ACTION_OF.get(first.contract, ""))
    dead = any(handoff.state == HandoffState.DEAD for handoff in group)
    here = first.destination == Destination.FRONTDESK
    return TimelineItem(
        at=first.posted_at,
        title=kind.title if kind else _("Handed over"),
        icon=kind.icon if kind else "handoff",
        tone="bad" if dead else "progress",
        area=BACK if here else FRONT,
        handoff_to="front" if here else "back",
        receipts=[handoff_progress(handoff) for handoff in group],
    )


def _new(changes: dict[str, Any], name: str) -> Any:
    pair = changes.get(name)
    return pair[1] if pair else None


def _status(changes: dict[str, Any]) -> State | None:
    for name, enum in STATES.items():
        if _new(changes, name) in enum.values:
            return enum(_new(changes, name))
    return None


def _document(order: Order, state: str | None) -> str:
    if state == BillingState.INVOICED and order.invoice_number:
        return _("Invoice %(number)s") % {"number": order.invoice_number}
    if state == BillingState.CREDITED and order.credit_note_number:
        return _("Credit note %(number)s") % {"number": order.credit_note_number}
    return ""


def _first_method(payment: Payment) -> str:
    """The name of the method by which a payment was recorded when it was taken."""
    corrections = list(payment.corrections.all())
    return corrections[0].previous_method_name if corrections else payment.method_name


def _correction_text(entry: AuditEntry, order: Order) -> str:
    """The payment with its method before and after the correction, and the reason."""
    for payment in order.payments.all():
        for each in payment.corrections.all():
            if payment.number == _new(entry.changes, "payment") and each.corrected_at == entry.at:
                change = f"{each.previous_method_name} → {each.method_name}"
                return f"{payment.number}: {change}\n{each.reason}"
    return ""


def _hold_text(entry: AuditEntry, holds: Iterable[Hold]) -> str:
    """Why and until when a department held its work; nothing more when it went on."""
    ticket = _new(entry.changes, "ticket")
    held = [each for each in holds if each.ticket_number == ticket and each.held_at == entry.at]
    if not held:
        return ""
    hold = held[0]
    day = date_format(timezone.localtime(hold.until_at).date(), "DATE_FORMAT")
    until = _("Until %(day)s") % {"day": day}
    return f"{hold.by_name}: {hold.reason}\n{until}"


def _reason_of_reopening(entry: AuditEntry, order: Order) -> str:
    return next((each.reason for each in order.reopenings.all() if each.at == entry.at), "")


def _rush_of(entry: AuditEntry, order: Order) -> Rush | None:
    """Returns the request for a rush that was made or answered at the entry's time."""
    return next(
        (each for each in order.rushes.all() if entry.at in (each.requested_at, each.answered_at)),
        None,
    )


def _rush_answer(item: TimelineItem, entry: AuditEntry, order: Order) -> TimelineItem:
    rush = _rush_of(entry, order)
    is_accepted = _new(entry.changes, "is_accepted")
    return replace(
        item,
        title=_("Rush accepted") if is_accepted else _("Rush refused"),
        tone="good" if is_accepted else "bad",
        text=rush.answer if rush else "",
        actor=_new(entry.changes, "by_name") or "",
    )


def _questions_of(
    entries: Sequence[AuditEntry], questions: Iterable[DeskQuestion]
) -> dict[int, DeskQuestion]:
    """Returns the question that was asked or answered, by the key of the entry about it.

    Each question arrived with an entry, so both have the same order; an answer closed its question
    at the moment of its entry.
    """
    arrived = sorted(entry.pk for entry in entries if entry.action == "ticket_returned")
    asked = sorted(questions, key=lambda question: question.pk)
    about = dict(zip(arrived, asked, strict=False))
    closed = {(question.ticket_number, question.closed_at): question for question in asked}
    for entry in entries:
        answered = closed.get((_new(entry.changes, "ticket"), entry.at))
        if entry.action == "answer_question" and answered:
            about[entry.pk] = answered
    return about


def _question_text(entry: AuditEntry, question: DeskQuestion | None) -> str:
    """The words of the question, or of its answer, that the entry tells of."""
    if question is None:
        return ""
    if entry.action == "answer_question":
        return question.answer
    return f"{question.asked_by_name}: {question.text}"
