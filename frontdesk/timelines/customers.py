"""The timeline of one customer: orders, complaints, money, notes, messages.

Each source has its own table and index. A page takes the newest rows of every source and merges
them by time, so that the hundredth page of a long timeline costs what the first one does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from frontdesk.complaints.queries import complaints
from frontdesk.complaints.states import ComplaintState
from frontdesk.complaints.visibility import unless_sealed
from frontdesk.customers.models import Customer, CustomerNote
from frontdesk.orders.models import Order
from frontdesk.orders.states import FulfilmentState, OrderState
from frontdesk.payments.models.payments import Payment, Refund
from frontdesk.timelines.orders import TimelineItem
from officeflow.mail.queries import messages_to_customer
from officeflow.mail.states import MessageState
from officeflow.money import format_money

SIZE = 25


@dataclass(frozen=True)
class TimelinePosition:
    """A position in the timeline: everything behind it is older. `source` and `pk` order what
    happened in the same instant."""

    at: datetime
    source: int
    pk: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.source}_{self.pk}"

    @classmethod
    def read(cls, text: str) -> TimelinePosition | None:
        """The position that an address names; None for none."""
        try:
            moment, source, pk = text.rsplit("_", 2)
            position = cls(datetime.fromisoformat(moment), int(source), int(pk))
        except ValueError:
            return None
        if position.at.tzinfo is None or not 0 <= position.pk < 2**63:
            return None
        return position

    def behind(self, source: int, field: str) -> Q:
        """What of a source lies behind it; `field` holds the source's time."""
        older = Q(**{f"{field}__lt": self.at})
        if source < self.source:
            return older | Q(**{field: self.at})
        if source == self.source:
            return older | Q(**{field: self.at, "pk__lt": self.pk})
        return older


@dataclass(frozen=True)
class TimelinePage:
    """One page of the timeline; `following` is the position at which the next begins, or empty."""

    items: list[TimelineItem]
    following: str


# Reads items with the primary keys of their rows, newest first.
ReadItems = Callable[[Sequence[Customer], Q, int], list[tuple[int, TimelineItem]]]


def _link(name: str, number: str, words: str, more: str = "") -> Any:
    return format_html(
        '<a href="{}">{} <span class="ref">{}</span></a>{}',
        reverse(name, args=[number]),
        words,
        number,
        f" · {more}" if more else "",
    )


def _orders(people: Sequence[Customer], behind: Q, size: int) -> list[tuple[int, TimelineItem]]:
    rows = (
        Order.objects.filter(behind, customer__in=people)
        .select_related("placed_by")
        .order_by("-ordered_at", "-pk")[:size]
    )
    return [
        (
            row.pk,
            TimelineItem(
                at=row.ordered_at,
                title=_link(
                    "frontdesk:order",
                    row.number,
                    _("Order"),
                    format_money(row.gross, row.currency),
                ),
                actor=row.placed_by.full_name,
                icon="order",
                tone="info",
                area="",
                status=FulfilmentState(row.fulfilment_state)
                if row.is_under_way
                else OrderState(row.state),
            ),
        )
        for row in rows
    ]


def _complaints(people: Sequence[Customer], behind: Q, size: int) -> list[tuple[int, TimelineItem]]:
    rows = complaints().filter(behind, customer__in=people).order_by("-logged_at", "-pk")[:size]
    return [
        (
            row.pk,
            TimelineItem(
                at=row.logged_at,
                title=_link(
                    "frontdesk:complaint",
                    row.number,
                    _("Complaint"),
                    _("Sealed") if row.is_sealed else row.get_category_display(),
                ),
                actor=unless_sealed(lambda complaint: complaint.logged_by.full_name)(row) or "",
                icon="lock" if row.is_sealed else "complaint",
                tone="warn",
                area="",
                status=ComplaintState(row.state),
            ),
        )
        for row in rows
    ]


def _payments(people: Sequence[Customer], behind: Q, size: int) -> list[tuple[int, TimelineItem]]:
    rows = (
        Payment.objects.filter(behind, order__customer__in=people)
        .select_related("order", "taken_by")
        .order_by("-taken_at", "-pk")[:size]
    )
    return [
        (
            row.pk,
            TimelineItem(
                at=row.taken_at,
                title=_money(row, _("Paid %(amount)s")),
                actor=row.taken_by.full_name,
                icon="cash",
                tone="good",
                area="",
            ),
        )
        for row in rows
    ]


def _refunds(people: Sequence[Customer], behind: Q, size: int) -> list[tuple[int, TimelineItem]]:
    rows = (
        Refund.objects.filter(behind, order__customer__in=people, paid_at__isnull=False)
        .select_related("order", "paid_by")
        .order_by("-paid_at", "-pk")[:size]
    )
    return [
        (
            row.pk,
            TimelineItem(
                at=row.paid_at or row.due_at,
                title=_money(row, _("Given back %(amount)s")),
                actor=row.paid_by.full_name if row.paid_by else "",
                icon="undo",
                tone="neutral",
                area="",
            ),
        )
        for row in rows
    ]


def _money(row: Payment | Refund, words: str) -> Any:
    """How much moved, how, and for which order."""
    amount = words % {"amount": format_money(row.amount, row.order.currency)}
    return format_html(
        '{} · {} · <a class="ref" href="{}">{}</a>',
        amount,
        row.method_name,
        reverse("frontdesk:order", args=[row.order.number]),
        row.order.number,
    )


def _notes(people: Sequence[Customer], behind: Q, size: int) -> list[tuple[int, TimelineItem]]:
    rows = (
        CustomerNote.objects.filter(behind, customer__in=people)
        .select_related("written_by")
        .order_by("-written_at", "-pk")[:size]
    )
    return [
        (
            row.pk,
            TimelineItem(
                at=row.written_at,
                title=_("Note"),
                text=row.text,
                actor=row.written_by.full_name,
                icon="edit",
                area="",
            ),
        )
        for row in rows
    ]


def _messages(people: Sequence[Customer], behind: Q, size: int) -> list[tuple[int, TimelineItem]]:
    found = []
    for customer in people:
        rows = messages_to_customer(customer.number).filter(behind)
        found += list(rows.order_by("-created_at", "-pk")[:size])
    found.sort(key=lambda row: (row.created_at, row.pk), reverse=True)
    return [
        (
            row.pk,
            TimelineItem(
                at=row.created_at,
                title=_link("mail:message", row.number, _("Message"), row.subject),
                icon="mail",
                area="",
                status=MessageState(row.state),
            ),
        )
        for row in found[:size]
    ]


# Of each source: the field that holds its time, and what reads it. The order of this table is the
# order of what happened in the same instant.
SOURCES: dict[str, tuple[str, ReadItems]] = {
    "message": ("created_at", _messages),
    "note": ("written_at", _notes),
    "refund": ("paid_at", _refunds),
    "payment": ("taken_at", _payments),
    "complaint": ("logged_at", _complaints),
    "order": ("ordered_at", _orders),
}

# What the tabs above the timeline show.
TABS: dict[str, tuple[str, ...]] = {
    "all": tuple(SOURCES),
    "orders": ("order",),
    "complaints": ("complaint",),
    "money": ("payment", "refund"),
    "notes": ("note",),
    "messages": ("message",),
}


def customer_timeline(
    customer: Customer, *, tab: str = "all", behind: str = "", size: int = SIZE
) -> TimelinePage:
    """One page of what happened, newest first; `behind` is the `following` of the page before.

    What still hangs on a record that was merged into this one is part of it. Raises `KeyError`
    for a tab that is not there.
    """
    people = [customer, *customer.merged.all()]
    position = TimelinePosition.read(behind)
    found: list[tuple[TimelinePosition, TimelineItem]] = []
    for source, (name, (field, read)) in enumerate(SOURCES.items()):
        if name in TABS[tab]:
            older = position.behind(source, field) if position else Q()
            found += [
                (TimelinePosition(item.at, source, pk), item)
                for pk, item in read(people, older, size + 1)
            ]
    found.sort(key=lambda pair: (pair[0].at, pair[0].source, pair[0].pk), reverse=True)
    page = found[:size]
    return TimelinePage(
        items=[item for _position, item in page],
        following=str(page[-1][0]) if len(found) > size else "",
    )
