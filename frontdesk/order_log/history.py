"""Which orders of a file are done already, and come in without work, invoice or message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from frontdesk.order_log import status
from frontdesk.order_log.import_context import ImportContext
from officeflow.company.models import Office
from officeflow.errors import Refused

OPEN, DONE, BEFORE, MARKED = "open", "done", "before", "marked"


@dataclass(frozen=True)
class History:
    """Which orders are done: `open` for none, `done` for all, `before` for those before a day.

    With `marked` they are those that the file marks as done.
    """

    which: str = OPEN
    before: date | None = None

    @classmethod
    def read(cls, options: Mapping[str, Any]) -> History:
        """Returns the choice in an import's options. Raises `Refused` (field `before`)."""
        which = str(options.get("history") or OPEN)
        if which not in (OPEN, DONE, BEFORE, MARKED):
            raise Refused(_("Choose which orders are done."), "history")
        if which != BEFORE:
            return cls(which)
        try:
            return cls(which, date.fromisoformat(str(options.get("before") or "")))
        except ValueError:
            raise Refused(_("Enter the day before which all orders are done."), "before") from None

    def as_json(self) -> dict[str, Any]:
        """Returns the choice for storing."""
        return {"history": self.which, "before": self.before.isoformat() if self.before else ""}

    def is_past(self, context: ImportContext, office: Office) -> bool:
        """Returns whether an order or return is done, by its mark or by its first day."""
        if self.which == MARKED:
            return context.mark == status.DONE
        if self.which != BEFORE or self.before is None or not context.entries:
            return self.which == DONE
        first = min(entry.at for entry in context.entries)
        return first.astimezone(office.zone).date() < self.before

    def sentence(self) -> str:
        """Returns what happens with the orders of the file."""
        if self.which == DONE:
            return _(
                "All orders are done: they are recorded without tickets, stock moves, invoices, "
                "commissions and messages."
            )
        if self.which == BEFORE and self.before is not None:
            return _(
                "Orders before %(day)s are done and only recorded. Later orders are new work; "
                "their invoices are dated today."
            ) % {"day": date_format(self.before, "DATE_FORMAT")}
        if self.which == MARKED:
            return _(
                "Orders that the file marks as done are recorded without tickets, stock moves, "
                "invoices, commissions and messages. The others are new work; their invoices are "
                "dated today."
            )
        return _("All orders are new work for fulfilment. Invoices are dated today.")
