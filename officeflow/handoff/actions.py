"""What people do to hand-offs: accept, return, replay, set aside."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now

from officeflow.audit.actions import record
from officeflow.handoff.models import Handoff, HandoffState, Stream
from officeflow.handoff.outbox import nudge_after_commit
from officeflow.handoff.relay import advance
from officeflow.staff.models import User


class NotDead(Exception):
    """Only a dead hand-off can be replayed or set aside; somebody else was faster."""


class ReasonMissing(Exception):
    """Setting a hand-off aside or replaying it needs a reason."""


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
    won = Handoff.objects.filter(pk=handoff.pk, state=HandoffState.DEAD).update(
        state=HandoffState.WAITING, attempts_forgiven=F("attempts"), due_at=Now()
    )
    if not won:
        raise NotDead
    _audit(actor, "replay_handoff", handoff, HandoffState.WAITING, reason)
    nudge_after_commit({handoff.destination})


@transaction.atomic
def set_aside(*, actor: User, handoff: Handoff, reason: str) -> None:
    """Gives a dead hand-off up for good, so that its stream goes on without it.

    Raises `NotDead`, `ReasonMissing`.
    """
    reason = _reason(reason)
    Stream.objects.select_for_update().get(pk=handoff.stream_id)
    won = Handoff.objects.filter(pk=handoff.pk, state=HandoffState.DEAD).update(
        state=HandoffState.SET_ASIDE, is_head=False
    )
    if not won:
        raise NotDead
    advance(handoff.stream_id, handoff.sequence)
    _audit(actor, "set_handoff_aside", handoff, HandoffState.SET_ASIDE, reason)
    nudge_after_commit({handoff.destination})


def _reason(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    return reason


def _audit(actor: User, action: str, handoff: Handoff, new: HandoffState, reason: str) -> None:
    record(
        actor=actor,
        action=action,
        subject_kind="handoff",
        subject=str(handoff.pk),
        changes={
            "state": (HandoffState.DEAD, new),
            "reason": (None, reason),
            "about": (None, handoff.subject),
        },
    )
