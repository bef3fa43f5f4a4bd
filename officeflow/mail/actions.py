"""Queues, delivers and resends messages, and changes their wording."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from officeflow import limits
from officeflow.audit.actions import record, record_in_batches
from officeflow.company.models import Office
from officeflow.company.queries import get_office
from officeflow.errors import Conflict, Refused, StaleRecord
from officeflow.handoff.contracts import MailDue
from officeflow.handoff.models import Destination, Handoff
from officeflow.handoff.outbox import post
from officeflow.handoff.registry import NotYet, PermanentError
from officeflow.mail import queries, sending
from officeflow.mail.events import MailEvent, find_event
from officeflow.mail.models import Message, MessageEvent, MessageText
from officeflow.mail.states import MESSAGE_MOVES, MessageState
from officeflow.mail.wording import Wording, check, default_wording, fill_in
from officeflow.mail_mode import has_mail_server, mail_is_on
from officeflow.numbering import next_number
from officeflow.postgres.inserts import insert
from officeflow.postgres.updates import update_each
from officeflow.staff.models import User

MAX_REASON_LENGTH = 500
MAX_ERROR_LENGTH = 500


# --- sending ----------------------------------------------------------------------------------


def queue_message(
    *,
    actor: User | None,
    event: str,
    to_address: str,
    to_name: str = "",
    values: Mapping[str, str],
    reference: str = "",
    customer_number: str = "",
    language: str = "",
    office: Office | None = None,
    wait_seconds: float = 0,
) -> Message | None:
    """Stores a message and posts its hand-off, in the caller's transaction.

    `event` is the code of a registered event, `values` are its placeholders' values, `language`
    is by default the office's. For `wait_seconds` the message is not sent and can be withdrawn.
    Returns None when mail or the event is turned off. The text of a secret event is sent in a
    sealed hand-off and not stored here. Raises `KeyError` for an unknown event.
    """
    if not mail_is_on():
        return None
    mail_event = find_event(event)
    if mail_event is None:
        raise KeyError(event)
    office = office or get_office()
    language = language or office.language
    wording = queries.wording_to_send(mail_event, language)
    if wording is None:
        return None
    filled = fill_in(wording, values, office)
    message = Message(
        event=event,
        reference=reference,
        customer_number=customer_number,
        to_name=to_name,
        to_address=to_address,
        language=language,
        subject=filled.subject,
        body=filled.body,
        is_secret=mail_event.is_secret,
    )
    return _post(message, actor, wait_seconds)


def _post(message: Message, actor: User | None, wait_seconds: float = 0) -> Message:
    """Stores the message and posts the hand-off that will send it."""
    wording = Wording(message.subject, message.body)
    if message.is_secret:
        message.body = ""
    message.number = next_number("MS")
    message.created_at = timezone.now()
    message.created_by = actor
    insert([message])
    secret = message.is_secret
    # Each message has its own stream, so that one that cannot be sent delays no other.
    post(
        MailDue(
            message_number=message.number,
            subject=wording.subject if secret else "",
            body=wording.body[: limits.TEXT] if secret else "",
        ),
        to=[Destination.MAIL],
        subject=message.number,
        actor=actor,
        is_sealed=secret,
        wait_seconds=wait_seconds,
    )
    return message


class MessageMissing(PermanentError):
    """A hand-off names a message that does not exist."""


def deliver(*, actor: User | None, due: Sequence[tuple[MailDue, Handoff]]) -> None:
    """Sends a waiting message by the mail server, or keeps several in the mailbox without one.

    A mail server gets one in each transaction, because a failure of the second would send the first
    again. A permanent refusal and the failure of the last attempt mark the message as failed.
    Raises `sending.ServerUnavailable` when another attempt is allowed, `NotYet` while a report that
    withdraws a message is on its way to the desk, and `MessageMissing`.
    """
    numbers = [each.message_number for each, _handoff in due]
    for unlocked in Message.objects.filter(number__in=numbers).defer("body"):
        # Not locked yet: the report that takes it back must find it.
        _check_not_withdrawn(unlocked)
    locked = Message.objects.select_for_update(of=("self",)).filter(number__in=numbers)
    messages = {message.number: message for message in locked.order_by("number")}
    done = []
    with record_in_batches():
        for each, handoff in due:
            message = messages.get(each.message_number)
            if message is None:
                raise MessageMissing(f"there is no message {each.message_number}")
            if message.state == MessageState.WAITING:
                _deliver(message, each, handoff, actor)
                done.append(message)
        update_each(done, ["state", "error", "handoff", "done_at", "message_id"])


def _deliver(message: Message, due: MailDue, handoff: Handoff, actor: User | None) -> None:
    """Sends or keeps a locked message, without storing its new state."""
    wording = Wording(due.subject or message.subject, due.body or message.body)
    message.message_id = sending.message_id(message.number, handoff.pk)
    new, error = _outcome(message, wording, handoff)
    MESSAGE_MOVES.check(MessageState(message.state), new)
    message.state, message.error = new, error[:MAX_ERROR_LENGTH]
    message.handoff, message.done_at = handoff, timezone.now()
    record(
        actor=actor,
        action="send_message" if new != MessageState.FAILED else "fail_message",
        subject_kind="message",
        subject=message.number,
        changes={"state": (MessageState.WAITING, new), "about": (None, message.reference)},
        at=message.done_at,
    )


def _outcome(message: Message, wording: Wording, handoff: Handoff) -> tuple[MessageState, str]:
    """Sends a message if there is a mail server; returns its new state and, if failed, why."""
    if not mail_is_on():
        return MessageState.FAILED, _("Mail was turned off before this message could be sent.")
    if not has_mail_server():
        if message.is_secret:
            return (
                MessageState.FAILED,
                _("There is no mail server, and the text of a secret message is kept nowhere."),
            )
        return MessageState.KEPT, ""
    try:
        sending.send(message, wording)
    except sending.Undeliverable as refusal:
        return MessageState.FAILED, str(refusal)
    except sending.ServerUnavailable as problem:
        attempt = handoff.attempts - handoff.attempts_forgiven
        if attempt < settings.MAIL_MAX_ATTEMPTS:
            raise
        return (
            MessageState.FAILED,
            _("Not sent after %(times)d attempts. %(error)s")
            % {"times": attempt, "error": problem.description},
        )
    return MessageState.SENT, ""


def _check_not_withdrawn(message: Message) -> None:
    """Raises `NotYet` while a report that withdraws the message is not applied.

    Whoever takes back what the message says locks the stream and looks at PostgreSQL's clock
    (`was_posted_within`). So this waits for one that is not committed, and none comes later. The
    stream is not locked while the message is being sent.
    """
    if not queries.withdrawals_of(message):
        return
    savepoint = transaction.savepoint()
    is_withdrawn = queries.withdrawal_is_under_way(message, locking=[Destination.FRONTDESK])
    transaction.savepoint_rollback(savepoint)  # which releases the lock
    if is_withdrawn:
        raise NotYet(f"what it says about {message.reference} is being taken back")


@transaction.atomic
def withdraw_message(*, actor: User | None, message: Message, at: datetime | None = None) -> bool:
    """Withdraws a message that has not been sent; returns False when it has gone already.

    While it is being sent just now, this waits for the outcome. Its hand-off is applied without
    sending anything.
    """
    found = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if not MESSAGE_MOVES.allows(MessageState(found.state), MessageState.WITHDRAWN):
        return False
    found.state, found.done_at = MessageState.WITHDRAWN, at or timezone.now()
    found.save(update_fields=["state", "done_at"])
    record(
        actor=actor,
        action="withdraw_message",
        subject_kind="message",
        subject=found.number,
        changes={
            "state": (MessageState.WAITING, MessageState.WITHDRAWN),
            "about": (None, found.reference),
        },
        at=found.done_at,
    )
    message.refresh_from_db()
    return True


@transaction.atomic
def withdraw_waiting(
    *, actor: User | None, reference: str, events: Collection[str], at: datetime | None = None
) -> int:
    """Withdraws the messages of some events about a record that wait; returns how many.

    A message that is being sent at the moment is left alone.
    """
    waiting = (
        Message.objects.about(reference)
        .filter(event__in=events, state=MessageState.WAITING)
        .select_for_update(of=("self",), skip_locked=True)
    )
    return sum(withdraw_message(actor=actor, message=each, at=at) for each in list(waiting))


@transaction.atomic
def resend_message(*, actor: User, message: Message, to_address: str, reason: str) -> Message:
    """Sends the text of a message again, perhaps to another address, as a new message.

    Raises `Refused` without a reason or a valid address, and `Conflict` when the message is still
    being sent or its text is not stored because it is secret.
    """
    reason, to_address = reason.strip(), to_address.strip()
    if not reason:
        raise Refused(_("Enter a reason for sending it again."), "reason")
    if len(reason) > MAX_REASON_LENGTH:
        raise Refused(
            _("Use at most %(length)d characters.") % {"length": MAX_REASON_LENGTH}, "reason"
        )
    try:
        validate_email(to_address)
    except ValidationError:
        raise Refused(
            _("Enter an e-mail address such as name@example.com."), "to_address"
        ) from None
    # Locked, so that the second of two simultaneous requests finds the first one's message.
    before = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if not can_resend(before):
        raise Conflict(
            _(
                "This message cannot be sent again, because it is still being sent or its text "
                "is not stored."
            )
        )
    if before.sent_again.filter(state=MessageState.WAITING).exists():
        raise Conflict(_("A colleague is already sending it again."))
    if not mail_is_on():
        raise Conflict(_("Mail is off, so nothing can be sent."))
    again = _post(
        Message(
            event=before.event,
            reference=before.reference,
            customer_number=before.customer_number,
            to_name=before.to_name,
            to_address=to_address,
            language=before.language,
            subject=before.subject,
            body=before.body,
            resends=before,
            resend_reason=reason,
        ),
        actor,
    )
    record(
        actor=actor,
        action="resend_message",
        subject_kind="message",
        subject=again.number,
        changes={"resends": (None, before.number), "about": (None, before.reference)},
        personal=["reason", *(["to_address"] if to_address != before.to_address else [])],
    )
    return again


def can_resend(message: Message) -> bool:
    """Returns whether a message can be sent again: it is done, and its text is stored."""
    return message.state != MessageState.WAITING and not message.is_secret


def can_withdraw(message: Message) -> bool:
    """Returns whether a message has not been sent yet. One with a link cannot be withdrawn."""
    return message.state == MessageState.WAITING and not message.is_secret


# --- the wording ------------------------------------------------------------------------------


def _lock(event: MailEvent) -> MessageEvent:
    """Returns the event's row, locked; creates it when missing."""
    MessageEvent.objects.bulk_create([MessageEvent(code=event.code)], ignore_conflicts=True)
    return MessageEvent.objects.select_for_update().get(code=event.code)


@transaction.atomic
def switch_event(*, actor: User, event: MailEvent, is_on: bool, version: int) -> MessageEvent:
    """Turns the messages of an event on or off.

    Raises `Conflict` for an event that is always on, and when `version` is not the current one.
    """
    if event.always_on:
        raise Conflict(_("This message cannot be turned off."))
    row = _lock(event)
    if row.version != version:
        raise Conflict(_("A colleague has changed this. Check it again."))
    if row.is_on == is_on:
        return row
    row.is_on = is_on
    row.version += 1
    row.save()
    record(
        actor=actor,
        action="switch_message",
        subject_kind="message_text",
        subject=event.code,
        changes={"is_on": (not is_on, is_on)},
    )
    return row


@transaction.atomic
def change_wording(
    *, actor: User, event: MailEvent, language: str, wording: Wording, version: int
) -> MessageText:
    """Sets the office's own wording of an event; `version` is the one that the form showed, 0 for
    the first wording.

    Raises `Refused` for an invalid wording, and `StaleRecord` when the wording changed since.
    """
    wanted = check(event, wording)
    return _write(actor, event, language, wanted, version, is_own=True)


@transaction.atomic
def reset_wording(*, actor: User, event: MailEvent, language: str, version: int) -> MessageText:
    """Restores the standard wording. Raises `StaleRecord` when the wording changed since."""
    return _write(actor, event, language, Wording("", ""), version, is_own=False)


def _write(
    actor: User, event: MailEvent, language: str, wanted: Wording, version: int, *, is_own: bool
) -> MessageText:
    if language not in dict(settings.TEXT_LANGUAGES):
        raise Refused(_("Choose one of the languages."), "language")
    row = _lock(event)
    text = MessageText.objects.filter(event=row, language=language).first()
    now = text.version if text else 0
    if now != version:
        shown = queries.current_wording(event, language, text)
        raise StaleRecord({"version": now, "subject": shown.subject, "body": shown.body})
    text = text or MessageText(event=row, language=language, version=0, is_own=False)
    old = queries.current_wording(event, language, text)
    text.is_own, text.subject, text.body = is_own, wanted.subject, wanted.body
    new = wanted if is_own else default_wording(event, language)
    text.version += 1
    text.save()
    record(
        actor=actor,
        action="change_wording" if is_own else "reset_wording",
        subject_kind="message_text",
        subject=event.code,
        changes={
            "language": (None, language),
            **({"subject": (old.subject, new.subject)} if old.subject != new.subject else {}),
            **({"body": (old.body, new.body)} if old.body != new.body else {}),
        },
    )
    return text
