"""What people do to hand-offs: accept and return (through tickets), replay, discard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from officeflow.audit.actions import record, record_in_batches
from officeflow.errors import Conflict, Refused
from officeflow.handoff.clock import OfficeClock
from officeflow.handoff.models import Destination, Handoff, HandoffState, Intervention, Stream
from officeflow.handoff.outbox import notify_after_commit
from officeflow.handoff.queries import HandoffCriteria, hidden_from, replayable
from officeflow.staff.models import User

REASON_LENGTH = 500
REPLAY_BATCH = 100  # hand-offs replayed in one transaction


ACCEPT = """
UPDATE handoff_handoff SET accepted_at = coalesce(accepted_at, %s),
    accepted_by_id = coalesce(accepted_by_id, %s)
WHERE id = %s
"""


class NotDead(Conflict):
    """Only a dead hand-off can be replayed or discarded; perhaps a colleague was faster."""


class ReasonMissing(Refused):
    """Replaying or discarding needs a reason of at most `REASON_LENGTH` characters."""


def mark_accepted(*, handoff_id: int, actor: User, at: datetime) -> None:
    """Writes that a person took the ticket that the hand-off made. The first acceptance stays."""
    with connection.cursor() as cursor:
        cursor.execute(ACCEPT, [at, actor.pk, handoff_id])


def mark_returned(*, handoff_id: int, at: datetime) -> None:
    """Writes that the ticket was returned to the desk. The latest return stays."""
    Handoff.objects.filter(pk=handoff_id).update(returned_at=at)


@transaction.atomic
def replay(*, actor: User, handoff: Handoff, reason: str) -> None:
    """Makes a dead hand-off wait again, with all its attempts, without showing its payload.

    Of two operators at once one wins. Raises `NotDead`, `ReasonMissing`.
    """
    reason = _checked_reason(reason)
    if not _make_waiting([handoff.pk]):
        raise _not_dead(handoff)
    _record(actor, Intervention.Kind.REPLAYED, [handoff], HandoffState.WAITING, reason)
    notify_after_commit({handoff.destination})


@transaction.atomic
def replay_some(
    *,
    actor: User,
    criteria: HandoffCriteria,
    reason: str,
    since: datetime,
    limit: int = REPLAY_BATCH,
) -> int:
    """Replays up to `limit` dead hand-offs that match, oldest first; returns how many.

    Hand-offs that were replayed from `since` on, the moment at which the whole replay began, are
    passed over, because they died again. So it may be called until it returns 0, also by several
    operators at once. Raises `ReasonMissing`.
    """
    reason = _checked_reason(reason)
    rows = replayable(criteria, hidden=hidden_from(actor), not_replayed_since=since)
    chosen = list(rows.select_for_update(skip_locked=True, of=("self",))[:limit])
    if not chosen:
        return 0
    _make_waiting([handoff.pk for handoff in chosen])
    _record(actor, Intervention.Kind.REPLAYED, chosen, HandoffState.WAITING, reason)
    notify_after_commit({handoff.destination for handoff in chosen})
    return len(chosen)


def _make_waiting(ids: Sequence[int]) -> int:
    """Makes dead hand-offs wait again; returns how many were dead.

    The attempt number rises, so that an attempt from before the replay that still runs changes
    nothing.
    """
    return Handoff.objects.filter(pk__in=ids, state=HandoffState.DEAD).update(
        state=HandoffState.WAITING,
        attempts=F("attempts") + 1,
        attempts_forgiven=F("attempts") + 1,
        due_at=OfficeClock(),
        left_at=None,
    )


@transaction.atomic
def discard(*, actor: User, handoff: Handoff, reason: str) -> None:
    """Gives a dead hand-off up for good, so that its stream goes on without it.

    A sealed payload is kept, because discarding a complaint must not destroy it. Of two operators
    at once one wins. Raises `NotDead`, `ReasonMissing`.
    """
    reason = _checked_reason(reason)
    # The stream before its hand-off, in the order in which an apply locks them.
    Stream.objects.select_for_update().get(pk=handoff.stream_id)
    won = Handoff.objects.filter(pk=handoff.pk, state=HandoffState.DEAD).update(
        state=HandoffState.DISCARDED, is_head=False
    )
    if not won:
        raise _not_dead(handoff)
    _advance_head(handoff)
    _record(actor, Intervention.Kind.DISCARDED, [handoff], HandoffState.DISCARDED, reason)
    notify_after_commit({handoff.destination})


def _advance_head(handoff: Handoff) -> None:
    """Moves the stream's head past the hand-off, so that the next one may be claimed."""
    Stream.objects.filter(pk=handoff.stream_id, head=handoff.sequence).update(head=F("head") + 1)
    Handoff.objects.filter(
        stream_id=handoff.stream_id, sequence=handoff.sequence + 1, state=HandoffState.WAITING
    ).update(is_head=True)


def _checked_reason(reason: str) -> str:
    """Returns the reason without white space around it. Raises `ReasonMissing`."""
    reason = reason.strip()
    if not reason:
        raise ReasonMissing(_("Enter a reason, so that colleagues can follow it later."), "reason")
    if len(reason) > REASON_LENGTH:
        raise ReasonMissing(
            _("Use at most %(length)d characters.") % {"length": REASON_LENGTH}, "reason"
        )
    return reason


def _not_dead(handoff: Handoff) -> NotDead:
    """Returns the error that names the operator who was faster, if any."""
    latest = handoff.interventions.select_related("actor").order_by("-id").first()
    if latest is None:
        return NotDead(_("This hand-off is not dead. There is nothing to do."))
    words = {"name": latest.actor.full_name}
    if latest.kind == Intervention.Kind.REPLAYED:
        return NotDead(_("%(name)s has already replayed it.") % words)
    return NotDead(_("%(name)s has already discarded it.") % words)


def _record(
    actor: User,
    kind: Intervention.Kind,
    handoffs: Sequence[Handoff],
    state: HandoffState,
    reason: str,
) -> None:
    """Writes an intervention with the reason, and an audit entry without it, for each hand-off.

    The subjects of hand-offs to HR stay out of the audit trail, which others than HR read.
    """
    Intervention.objects.bulk_create(
        Intervention(handoff=handoff, kind=kind, actor=actor, reason=reason, at=OfficeClock())
        for handoff in handoffs
    )
    action = "replay_handoff" if kind == Intervention.Kind.REPLAYED else "discard_handoff"
    with record_in_batches():
        for handoff in handoffs:
            changes: dict[str, tuple[object, object]] = {"state": (HandoffState.DEAD, state)}
            if handoff.destination != Destination.HR:
                changes["about"] = (None, handoff.subject)
            record(
                actor=actor,
                action=action,
                subject_kind="handoff",
                subject=str(handoff.pk),
                changes=changes,
                personal=["reason"],
            )
