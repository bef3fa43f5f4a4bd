"""What people do to hand-offs: accept, return, replay, discarded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from officeflow.audit.actions import record, record_in_batches
from officeflow.errors import Conflict, Refused
from officeflow.handoff.apply import advance
from officeflow.handoff.clock import OfficeClock
from officeflow.handoff.dead_letters import hidden_from, replayable
from officeflow.handoff.models import Destination, Handoff, HandoffState, Intervention, Stream
from officeflow.handoff.outbox import notify_after_commit
from officeflow.handoff.statistics import Asked
from officeflow.staff.models import User

REASON_LENGTH = 500
AT_A_TIME = 100  # sent again in one transaction


class NotDead(Conflict):
    """Only a dead hand-off can be replayed or discarded; perhaps a colleague was faster."""


class ReasonMissing(Refused):
    """Discarding a hand-off or replaying it needs a reason, of a length that can be read."""


def mark_accepted(*, handoff_id: int, actor: User, at: datetime) -> None:
    """Somebody took the ticket that this hand-off made. The first acceptance stays."""
    Handoff.objects.filter(pk=handoff_id).update(
        accepted_at=Coalesce(F("accepted_at"), at),
        accepted_by_id=Coalesce(F("accepted_by_id"), actor.pk),
    )


def mark_returned(*, handoff_id: int, at: datetime) -> None:
    """The ticket was returned to the desk; the latest return is shown."""
    Handoff.objects.filter(pk=handoff_id).update(returned_at=at)


@transaction.atomic
def replay(*, actor: User, handoff: Handoff, reason: str) -> None:
    """Sends a dead hand-off again with a fresh count of attempts, unseen.

    Of two operators at once one wins. Raises `NotDead`, `ReasonMissing`.
    """
    reason = _reason(reason)
    if not _send_again([handoff.pk]):
        raise _not_dead(handoff)
    _write_down(actor, Intervention.Kind.REPLAYED, [handoff], HandoffState.WAITING, reason)
    notify_after_commit({handoff.destination})


@transaction.atomic
def replay_some(
    *, actor: User, asked: Asked, reason: str, since: datetime, most: int = AT_A_TIME
) -> int:
    """Sends up to `most` of the dead ones that are asked for again, oldest first; says how many.

    Those that somebody has sent again since a moment, the beginning of it all, are left as they
    are: what is dead once more needs another look. So it may be called again and again, by several
    at once, until it says 0. Raises `ReasonMissing`.
    """
    reason = _reason(reason)
    rows = replayable(asked, hidden=hidden_from(actor), since=since)
    chosen = list(rows.select_for_update(skip_locked=True, of=("self",))[:most])
    if not chosen:
        return 0
    _send_again([handoff.pk for handoff in chosen])
    _write_down(actor, Intervention.Kind.REPLAYED, chosen, HandoffState.WAITING, reason)
    notify_after_commit({handoff.destination for handoff in chosen})
    return len(chosen)


def _send_again(keys: Sequence[int]) -> int:
    """The attempt's number moves on too, so that an attempt still on its way from before the
    replay cannot write over what comes after it.
    """
    return Handoff.objects.filter(pk__in=keys, state=HandoffState.DEAD).update(
        state=HandoffState.WAITING,
        attempts=F("attempts") + 1,
        attempts_forgiven=F("attempts") + 1,
        due_at=OfficeClock(),
        left_at=None,
    )


@transaction.atomic
def discard(*, actor: User, handoff: Handoff, reason: str) -> None:
    """Gives a dead hand-off up for good, so that its stream goes on without it.

    A sealed payload stays sealed where it is: discarding a complaint must not destroy it.
    Of two operators at once one wins. Raises `NotDead`, `ReasonMissing`.
    """
    reason = _reason(reason)
    # The stream before its hand-off, in the order in which an apply locks them.
    Stream.objects.select_for_update().get(pk=handoff.stream_id)
    won = Handoff.objects.filter(pk=handoff.pk, state=HandoffState.DEAD).update(
        state=HandoffState.DISCARDED, is_head=False
    )
    if not won:
        raise _not_dead(handoff)
    advance(handoff.stream_id, handoff.sequence)
    _write_down(actor, Intervention.Kind.DISCARDED, [handoff], HandoffState.DISCARDED, reason)
    notify_after_commit({handoff.destination})


def _reason(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise ReasonMissing(_("Enter a reason, so that colleagues can follow it later."), "reason")
    if len(reason) > REASON_LENGTH:
        raise ReasonMissing(
            _("Use at most %(length)d characters.") % {"length": REASON_LENGTH}, "reason"
        )
    return reason


def _not_dead(handoff: Handoff) -> NotDead:
    """Says who was faster, or in which state the hand-off is."""
    latest = handoff.interventions.select_related("actor").order_by("-id").first()
    if latest is None:
        return NotDead(_("This hand-off is not dead. There is nothing to do."))
    words = {"name": latest.actor.full_name}
    if latest.kind == Intervention.Kind.REPLAYED:
        return NotDead(_("%(name)s has already replayed it.") % words)
    return NotDead(_("%(name)s has already discarded it.") % words)


def _write_down(
    actor: User,
    kind: Intervention.Kind,
    handoffs: Sequence[Handoff],
    new: HandoffState,
    reason: str,
) -> None:
    """Keeps the reason with each hand-off; the trail names only that one was given.

    What a hand-off to HR is about stays out of the trail, which more people read than HR.
    """
    Intervention.objects.bulk_create(
        Intervention(handoff=handoff, kind=kind, actor=actor, reason=reason, at=OfficeClock())
        for handoff in handoffs
    )
    with record_in_batches():
        for handoff in handoffs:
            changes: dict[str, tuple[object, object]] = {"state": (HandoffState.DEAD, new)}
            if handoff.destination != Destination.HR:
                changes["about"] = (None, handoff.subject)
            record(
                actor=actor,
                action="replay_handoff"
                if kind == Intervention.Kind.REPLAYED
                else "discard_handoff",
                subject_kind="handoff",
                subject=str(handoff.pk),
                changes=changes,
                personal=["reason"],
            )
