"""Which tickets a queue shows and in which order, as its address says.

    /office/queue/fulfilment/?tab=all&late=1&who=nobody&kind=complaint&text=nora&sort=due

Whatever the address says that has no meaning is passed over: an old link still opens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q

from backoffice.tickets.models import Exchange, late
from backoffice.tickets.states import (
    IN_WORK_STATES,
    OPEN_STATES,
    Priority,
    TicketKind,
    TicketState,
)
from officeflow.company.queries import day_bounds, get_office
from officeflow.staff.models import User
from officeflow.text import name_key

TABS = ("waiting", "mine", "in_work", "held", "returned", "done", "all")
STATES = ("open", "closed", *TicketState.values)
AGES = (1, 3, 7, 30)  # days
TEXT_LENGTH = 100

# The fields of a sort, the last of them unique.
SORTS: dict[str, tuple[str, ...]] = {
    "next": ("rank", "due_at", "id"),
    "due": ("due_at", "id"),
    "new": ("-created_at", "-id"),
    "old": ("created_at", "id"),
    "customer": ("customer_name", "due_at", "id"),
    "finished": ("-closed_at", "-id"),
}


@dataclass(frozen=True, kw_only=True)
class QueueFilter:
    """What an address asks of a queue; empty values ask for nothing.

    `who` is "me", "nobody" or a user name; `age` how many days ago at least it came in; `since`
    and `until` the days, both included, on which it came in; `reason` the code of one for which
    it was returned.
    """

    tab: str = "waiting"
    state: str = ""
    who: str = ""
    priority: str = ""
    kind: str = ""
    late: bool = False
    text: str = ""
    age: int = 0
    since: date | None = None
    until: date | None = None
    reason: str = ""
    sort: str = ""

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> QueueFilter:
        """From an address's query."""

        def word(name: str) -> str:
            return str(query.get(name, "")).strip()[:TEXT_LENGTH]

        def one_of(name: str, values: Any) -> str:
            value = word(name)
            return value if value in values else ""

        state = one_of("state", STATES)
        age = word("age")
        return cls(
            # A link that names a state means all the tickets in it.
            tab=one_of("tab", TABS) or ("all" if state else TABS[0]),
            state=state,
            who=word("who"),
            priority=one_of("priority", Priority.values),
            kind=one_of("kind", TicketKind.values),
            late=word("late") == "1",
            text=word("text"),
            age=int(age) if age.isascii() and age.isdigit() and int(age) in AGES else 0,
            since=_day(word("from")),
            until=_day(word("to")),
            reason=word("reason"),
            sort=one_of("sort", SORTS),
        )

    def query(self, **changes: Any) -> str:
        """As an address says it, with some of it changed; what asks for nothing is left out."""
        wanted = replace(self, **changes) if changes else self
        names = {"since": "from", "until": "to"}
        values = {
            names.get(field.name, field.name): _written(getattr(wanted, field.name))
            for field in fields(wanted)
        }
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def narrowed(self) -> bool:
        """Whether it asks for more than a tab."""
        plain = QueueFilter(tab=self.tab, sort=self.sort)
        return self != plain

    @property
    def order(self) -> tuple[str, ...]:
        """The fields that the tickets are sorted by."""
        usual = {"done": "finished", "all": "new"}.get(self.tab, "next")
        # What is not finished has no time at which it was.
        if self.sort == "finished" and self.tab != "done":
            return SORTS[usual]
        return SORTS[self.sort or usual]

    def condition(self, user: User, now: datetime) -> Q:
        """What a ticket must be, for the person who asks."""
        found = tab_condition(self.tab, user)
        if self.state:
            found &= _state_condition(self.state)
        if self.who == "me":
            found &= Q(assignee=user)
        elif self.who == "nobody":
            found &= Q(assignee__isnull=True)
        elif self.who:
            found &= Q(assignee__username=self.who)
        if self.priority:
            found &= Q(priority=self.priority)
        if self.kind:
            found &= Q(kind=self.kind)
        if self.late:
            found &= late(now)
        if self.text:
            found &= _about(self.text)
        if self.reason:
            found &= Q(pk__in=Exchange.objects.filter(reason=self.reason).values("ticket_id"))
        return found & self._came_in(now)

    def _came_in(self, now: datetime) -> Q:
        found = Q()
        if self.age:
            found &= Q(created_at__lte=now - timedelta(days=self.age))
        if self.since or self.until:
            office = get_office()
            if self.since:
                found &= Q(created_at__gte=day_bounds(self.since, office)[0])
            if self.until:
                found &= Q(created_at__lt=day_bounds(self.until, office)[1])
        return found


def tab_condition(tab: str, user: User) -> Q:
    """What a tab holds; `mine` is what the person has in hand, on hold or in question."""
    if tab == "mine":
        return Q(state__in=[*IN_WORK_STATES, TicketState.RETURNED], assignee=user)
    if tab == "in_work":
        return Q(state=TicketState.TAKEN)
    if tab == "held":
        return Q(state=TicketState.HELD)
    if tab == "returned":
        return Q(state=TicketState.RETURNED)
    if tab == "done":
        return Q(closed_at__isnull=False)
    if tab == "all":
        return Q()
    return Q(state=TicketState.WAITING)


def _state_condition(state: str) -> Q:
    if state == "open":
        return Q(state__in=OPEN_STATES)
    if state == "closed":
        return Q(closed_at__isnull=False)
    return Q(state=state)


def _about(text: str) -> Q:
    """Every word stands in the customer's name or the title, whatever its accents; one with a
    digit in it may also be (part of) the ticket's, the subject's or the customer's number."""
    found = Q()
    for word in text.split():
        here = Q(search_key__contains=name_key(word))
        if any(sign.isdigit() for sign in word):
            here |= (
                Q(number__icontains=word)
                | Q(subject__icontains=word)
                | Q(customer_number__icontains=word)
            )
        found &= here
    return found


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None


def _written(value: Any) -> str:
    if value is True:
        return "1"
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if value else ""
