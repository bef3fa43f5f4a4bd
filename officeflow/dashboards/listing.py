"""Reads the query strings of the lists behind the figures into filters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from backoffice.tickets.reports import TicketListFilter, reason_label
from backoffice.tickets.states import TicketState
from frontdesk.reports import MoneyCriteria, OrderCriteria, OrderSums
from officeflow.company.models import Office
from officeflow.dashboards.ranges import read_moment
from officeflow.money import CURRENCIES, format_money, format_quantity
from officeflow.permissions import Department
from officeflow.staff.models import User

MAX_COUNTED = 10_000
TEXT_LENGTH = 100
NOT_A_FILTER = ("after", "before", "export")


@dataclass(frozen=True)
class ActiveFilter:
    """A filter in words, and the address of the list without it."""

    label: str
    url: str


class ListQuery:
    """The query of a list's address; unknown parameters and values are ignored."""

    def __init__(self, path: str, query: QueryDict, office: Office) -> None:
        self.path = path
        self.query = query
        self.office = office
        self.active_filters: list[ActiveFilter] = []

    def text(self, name: str) -> str:
        """A parameter's text."""
        return self.query.get(name, "").strip()[:TEXT_LENGTH]

    def add_filter(self, label: str, *names: str) -> None:
        """Records an active filter; its link removes these parameters."""
        query = self.query.copy()
        for name in (*names, *NOT_A_FILTER):
            query.pop(name, None)
        rest = query.urlencode()
        self.active_filters.append(
            ActiveFilter(label, f"{self.path}?{rest}" if rest else self.path)
        )

    def choice(self, name: str, choices: dict[str, str | Promise], template: str = "%s") -> str:
        """One of the choices, recorded as an active filter; empty for any other value."""
        value = self.text(name)
        if value not in choices:
            return ""
        self.add_filter(template % choices[value], name)
        return value

    def between(
        self, template: str, start_name: str, end_name: str
    ) -> tuple[datetime | None, datetime | None]:
        """The bounds of a filter by time, recorded as an active filter."""
        start = read_moment(self.text(start_name), self.office) if self.text(start_name) else None
        end = (
            read_moment(self.text(end_name), self.office, is_end=True)
            if self.text(end_name)
            else None
        )
        if start or end:
            self.add_filter(
                template % {"when": period_text(start, end, self.office)}, start_name, end_name
            )
        return start, end


def period_text(start: datetime | None, end: datetime | None, office: Office) -> str:
    """A period in words: as days when it consists of whole ones, else with times."""
    whole = all(_is_midnight(each, office) for each in (start, end) if each)
    first = _moment_text(start, office, whole=whole) if start else ""
    # A range of whole days ends with its last day, not with the midnight after it.
    last = _moment_text(end - timedelta(microseconds=whole), office, whole=whole) if end else ""
    if first and last:
        if first == last:
            return first
        same_day = not whole and first[: -len("00:00")] == last[: -len("00:00")]
        return f"{first}–{last[-len('00:00') :] if same_day else last}"
    if first:
        return _("from %(when)s") % {"when": first}
    return _("until %(when)s") % {"when": last}


def _is_midnight(at: datetime, office: Office) -> bool:
    return at.astimezone(office.zone).time() == time(0)


def _moment_text(at: datetime, office: Office, *, whole: bool) -> str:
    local = at.astimezone(office.zone)
    day = formats.date_format(local, "j M Y")
    return day if whole else f"{day} {local:%H:%M}"


def read_tickets(address: ListQuery) -> TicketListFilter:
    """The ticket filters of a query."""
    departments: dict[str, str | Promise] = {d.value: d.label for d in Department}
    states: dict[str, str | Promise] = {s.value: s.label for s in TicketState}
    department = address.choice("department", departments)
    state = address.choice("state", states)
    received = address.between(_("Received %(when)s"), "came_from", "came_to")
    due = address.between(_("Due or late %(when)s"), "due_from", "due_to")
    open_at = read_moment(address.text("open_at"), address.office)
    if open_at:
        when = _moment_text(open_at, address.office, whole=False)
        address.add_filter(_("Open at %(when)s") % {"when": when}, "open_at")
    is_late = address.text("late") == "1"
    if is_late:
        address.add_filter(_("Not finished in time"), "late")
    returned = address.text("returned")
    if returned:
        label = _("Returned to the desk")
        address.add_filter(
            label if returned == "any" else f"{label}: {reason_label(returned)}", "returned"
        )
    return TicketListFilter(
        department=department,
        state=state,
        received_start=received[0],
        received_end=received[1],
        due_start=due[0],
        due_end=due[1],
        open_at=open_at,
        late=is_late,
        returned=returned,
    )


CANCELLED: dict[str, str | Promise] = {
    "yes": gettext_lazy("Cancelled"),
    "no": gettext_lazy("Not cancelled"),
}


def read_orders(address: ListQuery) -> OrderCriteria:
    """The order filters of a query; in the office's currency unless it names another."""
    start, end = address.between(_("Placed %(when)s"), "from", "to")
    cancelled = address.choice("cancelled", CANCELLED)
    sku, username = address.text("sku"), address.text("by")
    if sku:
        address.add_filter(_("With %(product)s") % {"product": sku}, "sku")
    if username:
        person = User.objects.filter(username=username).first()
        address.add_filter(_("Placed by %(person)s") % {"person": person or username}, "by")
    is_discounted = address.text("discounted") == "1"
    if is_discounted:
        address.add_filter(_("With a discount"), "discounted")
    currency = address.text("currency")
    if currency in CURRENCIES:
        address.add_filter(_("In %(currency)s") % {"currency": currency}, "currency")
    else:
        currency = address.office.currency
    return OrderCriteria(
        start=start,
        end=end,
        sku=sku,
        username=username,
        is_cancelled={"yes": True, "no": False}.get(cancelled),
        is_discounted=is_discounted,
        currency=currency,
    )


def part_label(criteria: OrderCriteria) -> str:
    """What the figure counts of each order in words; empty when it is the order as a whole."""
    if criteria.is_discounted:
        return _("Discount")
    return _("Net of %(product)s") % {"product": criteria.sku} if criteria.sku else ""


def order_sums_text(sums: OrderSums, criteria: OrderCriteria) -> list[str]:
    """The sums of a list of orders in words: what its figures say."""

    def money(label: str, amount: Decimal) -> str:
        return f"{label} {format_money(amount, criteria.currency)}"

    if sums.part is not None:
        return [money(part_label(criteria), sums.part)]
    if sums.average is None:
        return []
    return [
        money(_("Net"), sums.net),
        money(_("Total"), sums.gross),
        money(_("Average net"), sums.average),
    ]


def read_money(address: ListQuery) -> MoneyCriteria:
    """The payment or refund filters of a query, in the office's currency."""
    start, end = address.between("%(when)s", "from", "to")
    method = address.text("method")
    if method:
        address.add_filter(_("By %(method)s") % {"method": method}, "method")
    return MoneyCriteria(start=start, end=end, method=method, currency=address.office.currency)


COUNTED = {
    "hand-offs": ngettext_lazy("%(n)s hand-off", "%(n)s hand-offs", "number"),
    "tickets": ngettext_lazy("%(n)s ticket", "%(n)s tickets", "number"),
    "orders": ngettext_lazy("%(n)s order", "%(n)s orders", "number"),
    "payments": ngettext_lazy("%(n)s payment", "%(n)s payments", "number"),
    "refunds": ngettext_lazy("%(n)s refund", "%(n)s refunds", "number"),
    "credit-notes": ngettext_lazy("%(n)s credit note", "%(n)s credit notes", "number"),
    "owed": ngettext_lazy("%(n)s invoice", "%(n)s invoices", "number"),
}


def count_words(name: str, number: int, *, is_more: bool = False) -> str:
    """How many things a list has, in words: "27 orders"."""
    counted = COUNTED[name] % {"number": number, "n": format_quantity(Decimal(number))}
    return _("More than %(counted)s") % {"counted": counted} if is_more else counted


def count_up_to_limit(rows: QuerySet[Model]) -> tuple[int, bool]:
    """The number of rows up to `MAX_COUNTED`, and whether there are more."""
    number = rows.order_by()[: MAX_COUNTED + 1].count()
    return min(number, MAX_COUNTED), number > MAX_COUNTED
