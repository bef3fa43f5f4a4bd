"""Reading what colleagues wrote, what is new for somebody, and how they like their queues."""

from __future__ import annotations

from django.db.models import Count, Max, Q

from backoffice.tickets.models import (
    Notice,
    PriorityChange,
    SavedView,
    Ticket,
    TicketComment,
)
from backoffice.tickets.models.comments import NoticeQuerySet
from officeflow.permissions import Department
from officeflow.staff.models import User


def comments_of(ticket: Ticket) -> list[TicketComment]:
    """What was written on a ticket, oldest first."""
    return list(ticket.comments.select_related("author").order_by("at", "pk"))


def priority_changes_of(ticket: Ticket) -> list[PriorityChange]:
    """When it became more or less urgent, oldest first."""
    return list(ticket.priority_changes.select_related("actor").order_by("at", "pk"))


def news_of(user: User) -> NoticeQuerySet:
    """A person's news about tickets that they may see, with what it tells of."""
    return Notice.objects.visible_to(user).select_related("ticket", "by", "about", "comment")


def unread_count(user: User) -> int:
    """How much news a person has not looked at."""
    return _unread(user)[0]


def newest_unread(user: User) -> int:
    """The key of the latest news that was not read, which rises with each; 0 when there is none."""
    return _unread(user)[1]


def _unread(user: User) -> tuple[int, int]:
    """How much is unread and the latest of it; one query a request, kept on the user object."""
    kept: tuple[int, int] | None = user.__dict__.get("_unread_news")
    if kept is None:
        found = Notice.objects.visible_to(user).unread().aggregate(n=Count("pk"), k=Max("pk"))
        kept = user.__dict__["_unread_news"] = (found["n"], found["k"] or 0)
    return kept


def views_of(user: User, department: Department) -> list[SavedView]:
    """A person's own views of a queue and those shared with everybody, their own first."""
    return list(
        SavedView.objects.filter(
            Q(owner=user) | Q(is_shared=True), department=department, is_active=True
        )
        .select_related("owner")
        .order_by("is_shared", "name", "pk")
    )


def view_named(key: str, department: Department) -> SavedView | None:
    """A queue's view by the key in its address: whoever was given it may look through it."""
    found = SavedView.objects.filter(key=key, is_active=True)
    return found.filter(department=department).select_related("owner").first()


def default_view(views: list[SavedView]) -> SavedView | None:
    """What a queue opens with: one's own default before the shared one."""
    defaults = [view for view in views if view.is_default]
    return min(defaults, key=lambda view: view.is_shared, default=None)
