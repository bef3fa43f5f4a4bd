"""The consistency check: finds hand-offs and effects that contradict each other.

The count of hand-offs (posted = applied + waiting + dead + discarded) is one half of the check.
The other half: every order has one ticket in fulfilment, one invoice and one commission, and
every complaint one ticket in its department, once the hand-off that creates it is applied. An order
that was imported as done has none of them. Beside it, every open ticket's assignee may work on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.accounting import reports as accounting
from backoffice.hr import reports as hr
from backoffice.tickets import reports as tickets
from frontdesk import reports as frontdesk
from officeflow.dashboards.visibility import is_hidden
from officeflow.handoff import equation, queries
from officeflow.handoff.models import Destination, HandoffState
from officeflow.staff.models import User

BATCH_SIZE = 2000
MAX_LISTED = 200
RECENT = timedelta(days=2)
CACHE_SECONDS = 30
ORDER_DESTINATIONS = (Destination.FULFILMENT, Destination.ACCOUNTING, Destination.HR)


@dataclass(frozen=True, kw_only=True)
class Inconsistency:
    """One contradiction. `subject` is empty for readers who may not see it."""

    destination: Destination
    subject: str
    problem: str


def handoff_inconsistencies() -> Iterator[Inconsistency]:
    """Contradictions between streams, hand-offs and receipts."""
    for stream in equation.unbalanced_streams()[:MAX_LISTED]:
        yield Inconsistency(
            destination=Destination(stream.destination),
            subject=stream.subject,
            problem=_("%(posted)d were posted but %(rows)d exist.")
            % {"posted": stream.posted, "rows": stream.rows},  # type: ignore[attr-defined]
        )
    for handoff in equation.applied_without_receipt()[:MAX_LISTED]:
        yield Inconsistency(
            destination=Destination(handoff.destination),
            subject=handoff.subject,
            problem=_("Hand-off %(id)d is marked as applied but has no receipt.")
            % {"id": handoff.pk},
        )
    receipts = equation.receipts_without_application().select_related("handoff")
    for receipt in receipts.defer("handoff__payload")[:MAX_LISTED]:
        yield Inconsistency(
            destination=Destination(receipt.handoff.destination),
            subject=receipt.handoff.subject,
            problem=_("Hand-off %(id)d has a receipt but is not marked as applied.")
            % {"id": receipt.handoff_id},
        )
    for destination, told, theirs in equation.wrong_checkpoints():
        yield Inconsistency(
            destination=Destination(destination),
            subject="",
            problem=_("The counter says %(told)d, but the streams add up to %(theirs)d.")
            % {"told": told, "theirs": theirs},
        )


def stranded_tickets() -> Iterator[Inconsistency]:
    """Open tickets whose assignee may not work on them.

    The sweeper moves those whose assignee's role ended by the clock within seconds.
    """
    for number, department in tickets.stranded_tickets(MAX_LISTED):
        yield Inconsistency(
            destination=Destination(department.value),
            subject=number,
            problem=_("The ticket’s assignee may not work on it."),
        )


def effect_inconsistencies(*, changed_since: datetime | None = None) -> list[Inconsistency]:
    """Orders and complaints without exactly one effect at each destination that they concern.

    Checks the orders that changed since a moment, or all of them. Complaints are few: all of
    them are checked.
    """
    found: list[Inconsistency] = []
    for numbers in _chunks(frontdesk.order_numbers(changed_since=changed_since)):
        found += _confirmed(numbers, _check_orders)
    for numbers in _chunks(frontdesk.order_numbers(changed_since=changed_since, is_past=True)):
        found += _confirmed(numbers, _check_past_orders)
    complaints = frontdesk.complaint_numbers_by_destination()
    for destination in Destination:
        for numbers in _chunks(complaints.get(destination, set())):
            found += _confirmed(numbers, partial(_check_complaints, destination=destination))
    return found


def count_recent_effect_inconsistencies() -> int:
    """The number of inconsistent effects of the last two days, cached for 30 seconds."""
    count: int | None = cache.get("dashboards.effect_inconsistencies")
    if count is None:
        count = len(effect_inconsistencies(changed_since=timezone.now() - RECENT))
        cache.set("dashboards.effect_inconsistencies", count, CACHE_SECONDS)
    return count


def visible_inconsistencies(
    user: User, inconsistencies: Iterable[Inconsistency]
) -> list[Inconsistency]:
    """The inconsistencies that a person may see; those of HR as a number only."""
    shown, hidden = [], 0
    for each in inconsistencies:
        if is_hidden(each.destination, user):
            hidden += 1
        else:
            shown.append(each)
    if hidden:
        problem = ngettext(
            "%(count)d hand-off is inconsistent.",
            "%(count)d hand-offs are inconsistent.",
            hidden,
        )
        shown.append(
            Inconsistency(
                destination=Destination.HR, subject="", problem=problem % {"count": hidden}
            )
        )
    return shown


def _chunks(numbers: set[str]) -> Iterator[list[str]]:
    ordered = iter(sorted(numbers))
    while chunk := list(islice(ordered, BATCH_SIZE)):
        yield chunk


def _confirmed(
    numbers: list[str], find: Callable[[list[str]], Iterable[Inconsistency]]
) -> list[Inconsistency]:
    # Effects and hand-offs are read one after the other: one that is applied in between looks
    # inconsistent the first time, so only what is found twice counts.
    suspects = {each.subject for each in find(numbers)}
    return list(find(sorted(suspects))) if suspects else []


def _check_orders(numbers: list[str]) -> Iterator[Inconsistency]:
    states = queries.states_of("OrderPlaced", numbers)
    effects: dict[Destination, Mapping[str, int]] = {
        Destination.FULFILMENT: tickets.order_ticket_counts(numbers),
        Destination.ACCOUNTING: accounting.count_invoices(numbers),
        Destination.HR: hr.count_commissions(numbers),
    }
    for number in numbers:
        for destination in ORDER_DESTINATIONS:
            yield from _check_effects(
                number,
                destination,
                states.get((number, destination), []),
                effects[destination].get(number, 0),
            )


def _check_past_orders(numbers: list[str]) -> Iterator[Inconsistency]:
    """An order that was done before it was imported has no hand-off, and so no effect."""
    states = queries.states_of("OrderPlaced", numbers)
    for (number, destination), found in states.items():
        if found:
            yield Inconsistency(
                destination=Destination(destination),
                subject=number,
                problem=_("It was imported as done, but was handed over."),
            )


def _check_complaints(numbers: list[str], destination: Destination) -> Iterator[Inconsistency]:
    states = queries.states_of("ComplaintRaised", numbers)
    made = tickets.complaint_ticket_counts(numbers)
    cases = hr.count_cases(numbers) if destination == Destination.HR else {}
    for number in numbers:
        effects = made.get((number, destination), 0)
        if destination == Destination.HR and effects == 1:
            effects = cases.get(number, 0)
        yield from _check_effects(
            number, destination, states.get((number, destination), []), effects
        )


def _check_effects(
    number: str, destination: Destination, states: list[str], effects: int
) -> Iterator[Inconsistency]:
    """Checks one subject at one destination: one hand-off, and one effect once it is applied."""
    problem = ""
    if len(states) != 1:
        problem = ngettext(
            "It was handed over %(count)d time instead of once.",
            "It was handed over %(count)d times instead of once.",
            len(states),
        ) % {"count": len(states)}
    elif states[0] == HandoffState.APPLIED and effects != 1:
        problem = ngettext(
            "It was applied and has %(count)d effect instead of one.",
            "It was applied and has %(count)d effects instead of one.",
            effects,
        ) % {"count": effects}
    elif states[0] != HandoffState.APPLIED and effects:
        problem = _("It has an effect but was not applied.")
    if problem:
        yield Inconsistency(destination=destination, subject=number, problem=problem)
