"""What the lists behind the figures show: their addresses, in words that can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.tickets.reports import AskedTickets, reason_label
from backoffice.tickets.states import TicketState
from frontdesk.reports import MoneyCriteria, OrderCriteria
from officeflow.company.models import Office
from officeflow.dashboards.ranges import read_moment
from officeflow.permissions import Department

MOST_COUNTED = 10_000
TEXT_LENGTH = 100
NOT_A_FILTER = ("after", "before", "export")


@dataclass(frozen=True)
class Chip:
    """One filter in words, and the address of the list without it."""

    label: str
    url: str


class Address:
    """Reads a list's address; what has no meaning is passed over."""

    def __init__(self, path: str, query: QueryDict, office: Office) -> None:
        self.path = path
        self.query = query
        self.office = office
        self.chips: list[Chip] = []

    def word(self, name: str) -> str:
        """What stands there."""
        return self.query.get(name, "").strip()[:TEXT_LENGTH]

    def chip(self, label: str, *names: str) -> None:
        """Says a filter in words; taking it back leaves out these names."""
        query = self.query.copy()
        for name in (*names, *NOT_A_FILTER):
            query.pop(name, None)
        rest = query.urlencode()
        self.chips.append(Chip(label, f"{self.path}?{rest}" if rest else self.path))

    def choice(self, name: str, choices: dict[str, str | Promise], words: str = "%s") -> str:
        """One of the choices, said in words; empty for none or another."""
        value = self.word(name)
        if value not in choices:
            return ""
        self.chip(words % choices[value], name)
        return value

    def between(
        self, words: str, start_name: str, end_name: str
    ) -> tuple[datetime | None, datetime | None]:
        """The bounds of a filter by time, said in words."""
        start = read_moment(self.word(start_name), self.office) if self.word(start_name) else None
        end = (
            read_moment(self.word(end_name), self.office, is_end=True)
            if self.word(end_name)
            else None
        )
        if start or end:
            self.chip(words % {"when": in_words(start, end, self.office)}, start_name, end_name)
        return start, end


def in_words(start: datetime | None, end: datetime | None, office: Office) -> str:
    """A stretch of time: days when it holds whole ones, else with the clock."""
    whole = all(_is_midnight(each, office) for each in (start, end) if each)
    first = _written(start, office, whole=whole) if start else ""
    # A range of whole days ends with its last day, not with the midnight after it.
    last = _written(end - timedelta(microseconds=whole), office, whole=whole) if end else ""
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


def _written(at: datetime, office: Office, *, whole: bool) -> str:
    local = at.astimezone(office.zone)
    day = formats.date_format(local, "j M Y")
    return day if whole else f"{day} {local:%H:%M}"


def read_tickets(address: Address) -> AskedTickets:
    """Which tickets the address asks for."""
    departments: dict[str, str | Promise] = {d.value: d.label for d in Department}
    states: dict[str, str | Promise] = {s.value: s.label for s in TicketState}
    department = address.choice("department", departments)
    state = address.choice("state", states)
    came = address.between(_("Came %(when)s"), "came_from", "came_to")
    due = address.between(_("Fell due %(when)s"), "due_from", "due_to")
    open_at = read_moment(address.word("open_at"), address.office)
    if open_at:
        when = _written(open_at, address.office, whole=False)
        address.chip(_("Open at %(when)s") % {"when": when}, "open_at")
    is_late = address.word("late") == "1"
    if is_late:
        address.chip(_("Not finished in time"), "late")
    returned = address.word("returned")
    if returned:
        label = _("Returned to the desk")
        address.chip(
            label if returned == "any" else f"{label}: {reason_label(returned)}", "returned"
        )
    return AskedTickets(
        department=department,
        state=state,
        came_start=came[0],
        came_end=came[1],
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


def read_orders(address: Address) -> OrderCriteria:
    """Which orders the address asks for, in the office's currency."""
    start, end = address.between(_("Placed %(when)s"), "from", "to")
    cancelled = address.choice("cancelled", CANCELLED)
    sku, username = address.word("sku"), address.word("by")
    if sku:
        address.chip(_("With %(product)s") % {"product": sku}, "sku")
    if username:
        address.chip(_("Placed by %(person)s") % {"person": username}, "by")
    return OrderCriteria(
        start=start,
        end=end,
        sku=sku,
        username=username,
        is_cancelled={"yes": True, "no": False}.get(cancelled),
        currency=address.office.currency,
    )


def read_money(address: Address) -> MoneyCriteria:
    """Which payments or refunds the address asks for, in the office's currency."""
    start, end = address.between("%(when)s", "from", "to")
    method = address.word("method")
    if method:
        address.chip(_("By %(method)s") % {"method": method}, "method")
    return MoneyCriteria(start=start, end=end, method=method, currency=address.office.currency)


def counted(rows: QuerySet[Model]) -> tuple[int, bool]:
    """How many there are, and whether there are more than one needs to count."""
    number = rows.order_by()[: MOST_COUNTED + 1].count()
    return min(number, MOST_COUNTED), number > MOST_COUNTED
