"""Queries of the mailbox and of the wordings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from officeflow.formats.languages import text_language
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.handoff.queries import handoffs
from officeflow.mail.events import Event, events
from officeflow.mail.models import Message, MessageEvent, MessageQuerySet, MessageText
from officeflow.mail.states import MessageState
from officeflow.mail.wording import Wording, default_wording
from officeflow.numbering import normalise
from officeflow.permissions import Permission
from officeflow.staff.models import User

ORDER = ("-id",)
RECENT = timedelta(days=7)

SMTP, MAILBOX, OFF = "smtp", "mailbox", "off"


def is_on() -> bool:
    """Whether messages are created: they are sent, or stored in the mailbox."""
    return bool(settings.MAIL_MODE != OFF)


def has_mail_server() -> bool:
    """Whether there is a mail server, so that messages reach people."""
    return bool(settings.MAIL_MODE == SMTP)


# --- the mailbox ------------------------------------------------------------------------------


def may_read(user: User) -> bool:
    """Whether a person may read the mailbox."""
    return user.may(Permission.VIEW_DESK) or user.may(Permission.MANAGE_STAFF)


def visible_messages(user: User) -> MessageQuerySet:
    """The messages a person may read: the desk those to customers, administrators secret ones.

    Whoever reads a secret message can sign in as its recipient, so only those may read it who
    could give themselves that access anyway.
    """
    wanted = Q()
    if user.may(Permission.VIEW_DESK):
        wanted |= Q(is_secret=False)
    if user.may(Permission.MANAGE_STAFF):
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
    """The messages that match the filters, newest first.

    `text` is the number of a record, a customer or a message, or part of a name or an
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
    """One message, when the person may read it."""
    return (
        visible_messages(user)
        .select_related("created_by", "resends")
        .filter(number=normalise(number))
        .first()
    )


def messages_about(reference: str) -> QuerySet[Message]:
    """The messages about an order or a complaint, oldest first, without their text."""
    return Message.objects.about(reference).defer("body").order_by("id")


def messages_to_customer(number: str) -> QuerySet[Message]:
    """The messages to a customer, newest first, without their text."""
    return Message.objects.to_customer(number).defer("body").order_by("-id")


def version_about(reference: str) -> tuple[int, int | None, datetime | None]:
    """Changes whenever a message about a record is created or done."""
    found = Message.objects.about(reference).aggregate(
        rows=Count("pk"), latest=Max("pk"), done=Max("done_at")
    )
    return found["rows"], found["latest"], found["done"]


def count_recent_failures(user: User) -> int:
    """The number of messages that failed in the last seven days and were not sent again."""
    return (
        visible_messages(user)
        .filter(
            state=MessageState.FAILED,
            done_at__gte=timezone.now() - RECENT,
            sent_again__isnull=True,
        )
        .count()
    )


@dataclass(frozen=True)
class DeliveryProblem:
    """Why a message is not sent yet: attempts, last error, time of the next attempt."""

    attempts: int
    error: str
    due_at: datetime
    is_stuck: bool


def delivery_problem(message: Message) -> DeliveryProblem | None:
    """The delivery problem of a waiting message; None before its first attempt."""
    if message.state != MessageState.WAITING:
        return None
    handoff: Handoff | None = (
        handoffs().filter(destination=Destination.MAIL, subject=message.number).first()
    )
    if handoff is None or not handoff.attempts:
        return None
    return DeliveryProblem(
        attempts=handoff.attempts - handoff.attempts_forgiven,
        error=handoff.last_error,
        due_at=handoff.due_at,
        is_stuck=handoff.state in (HandoffState.DEAD, HandoffState.DISCARDED),
    )


# --- the wordings -----------------------------------------------------------------------------


def wording_to_send(event: Event, language: str) -> Wording | None:
    """The wording of an event in a language; None when the event is switched off.

    One query: the office's own wording in the language, else the standard one.
    """
    rows = MessageEvent.objects.filter(code=event.code).values_list(
        "is_on", "texts__language", "texts__is_own", "texts__subject", "texts__body"
    )
    words, own = text_language(language), None
    for is_on, spoken, is_own, subject, body in rows:
        if not is_on and not event.always_on:
            return None
        if is_own and spoken == words:
            own = Wording(subject, body)
    return own or default_wording(event, language)


@dataclass(frozen=True, kw_only=True)
class WordingRow:
    """A row of the list of wordings."""

    event: Event
    is_on: bool
    version: int
    own: list[str]


def wordings() -> list[WordingRow]:
    """Every event: whether it is on, and the languages with a wording of the office's own."""
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


def find_text(event: Event, language: str) -> MessageText | None:
    """The office's row for a wording, also one that was reset."""
    return MessageText.objects.filter(event__code=event.code, language=language).first()


def current_wording(event: Event, language: str, text: MessageText | None) -> Wording:
    """The wording that applies: the office's own, else the standard one."""
    if text is not None and text.is_own:
        return Wording(text.subject, text.body)
    return default_wording(event, language)
