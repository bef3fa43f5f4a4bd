"""Hooks of the departments, which stand above the work queue and are unknown to it.

A department registers its hooks in `AppConfig.ready()`. They are called inside the transaction of
the ticket's action, after the ticket has moved: what a hook raises undoes the move. A department
without hooks (management) works with the plain queue.
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
    from officeflow.staff.models import User

Text = str | Promise


def _nothing(ticket: Ticket, actor: User | None) -> None:
    """The hook of a department that does nothing."""


def _plain_label(ticket: Ticket) -> Text:
    return _("Answer the complaint") if ticket.kind == TicketKind.COMPLAINT else _("Complete")


def _no_warning(ticket: Ticket) -> Text:
    return ""


def _no_context(ticket: Ticket) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Hooks:
    """What a department does when one of its tickets moves, of whatever kind.

    `on_…` get the moved ticket and who moved it (None when a hand-off or the end of a
    hold did, as for `on_answered` and mostly for `on_resumed`). `complete_label` is the text of
    the button that completes; a `complete_warning` is confirmed first on a page of its own.
    `detail_template` is included in the ticket's page under what is to be done, with the values
    that `detail_context` gives for the ticket; the page is shown only to those who may see the
    department.
    """

    on_taken: Callable[[Ticket, User | None], None] = _nothing
    on_untaken: Callable[[Ticket, User | None], None] = _nothing
    on_returned: Callable[[Ticket, User | None], None] = _nothing
    on_answered: Callable[[Ticket, User | None], None] = _nothing
    on_resumed: Callable[[Ticket, User | None], None] = _nothing
    on_completed: Callable[[Ticket, User | None], None] = _nothing
    complete_label: Callable[[Ticket], Text] = _plain_label
    complete_warning: Callable[[Ticket], Text] = _no_warning
    detail_template: str = ""
    detail_context: Callable[[Ticket], dict[str, Any]] = _no_context


_hooks: dict[Department, Hooks] = {}


def register(department: Department, hooks: Hooks) -> None:
    """Registers a department's hooks; registering again replaces them."""
    _hooks[department] = hooks


def hooks_of(department: Department | str) -> Hooks:
    """A department's hooks; plain ones when it has registered none."""
    return _hooks.get(Department(department), Hooks())
