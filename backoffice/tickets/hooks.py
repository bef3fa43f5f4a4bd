"""Hooks by which a department takes part in the actions and pages of its tickets.

The work queue imports no department: a department registers its hooks in `AppConfig.ready()`. They
are called in the transaction of the ticket's action, after the move, so that an error undoes the
move. A department without hooks (management) has the plain queue.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.tickets.states import TicketKind
from officeflow.permissions import Department

if TYPE_CHECKING:
    from backoffice.tickets.models import Ticket
    from backoffice.tickets.timeline import TicketEvent
    from officeflow.staff.models import User

Text = str | Promise


def _nothing(ticket: Ticket, actor: User | None) -> None:
    """The default hook, which does nothing."""


def _nothing_reopened(ticket: Ticket, actor: User, reason: str) -> None:
    """The default hook for a reopened ticket, which does nothing."""


def answer_has_gone(ticket: Ticket, is_undo: bool) -> Text:
    """Returns why a completed ticket cannot be reopened; empty when it can be.

    A complaint's answer can only be withdrawn by Undo: after that, the customer knows it. Nor when
    the desk has told the customer, or has reopened the complaint, which opened another ticket.
    """
    if ticket.kind != TicketKind.COMPLAINT:
        return ""
    if ticket.has_later_ticket():
        return _("The front desk has reopened the complaint. It has another ticket now.")
    is_told = ticket.resolution.told_at is not None
    if is_undo and not is_told:
        return ""
    return _("The front desk has the answer now. If it is wrong, ask them to reopen the complaint.")


def _plain_label(ticket: Ticket) -> Text:
    return _("Answer the complaint") if ticket.kind == TicketKind.COMPLAINT else _("Complete")


def _plain_reopen_label(ticket: Ticket) -> Text:
    if ticket.kind == TicketKind.COMPLAINT:
        return _("Withdraw the answer")
    return _("Not finished after all")


def _no_warning(ticket: Ticket) -> Text:
    return ""


def _no_events(ticket: Ticket) -> list[TicketEvent]:
    return []


def _no_context(ticket: Ticket) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Hooks:
    """A department's hooks, called for tickets of every kind.

    `on_…` get the moved ticket and the actor, who is None when a hand-off or the end of a hold
    moved the ticket; `on_reopened` also gets the reason. `why_not_reopen` returns why a completed
    ticket cannot be reopened; it gets whether the office's seconds for Undo run.

    `complete_label` and `reopen_label` return the texts of the buttons that complete the ticket
    and reopen it; a text from `complete_warning` is confirmed first on its own page.
    `detail_template` is included in the ticket's page with the context from `detail_context`;
    `events` returns what the department adds to the ticket's history.
    """

    on_taken: Callable[[Ticket, User | None], None] = _nothing
    on_untaken: Callable[[Ticket, User | None], None] = _nothing
    on_returned: Callable[[Ticket, User | None], None] = _nothing
    on_answered: Callable[[Ticket, User | None], None] = _nothing
    on_resumed: Callable[[Ticket, User | None], None] = _nothing
    on_completed: Callable[[Ticket, User | None], None] = _nothing
    on_reopened: Callable[[Ticket, User, str], None] = _nothing_reopened
    why_not_reopen: Callable[[Ticket, bool], Text] = answer_has_gone
    complete_label: Callable[[Ticket], Text] = _plain_label
    complete_warning: Callable[[Ticket], Text] = _no_warning
    reopen_label: Callable[[Ticket], Text] = _plain_reopen_label
    events: Callable[[Ticket], list[TicketEvent]] = _no_events
    detail_template: str = ""
    detail_context: Callable[[Ticket], dict[str, Any]] = _no_context


_hooks: dict[Department, Hooks] = {}


def register_hooks(department: Department, hooks: Hooks) -> None:
    """Registers a department's hooks; registering again replaces them."""
    _hooks[department] = hooks


def hooks_of(department: Department | str) -> Hooks:
    """Returns a department's hooks, or the defaults when it has registered none."""
    return _hooks.get(Department(department), Hooks())
