"""Reads of hand-offs: those about one subject, filtered lists, the dead ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from officeflow.handoff.clock import OfficeClock, office_now
from officeflow.handoff.models import Destination, Handoff, HandoffState, Intervention
from officeflow.permissions import Permission
from officeflow.postgres.rows import read_rows
from officeflow.staff.models import User
from officeflow.ui.counts import LIMIT

# The columns that may be shown. Only the consumer reads the payload.
VISIBLE = (
    "id",
    "sequence",
    "destination",
    "subject",
    "contract",
    "is_sealed",
    "state",
    "is_head",
    "attempts",
    "attempts_forgiven",
    "due_at",
    "posted_at",
    "posted_by",
    "delivered_at",
    "accepted_at",
    "accepted_by",
    "returned_at",
    "last_error",
    "stream",
    "transaction_id",
)


def handoffs() -> QuerySet[Handoff]:
    """Returns all hand-offs without their payloads, newest first."""
    return Handoff.objects.only(*VISIBLE).order_by("-id")


def is_any_claimable() -> bool:
    """Returns whether a hand-off could be applied now: work of low priority waits for it."""
    waiting = Handoff.objects.filter(state=HandoffState.WAITING, is_head=True)
    return waiting.filter(Q(due_at__lte=OfficeClock()) | Q(attempts=0)).exists()


def receipts_about(subject: str, *, to: Destination | None = None) -> list[Handoff]:
    """Returns the hand-offs about one reference number, or those to one destination, oldest first.

    With who accepted them, and the transaction that applied them.
    """
    found = handoffs().filter(subject=subject)
    if to is not None:
        found = found.filter(destination=to)
    return list(
        found.select_related("accepted_by", "receipt")
        .only(
            *VISIBLE, "accepted_by__full_name", "accepted_by__username", "receipt__transaction_id"
        )
        .order_by("posted_at", "id")
    )


def find_handoff(pk: int) -> Handoff | None:
    """Returns one hand-off without its payload, or None."""
    return handoffs().filter(pk=pk).select_related("posted_by", "accepted_by").first()


def waiting_behind(handoff: Handoff) -> int:
    """Returns how many hand-offs of its stream wait for a hand-off."""
    later = Handoff.objects.filter(stream=handoff.stream_id, sequence__gt=handoff.sequence)
    return later.filter(state=HandoffState.WAITING).count()


def in_front_of(handoff: Handoff) -> Handoff | None:
    """Returns the head of the stream for which a waiting hand-off waits, or None."""
    if handoff.state != HandoffState.WAITING or handoff.is_head:
        return None
    return handoffs().filter(stream=handoff.stream_id, is_head=True).first()


def states_of(contract: str, subjects: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    """Returns the states of a contract's hand-offs, by (subject, destination)."""
    states: dict[tuple[str, str], list[str]] = {}
    rows = Handoff.objects.filter(contract=contract, subject__in=list(subjects))
    for subject, destination, state in rows.values_list("subject", "destination", "state"):
        states.setdefault((subject, destination), []).append(state)
    return states


@dataclass(frozen=True, kw_only=True)
class HandoffCriteria:
    """Which hand-offs a list shows. Empty fields do not filter.

    `start` and `end` bound the time of posting: [start, end). `error` is a part of the last error,
    whatever its case.
    """

    destination: str = ""
    state: str = ""
    contract: str = ""
    subject: str = ""
    error: str = ""
    is_accepted: bool | None = None
    start: datetime | None = None
    end: datetime | None = None

    @property
    def reveals_content(self) -> bool:
        """Whether a row that matches shows, by matching, something of what the hand-off holds."""
        return bool(self.contract or self.subject or self.error)


def filter_handoffs(criteria: HandoffCriteria, *, hidden: Sequence[str]) -> QuerySet[Handoff]:
    """Returns the hand-offs that match, without payloads, newest first.

    Hand-offs to the `hidden` destinations are left out when the criteria would reveal their
    content; else they may be listed, without their contract and subject.
    """
    rows = handoffs()
    exact: dict[str, Any] = {
        "destination": criteria.destination,
        "state": criteria.state,
        "contract": criteria.contract,
        "subject": criteria.subject,
        "posted_at__gte": criteria.start,
        "posted_at__lt": criteria.end,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if criteria.state and criteria.state != HandoffState.APPLIED:
        rows = rows.filter(delivered_at__isnull=True)  # so that the index of the few is used
    if criteria.is_accepted is not None:
        rows = rows.filter(accepted_at__isnull=not criteria.is_accepted)
    if criteria.error:
        rows = rows.filter(last_error__icontains=criteria.error)
    if criteria.reveals_content:
        rows = rows.exclude(destination__in=hidden)
    return rows


def hidden_from(user: User) -> list[str]:
    """Returns the destinations whose hand-offs a person must not see the content of."""
    return [] if user.may(Permission.VIEW_HR) else [Destination.HR.value]


def dead_handoffs() -> QuerySet[Handoff]:
    """Returns the dead hand-offs without their payloads, newest first."""
    return handoffs().filter(delivered_at__isnull=True, state=HandoffState.DEAD)


def dead_count() -> int:
    """Returns the number of dead hand-offs, at most `LIMIT`."""
    ((number,),) = read_rows(
        "SELECT count(*) FROM (SELECT FROM handoff_handoff"
        " WHERE delivered_at IS NULL AND state = 'dead' LIMIT %s) AS counted",
        [LIMIT],
    )
    return int(number)


def waiting_long() -> QuerySet[Handoff]:
    """Returns the hand-offs that have waited longer than `HANDOFF_STUCK_SECONDS`, oldest first."""
    since = office_now() - timedelta(seconds=settings.HANDOFF_STUCK_SECONDS)
    waiting = handoffs().filter(delivered_at__isnull=True, state=HandoffState.WAITING)
    return waiting.filter(posted_at__lt=since).order_by("id")


def interventions(handoff: Handoff) -> QuerySet[Intervention]:
    """Returns the replays and the discard of one hand-off, oldest first."""
    return handoff.interventions.select_related("actor").order_by("id")


def replayable(
    criteria: HandoffCriteria, *, hidden: Sequence[str], not_replayed_since: datetime | None = None
) -> QuerySet[Handoff]:
    """Returns the dead hand-offs that match, oldest first.

    With `not_replayed_since`, those that were replayed from that moment on are left out: they
    died again.
    """
    rows = _dead(criteria, hidden).order_by("id")
    if not_replayed_since is None:
        return rows
    return rows.exclude(Exists(_replays_since(not_replayed_since)))


def count_died_again(criteria: HandoffCriteria, *, hidden: Sequence[str], since: datetime) -> int:
    """Returns how many that match were replayed from a moment on and are dead again."""
    return _dead(criteria, hidden).filter(Exists(_replays_since(since))).count()


def count_replayed_by(user: User, *, since: datetime) -> int:
    """Returns how many hand-offs a person has replayed from a moment on."""
    return Intervention.objects.filter(
        actor=user, kind=Intervention.Kind.REPLAYED, at__gte=since
    ).count()


def _dead(criteria: HandoffCriteria, hidden: Sequence[str]) -> QuerySet[Handoff]:
    return filter_handoffs(replace(criteria, state=HandoffState.DEAD), hidden=hidden)


def _replays_since(since: datetime) -> QuerySet[Intervention]:
    return Intervention.objects.filter(
        handoff=OuterRef("pk"), kind=Intervention.Kind.REPLAYED, at__gte=since
    )


@dataclass(frozen=True, kw_only=True)
class DeadCount:
    """How many are dead of a contract at a destination. `contract` is empty where it is hidden."""

    destination: str
    contract: str
    count: int


def count_dead_by_contract(rows: QuerySet[Handoff], *, hidden: Sequence[str]) -> list[DeadCount]:
    """Returns the counts of `rows` by destination and contract, the largest first."""
    rows = rows.annotate(
        visible_contract=Case(When(destination__in=hidden, then=Value("")), default=F("contract"))
    )
    counted = rows.order_by().values_list("destination", "visible_contract").annotate(Count("pk"))
    counts = [DeadCount(destination=d, contract=c, count=n) for d, c, n in counted]
    return sorted(counts, key=lambda each: (-each.count, each.destination, each.contract))
