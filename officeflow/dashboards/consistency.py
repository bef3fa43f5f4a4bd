"""What breaks the nothing-lost equation: named, so that somebody can mend it.

The corridor's own count (posted = applied + waiting + dead + set aside) is one half. The other:
every order has one ticket in fulfilment, one invoice and one commission, and every complaint one
ticket in its department, once the hand-off that should make it says that it was applied.
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
from officeflow.handoff import queries
from officeflow.handoff.models import Destination, HandoffState
from officeflow.staff.models import User

AT_A_TIME = 2000
LONGEST_LIST = 200
RECENT = timedelta(days=2)
REMEMBERED_SECONDS = 30
ORDER_DESTINATIONS = (Destination.FULFILMENT, Destination.ACCOUNTING, Destination.HR)


@dataclass(frozen=True, kw_only=True)
class Break:
    """One thing that does not come out. `subject` is empty where the reader may not know it."""

    destination: Destination
    subject: str
    what: str


def corridor_breaks() -> Iterator[Break]:
    """Streams and receipts that contradict each other."""
    for stream in queries.unbalanced_streams()[:LONGEST_LIST]:
        yield Break(
            destination=Destination(stream.destination),
            subject=stream.subject,
            what=_("%(posted)d were posted and %(rows)d are there.")
            % {"posted": stream.posted, "rows": stream.rows},  # type: ignore[attr-defined]
        )
    for handoff in queries.applied_without_receipt()[:LONGEST_LIST]:
        yield Break(
            destination=Destination(handoff.destination),
            subject=handoff.subject,
            what=_("Hand-off %(id)d says it was applied, but no receipt does.")
            % {"id": handoff.pk},
        )
    receipts = queries.receipts_without_application().select_related("handoff")
    for receipt in receipts.defer("handoff__payload")[:LONGEST_LIST]:
        yield Break(
            destination=Destination(receipt.handoff.destination),
            subject=receipt.handoff.subject,
            what=_("Hand-off %(id)d has a receipt, but does not say it was applied.")
            % {"id": receipt.handoff_id},
        )
    for destination, told, theirs in queries.wrong_tallies():
        yield Break(
            destination=Destination(destination),
            subject="",
            what=_("%(told)d are in the tally, and by the streams it should be %(theirs)d.")
            % {"told": told, "theirs": theirs},
        )


def effect_breaks(*, changed_since: datetime | None = None) -> list[Break]:
    """Orders and complaints without exactly one effect in each destination that they concern.

    Looks at those that changed since a moment, or at all of them. Complaints are few and are
    all looked at.
    """
    found: list[Break] = []
    for numbers in _chunks(frontdesk.order_numbers(changed_since=changed_since)):
        found += _certain(numbers, _order_breaks)
    complaints = frontdesk.complaint_numbers_by_destination()
    for destination in Destination:
        for numbers in _chunks(complaints.get(destination, set())):
            found += _certain(numbers, partial(_complaint_breaks, destination=destination))
    return found


def count_recent_effect_breaks() -> int:
    """How many there are among what changed in the last two days; counted twice a minute."""
    count: int | None = cache.get("dashboards.effect_breaks")
    if count is None:
        count = len(effect_breaks(changed_since=timezone.now() - RECENT))
        cache.set("dashboards.effect_breaks", count, REMEMBERED_SECONDS)
    return count


def shown_to(user: User, breaks: Iterable[Break]) -> list[Break]:
    """The breaks as one person may see them: of HR's only how many there are."""
    shown, hidden = [], 0
    for each in breaks:
        if is_hidden(each.destination, user):
            hidden += 1
        else:
            shown.append(each)
    if hidden:
        what = ngettext(
            "%(count)d hand-off does not come out.",
            "%(count)d hand-offs do not come out.",
            hidden,
        )
        shown.append(Break(destination=Destination.HR, subject="", what=what % {"count": hidden}))
    return shown


def _chunks(numbers: set[str]) -> Iterator[list[str]]:
    ordered = iter(sorted(numbers))
    while chunk := list(islice(ordered, AT_A_TIME)):
        yield chunk


def _certain(numbers: list[str], find: Callable[[list[str]], Iterable[Break]]) -> list[Break]:
    """What is found twice: effects and hand-offs are read one after the other, and one that is
    applied in between looks broken the first time.
    """
    suspects = {each.subject for each in find(numbers)}
    return list(find(sorted(suspects))) if suspects else []


def _order_breaks(numbers: list[str]) -> Iterator[Break]:
    states = queries.states_of("OrderPlaced", numbers)
    effects: dict[Destination, Mapping[str, int]] = {
        Destination.FULFILMENT: tickets.order_ticket_counts(numbers),
        Destination.ACCOUNTING: accounting.invoices_of(numbers),
        Destination.HR: hr.commissions_of(numbers),
    }
    for number in numbers:
        for destination in ORDER_DESTINATIONS:
            yield from _judge(
                number,
                destination,
                states.get((number, destination), []),
                effects[destination].get(number, 0),
            )


def _complaint_breaks(numbers: list[str], destination: Destination) -> Iterator[Break]:
    states = queries.states_of("ComplaintRaised", numbers)
    made = tickets.complaint_ticket_counts(numbers)
    cases = hr.cases_of(numbers) if destination == Destination.HR else {}
    for number in numbers:
        effects = made.get((number, destination), 0)
        if destination == Destination.HR and effects == 1:
            effects = cases.get(number, 0)
        yield from _judge(number, destination, states.get((number, destination), []), effects)


def _judge(
    number: str, destination: Destination, states: list[str], effects: int
) -> Iterator[Break]:
    """One subject at one destination: one hand-off, and one effect once it is applied."""
    what = ""
    if len(states) != 1:
        what = ngettext(
            "It was handed over %(count)d time instead of once.",
            "It was handed over %(count)d times instead of once.",
            len(states),
        ) % {"count": len(states)}
    elif states[0] == HandoffState.APPLIED and effects != 1:
        what = ngettext(
            "It was applied and has %(count)d effect instead of one.",
            "It was applied and has %(count)d effects instead of one.",
            effects,
        ) % {"count": effects}
    elif states[0] != HandoffState.APPLIED and effects:
        what = _("It has an effect without having been applied.")
    if what:
        yield Break(destination=destination, subject=number, what=what)
