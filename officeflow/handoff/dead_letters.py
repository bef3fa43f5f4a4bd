"""The dead hand-offs: which there are, and which of them are still to be sent again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Case, Count, Exists, F, OuterRef, QuerySet, Value, When

from officeflow.handoff.models import Destination, Handoff, HandoffState, Intervention
from officeflow.handoff.statistics import Asked, handoffs_asked
from officeflow.permissions import Permission
from officeflow.staff.models import User


def hidden_from(user: User) -> list[str]:
    """The destinations whose hand-offs are nobody's business but their own."""
    return [] if user.may(Permission.VIEW_HR) else [Destination.HR.value]


def replayable(
    asked: Asked, *, hidden: Sequence[str], since: datetime | None = None
) -> QuerySet[Handoff]:
    """The dead ones that are asked for, oldest first.

    With `since`, those that nobody has sent again from then on: what died once more is not in it.
    """
    rows = handoffs_asked(replace(asked, state=HandoffState.DEAD), hidden=hidden).order_by("id")
    return rows if since is None else rows.exclude(Exists(_sent_again(since)))


def died_again(asked: Asked, *, hidden: Sequence[str], since: datetime) -> int:
    """How many of those asked for were sent again from a moment on and are dead once more."""
    rows = handoffs_asked(replace(asked, state=HandoffState.DEAD), hidden=hidden)
    return rows.filter(Exists(_sent_again(since))).count()


def sent_again_by(user: User, *, since: datetime) -> int:
    """How many a person has sent again from a moment on."""
    return Intervention.objects.filter(
        actor=user, kind=Intervention.Kind.REPLAYED, at__gte=since
    ).count()


def _sent_again(since: datetime) -> QuerySet[Intervention]:
    return Intervention.objects.filter(
        handoff=OuterRef("pk"), kind=Intervention.Kind.REPLAYED, at__gte=since
    )


@dataclass(frozen=True, kw_only=True)
class DeadKind:
    """Dead ones of a contract at a destination. `contract` is empty where it is not told."""

    destination: str
    contract: str
    count: int


def dead_kinds(rows: QuerySet[Handoff], *, hidden: Sequence[str]) -> list[DeadKind]:
    """What kinds there are among dead ones, the most frequent first."""
    told = rows.annotate(
        told=Case(When(destination__in=hidden, then=Value("")), default=F("contract"))
    )
    counted = told.order_by().values_list("destination", "told").annotate(Count("pk"))
    kinds = [DeadKind(destination=d, contract=c, count=n) for d, c, n in counted]
    return sorted(kinds, key=lambda kind: (-kind.count, kind.destination, kind.contract))
