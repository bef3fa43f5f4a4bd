"""Queries of the mailbox and of the wordings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from officeflow.formats.languages import text_language
from officeflow.handoff.contracts import Contract
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.handoff.outbox import is_under_way
from officeflow.handoff.queries import handoffs
from officeflow.mail.events import MailEvent, events, find_event
from officeflow.mail.models import Message, MessageEvent, MessageQuerySet, MessageText
from officeflow.mail.states import MessageState
from officeflow.mail.wording import Wording, default_wording, links_stand_alone
from officeflow.numbering import normalise
from officeflow.permissions import Permission
from officeflow.postgres.rows import figures_of, read_rows, sql_of
from officeflow.staff.models import User
from officeflow.ui.counts import LIMIT

ORDER = ("-id",)
RECENT = timedelta(days=7)

# --- the mailbox ------------------------------------------------------------------------------


def visible_messages(user: User) -> MessageQuerySet:
    """Returns the messages that a person may read.

    The front desk reads messages that are not secret. Of secret ones those who manage staff see to
    whom and when they went; their text is stored nowhere.
    """
    return _messages(user.may(Permission.VIEW_DESK), user.may(Permission.MANAGE_STAFF))


def _messages(of_desk: bool, secret: bool) -> MessageQuerySet:
    wanted = Q()
    if of_desk:
        wanted |= Q(is_secret=False)
    if secret:
        wanted |= Q(is_secret=True)
    if not wanted:
        return Message.objects.none()
    return Message.objects.filter(wanted)


@dataclass(frozen=True, kw_only=True)
class MailboxCriteria:
    """The filters of the mailbox; an empty one matches everything."""

    state: str = ""
    event: str = ""
    text: str = ""


def mailbox(user: User, criteria: MailboxCriteria) -> QuerySet[Message]:
    """Returns the messages that match the filters, newest first.

    `text` matches the number of a record, a customer or a message, or part of a name or an
    address.
    """
    found = visible_messages(user).defer("body")
    if criteria.state:
        found = found.filter(state=criteria.state)
    if criteria.event:
        found = found.filter(event=criteria.event)
    if text := criteria.text.strip():
        number = normalise(text)
        found = found.filter(
            Q(number=number)
            | Q(reference=number)
            | Q(customer_number=number)
            | Q(to_address__icontains=text)
            | Q(to_name__icontains=text)
        )
    return found.order_by(*ORDER)


def find_message(user: User, number: str) -> Message | None:
    """Returns the message of a number; None when the person may not read it."""
    return (
        visible_messages(user)
        .select_related("created_by", "resends")
        .filter(number=normalise(number))
        .first()
    )


def messages_about(reference: str) -> QuerySet[Message]:
    """Returns the messages about an order or a complaint, oldest first, without their text."""
    return Message.objects.about(reference).defer("body").order_by("id")


def messages_to_customer(number: str) -> QuerySet[Message]:
    """Returns the messages to a customer, newest first, without their text."""
    return Message.objects.to_customer(number).defer("body").order_by("-id")


Version = tuple[int, int | None, datetime | None]


def version_of_messages(messages: Sequence[Message]) -> Version:
    """Returns the version that `version_about` has for a record with these messages."""
    done = [each.done_at for each in messages if each.done_at is not None]
    return len(messages), messages[-1].pk if messages else None, max(done, default=None)


def version_about(reference: str) -> Version:
    """Returns values that change whenever a message about a record is created or done."""
    found = Message.objects.about(reference).aggregate(
        rows=Count("pk"), latest=Max("pk"), done=Max("done_at")
    )
    return found["rows"], found["latest"], found["done"]


def count_recent_failures(user: User) -> int:
    """Returns how many messages failed in the last seven days and were not sent again, at most
    `LIMIT`."""
    of_desk, secret = user.may(Permission.VIEW_DESK), user.may(Permission.MANAGE_STAFF)
    if not (of_desk or secret):
        return 0
    sql, values = _failures(of_desk, secret)
    ((number,),) = read_rows(sql, [*values, timezone.now() - RECENT])
    return min(int(number), LIMIT)


@cache
def _failures(of_desk: bool, secret: bool) -> tuple[str, tuple[Any, ...]]:
    failed = _messages(of_desk, secret).filter(state=MessageState.FAILED, sent_again__isnull=True)
    return figures_of(failed.values("done_at"), "count(*)", "done_at >= %s")


@dataclass(frozen=True)
class DeliveryProblem:
    """Why a message is not sent yet; `due_at` is the time of the next attempt.

    One that `is_taken_back` waits for the report that will withdraw it.
    """

    attempts: int
    error: str
    due_at: datetime
    is_stuck: bool
    is_taken_back: bool


def delivery_problem(message: Message) -> DeliveryProblem | None:
    """Returns the delivery problem of a waiting message; None before its first attempt."""
    if message.state != MessageState.WAITING:
        return None
    handoff: Handoff | None = (
        handoffs().filter(destination=Destination.MAIL, subject=message.number).first()
    )
    if handoff is None:
        return None
    attempts = handoff.attempts - handoff.attempts_forgiven
    is_taken_back = withdrawal_is_under_way(message)
    if not attempts and not is_taken_back:
        return None
    return DeliveryProblem(
        attempts=attempts,
        error=handoff.last_error,
        due_at=handoff.due_at,
        is_stuck=handoff.state in (HandoffState.DEAD, HandoffState.DISCARDED),
        is_taken_back=is_taken_back,
    )


def withdrawals_of(message: Message) -> tuple[type[Contract], ...]:
    """Returns the contracts that withdraw the message when they reach the desk."""
    event = find_event(message.event)
    return event.withdrawn_by if event else ()


def withdrawal_is_under_way(message: Message, *, locking: Sequence[Destination] = ()) -> bool:
    """Returns whether a report that withdraws the message is posted to the desk and not applied.

    `locking` is as in `is_under_way`.
    """
    withdrawals = withdrawals_of(message)
    return bool(withdrawals) and is_under_way(
        *withdrawals, to=Destination.FRONTDESK, subject=message.reference, locking=locking
    )


# --- the wordings -----------------------------------------------------------------------------


def wording_to_send(event: MailEvent, language: str) -> Wording | None:
    """Returns the office's own wording in a language, else the standard one.

    Returns None when the event is turned off. Makes one query.
    """
    wanted, own = text_language(language), None
    for is_on, row_language, is_own, subject, body in read_rows(_wordings_of(), [event.code]):
        if not is_on and not event.always_on:
            return None
        if is_own and row_language == wanted:
            own = Wording(subject, body)
    if own is not None and event.is_secret and not links_stand_alone(own.body):
        own = None  # from before this was checked
    return own or default_wording(event, language)


@cache
def _wordings_of() -> str:
    """Returns the SQL of an event's switch and wordings."""
    return sql_of(
        MessageEvent.objects.filter(code="").values_list(
            "is_on", "texts__language", "texts__is_own", "texts__subject", "texts__body"
        )
    )


@dataclass(frozen=True, kw_only=True)
class WordingRow:
    """A row of the list of wordings."""

    event: MailEvent
    is_on: bool
    version: int
    own: list[str]


def wordings() -> list[WordingRow]:
    """Returns every event with whether it is on and the languages of the office's own wordings."""
    rows = {row.code: row for row in MessageEvent.objects.prefetch_related("texts")}
    found = []
    for event in events():
        row = rows.get(event.code)
        own = [text.language for text in row.texts.all() if text.is_own] if row else []
        found.append(
            WordingRow(
                event=event,
                is_on=event.always_on or row is None or row.is_on,
                version=row.version if row else 1,
                own=sorted(own),
            )
        )
    return found


def find_text(event: MailEvent, language: str) -> MessageText | None:
    """Returns the office's row for a wording, also one that was reset, or None."""
    return MessageText.objects.filter(event__code=event.code, language=language).first()


def current_wording(event: MailEvent, language: str, text: MessageText | None) -> Wording:
    """Returns the office's own wording, else the standard one."""
    if text is not None and text.is_own:
        return Wording(text.subject, text.body)
    return default_wording(event, language)
