"""Reading the mailbox and the wordings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from officeflow.formats.languages import words_of
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.handoff.queries import handoffs
from officeflow.mail.events import Event, events
from officeflow.mail.models import Message, MessageEvent, MessageQuerySet, MessageText
from officeflow.mail.states import MessageState
from officeflow.mail.wording import Wording, house_wording
from officeflow.numbering import normalise
from officeflow.permissions import Permission
from officeflow.staff.models import User

ORDER = ("-id",)
LATELY = timedelta(days=7)

SMTP, MAILBOX, OFF = "smtp", "mailbox", "off"


def is_on() -> bool:
    """Whether messages are made at all: they leave, or are kept in the mailbox."""
    return bool(settings.MAIL_MODE != OFF)


def leaves_the_house() -> bool:
    """Whether messages really reach people: there is a mail server."""
    return bool(settings.MAIL_MODE == SMTP)


# --- the mailbox ------------------------------------------------------------------------------


def may_read(user: User) -> bool:
    """Whether the mailbox is open to a person."""
    return user.may(Permission.VIEW_DESK) or user.may(Permission.MANAGE_STAFF)


def visible_messages(user: User) -> MessageQuerySet:
    """What a person may read: the desk what goes to customers, administrators what is secret.

    A secret message lets whoever reads it into the house in somebody else's name, so only those
    read it who could let that person in anyway.
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
class Asked:
    """What the mailbox is filtered by; empty means everything."""

    state: str = ""
    event: str = ""
    text: str = ""


def mailbox(user: User, asked: Asked) -> QuerySet[Message]:
    """The messages that a person asked for, newest first.

    `text` is a reference number, a customer's number, a message's own, or part of a name or an
    address.
    """
    found = visible_messages(user).defer("body")
    if asked.state:
        found = found.filter(state=asked.state)
    if asked.event:
        found = found.filter(event=asked.event)
    if text := asked.text.strip():
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
    """What was sent about an order or a complaint, oldest first, without its words."""
    return Message.objects.about(reference).defer("body").order_by("id")


def messages_to_customer(number: str) -> QuerySet[Message]:
    """What was sent to a customer, newest first, without its words."""
    return Message.objects.to_customer(number).defer("body").order_by("-id")


def version_about(reference: str) -> tuple[int, int | None, datetime | None]:
    """Changes whenever a message about something comes or goes on."""
    found = Message.objects.about(reference).aggregate(
        rows=Count("pk"), latest=Max("pk"), done=Max("done_at")
    )
    return found["rows"], found["latest"], found["done"]


def failed_lately(user: User) -> int:
    """How many messages could not be sent in the last days and were not sent again."""
    return (
        visible_messages(user)
        .filter(
            state=MessageState.FAILED,
            done_at__gte=timezone.now() - LATELY,
            sent_again__isnull=True,
        )
        .count()
    )


@dataclass(frozen=True)
class Trouble:
    """Why a message is still on its way: how often it was tried, what was said, when next."""

    attempts: int
    error: str
    due_at: datetime
    is_stuck: bool


def trouble_with(message: Message) -> Trouble | None:
    """What keeps a waiting message; None when it was not tried yet."""
    if message.state != MessageState.WAITING:
        return None
    way: Handoff | None = (
        handoffs().filter(destination=Destination.MAIL, subject=message.number).first()
    )
    if way is None or not way.attempts:
        return None
    return Trouble(
        attempts=way.attempts - way.attempts_forgiven,
        error=way.last_error,
        due_at=way.due_at,
        is_stuck=way.state in (HandoffState.DEAD, HandoffState.SET_ASIDE),
    )


# --- the wordings -----------------------------------------------------------------------------


def wording_to_send(event: Event, language: str) -> Wording | None:
    """How an event is worded in a language; None when the office does not write about it.

    One query: the office's own wording in the language's words, else the house's.
    """
    rows = MessageEvent.objects.filter(code=event.code).values_list(
        "is_on", "texts__language", "texts__is_own", "texts__subject", "texts__body"
    )
    words, own = words_of(language), None
    for is_on, spoken, is_own, subject, body in rows:
        if not is_on and not event.always_on:
            return None
        if is_own and spoken == words:
            own = Wording(subject, body)
    return own or house_wording(event, language)


@dataclass(frozen=True, kw_only=True)
class Line:
    """An event as the list of wordings shows it."""

    event: Event
    is_on: bool
    version: int
    own: list[str]


def wordings() -> list[Line]:
    """Every event: whether it is sent, and in which languages the office words it itself."""
    rows = {row.code: row for row in MessageEvent.objects.prefetch_related("texts")}
    lines = []
    for event in events():
        row = rows.get(event.code)
        own = [text.language for text in row.texts.all() if text.is_own] if row else []
        lines.append(
            Line(
                event=event,
                is_on=event.always_on or row is None or row.is_on,
                version=row.version if row else 1,
                own=sorted(own),
            )
        )
    return lines


def text_of(event: Event, language: str) -> MessageText | None:
    """The office's row for a wording, also one that fell back to the house's."""
    return MessageText.objects.filter(event__code=event.code, language=language).first()


def wording_shown(event: Event, language: str, text: MessageText | None) -> Wording:
    """The wording that holds: the office's own, else the house's."""
    if text is not None and text.is_own:
        return Wording(text.subject, text.body)
    return house_wording(event, language)
