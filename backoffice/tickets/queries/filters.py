"""The filters of a department's queue and of the API.

/office/queue/fulfilment/?tab=all&late=1&assignee=nobody&kind=complaint&text=nora&sort=due
/api/v1/tickets/?department=fulfilment&late=true&assignee=nobody
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, DateFilter, Filter, FilterSet
from django_filters.widgets import BooleanWidget

from backoffice.tickets.models import Ticket, TicketQuestion, late
from backoffice.tickets.states import (
    IN_WORK_STATES,
    OPEN_STATES,
    Priority,
    TicketKind,
    TicketState,
)
from officeflow.company.queries import day_bounds, get_office
from officeflow.permissions import Department
from officeflow.staff.models import User
from officeflow.text import MOST_WORDS, name_key

Rows = QuerySet[Ticket]

TABS = ("waiting", "mine", "in_work", "held", "returned", "done", "all")
STATES = [("open", _("Not finished")), ("closed", _("Finished")), *TicketState.choices]
AGES = [
    ("1", _("Over a day ago")),
    ("3", _("Over 3 days ago")),
    ("7", _("Over a week ago")),
    ("30", _("Over 30 days ago")),
]
TEXT_LENGTH = 100
DATES = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2199, 12, 31))]

# The fields of an order, the last of them unique.
ORDERS: dict[str, tuple[str, ...]] = {
    # `promised_rank` is an annotation of `with_promised_rank`.
    "next": ("rank", "promised_rank", "due_at", "id"),
    "due": ("due_at", "id"),
    "new": ("-created_at", "-id"),
    "old": ("created_at", "id"),
    "customer": ("customer_name", "due_at", "id"),
    "finished": ("-closed_at", "-id"),
}
ORDER_WORDS = {
    "next": _("Urgent tickets come first, then what is promised for today, then by due time."),
    "due": _("Sorted by due time."),
    "new": _("The newest tickets come first."),
    "old": _("The oldest tickets come first."),
    "customer": _("Sorted by customer."),
    "finished": _("The tickets that were finished last come first."),
}
SORTS = [
    ("due", _("By due time")),
    ("new", _("Newest first")),
    ("old", _("Oldest first")),
    ("customer", _("By customer")),
]


class TicketFilter(FilterSet):
    """The filters that the queue and the API share; an empty one does not filter.

    `assignee` is "me", "nobody" or a user name; `age` is the least number of days since the ticket
    was opened; `since` and `until` are the first and the last day on which it was opened, in the
    office's time zone; `reason` is the code of a return reason.
    """

    department = ChoiceFilter(choices=Department.choices)
    text = CharFilter(
        label=_("Customer, subject or number"), method="filter_text", max_length=TEXT_LENGTH
    )
    subject = CharFilter(max_length=TEXT_LENGTH)
    assignee = CharFilter(label=_("Assigned to"), method="filter_assignee", max_length=TEXT_LENGTH)
    priority = ChoiceFilter(label=_("Priority"), choices=Priority.choices, empty_label=_("Any"))
    kind = ChoiceFilter(label=_("Kind"), choices=TicketKind.choices, empty_label=_("Any"))
    state = ChoiceFilter(
        label=_("State"), choices=STATES, empty_label=_("Any"), method="filter_state"
    )
    age = ChoiceFilter(
        label=_("Received"), choices=AGES, empty_label=_("Any time"), method="filter_age"
    )
    since = DateFilter(method="filter_since", validators=DATES)
    until = DateFilter(method="filter_until", validators=DATES)
    reason = CharFilter(method="filter_reason", max_length=TEXT_LENGTH)
    late = BooleanFilter(label=_("Late only"), method="filter_late", widget=BooleanWidget)

    class Meta:
        model = Ticket
        fields: list[str] = []

    def filter_text(self, rows: Rows, name: str, value: str) -> Rows:
        """Filters by words in the customer's name or the title, without regard to accents.

        A word with a digit may also be part of the ticket's, the subject's or the customer's
        number.
        """
        for word in list(dict.fromkeys(value.split()))[:MOST_WORDS]:
            found = Q(search_key__contains=name_key(word))
            if any(sign.isdigit() for sign in word):
                found |= (
                    Q(number__icontains=word)
                    | Q(subject__icontains=word)
                    | Q(customer_number__icontains=word)
                )
            rows = rows.filter(found)
        return rows

    def filter_assignee(self, rows: Rows, name: str, value: str) -> Rows:
        """Filters by assignee: the user ("me"), none ("nobody") or a user name."""
        if value == "me":
            return rows.filter(assignee=self._user)
        if value == "nobody":
            return rows.filter(assignee__isnull=True)
        return rows.filter(assignee__username=value)

    def filter_state(self, rows: Rows, name: str, value: str) -> Rows:
        """Filters by one state, or by all open or closed ones."""
        if value == "open":
            return rows.filter(state__in=OPEN_STATES)
        if value == "closed":
            return rows.filter(closed_at__isnull=False)
        return rows.filter(state=value)

    def filter_age(self, rows: Rows, name: str, value: str) -> Rows:
        """Filters by tickets opened at least so many days ago."""
        return rows.filter(created_at__lte=timezone.now() - timedelta(days=int(value)))

    def filter_since(self, rows: Rows, name: str, value: date) -> Rows:
        """Filters by tickets opened on that day or later."""
        return rows.filter(created_at__gte=day_bounds(value, get_office())[0])

    def filter_until(self, rows: Rows, name: str, value: date) -> Rows:
        """Filters by tickets opened on that day or earlier."""
        return rows.filter(created_at__lt=day_bounds(value, get_office())[1])

    def filter_reason(self, rows: Rows, name: str, value: str) -> Rows:
        """Filters by tickets returned at least once for that reason."""
        return rows.filter(pk__in=TicketQuestion.objects.filter(reason=value).values("ticket_id"))

    def filter_late(self, rows: Rows, name: str, value: bool) -> Rows:
        """Filters by late tickets (true) or all others (false)."""
        condition = late(timezone.now())
        return rows.filter(condition) if value else rows.exclude(condition)

    def get_form_class(self) -> type[forms.Form]:
        """Returns the form that checks the values, made once: the filters are always the same."""
        return _form_class(type(self))  # type: ignore[arg-type]  # a class is hashable

    @property
    def _user(self) -> User:
        user = self.request.user if self.request else None
        assert isinstance(user, User)  # every list of tickets requires a sign-in
        return user


@cache
def _form_class(filters: type[TicketFilter]) -> type[forms.Form]:
    found: type[forms.Form] = FilterSet.get_form_class(filters())
    return found


class QueueFilter(TicketFilter):
    """The filters of a queue's page: those of the API, the tab and the order."""

    tab = ChoiceFilter(choices=[(tab, tab) for tab in TABS], method="filter_tab")
    sort = ChoiceFilter(
        label=_("Order"),
        choices=SORTS,
        empty_label=_("Urgent and promised first"),
        method="keep_all",
    )

    base_filters: dict[str, Filter]
    left_out: Sequence[str] = ()  # the values that `read` left out

    @classmethod
    def read(cls, query: Mapping[str, Any], request: HttpRequest | None = None) -> QueueFilter:
        """Returns the filters in an address; unknown values are `left_out`, so that old links open.

        A link with a state and without a tab shows the tab of all tickets.
        """
        given = {name: query[name] for name in cls.base_filters if query.get(name)}
        filters = cls._of(given, request)
        values = filters.values
        left_out = [name for name in given if values.get(name) in ("", None)]
        if left_out:
            kept = {name: text for name, text in given.items() if name not in left_out}
            filters = cls._of(kept, request)
            filters.left_out = [str(given[name]) for name in left_out]
        return filters

    @classmethod
    def _of(cls, given: Mapping[str, Any], request: HttpRequest | None) -> QueueFilter:
        tab = given.get("tab") or ("all" if "state" in given else TABS[0])
        return cls({"tab": tab, **given}, request=request)

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        # The other filters, which are copied for each instance, have nothing to do.
        every = type(self).base_filters
        self.base_filters = {name: each for name, each in every.items() if not data or name in data}
        super().__init__(data, **options)

    def filter_tab(self, rows: Rows, name: str, value: str) -> Rows:
        """Filters by tab."""
        return rows.filter(tab_condition(value, self._user))

    def keep_all(self, rows: Rows, name: str, value: str) -> Rows:
        """Returns all rows; the page sorts them by `order`."""
        return rows

    @property
    def values(self) -> dict[str, Any]:
        """The checked value of each filter."""
        self.is_valid()
        values: dict[str, Any] = self.form.cleaned_data
        return values

    def narrow(self, rows: Rows) -> Rows:
        """Returns the rows that match, unsorted."""
        values = self.values
        for name, each in self.filters.items():
            rows = each.filter(rows, values[name])
        return rows

    @property
    def query(self) -> str:
        """The query of an address, without empty filters."""
        return urlencode(self.data)

    @property
    def is_narrowed(self) -> bool:
        """Whether there are filters beside tab and order."""
        return bool(set(self.data) - {"tab", "sort"})

    @property
    def order(self) -> tuple[str, ...]:
        """The fields by which the tickets are sorted."""
        return ORDERS[self._sort]

    @property
    def order_words(self) -> str | Promise:
        """How the tickets are sorted, as a sentence."""
        return ORDER_WORDS[self._sort]

    @property
    def _sort(self) -> str:
        tab = self.values["tab"]
        return self.values["sort"] or {"done": "finished", "all": "new"}.get(tab, "next")


def tab_condition(tab: str, user: User) -> Q:
    """Returns the condition of a tab; `mine` has the user's taken, held and returned tickets."""
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
