"""Comments on tickets."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models

from backoffice.tickets.models.tickets import Ticket


class TicketComment(models.Model):
    """A colleague's comment on a ticket; it is never changed and never leaves the department.

    `@username` in it notifies that colleague, if they may see the ticket.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["ticket", "at"], name="comment_by_ticket")]
        triggers = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.text[:40]}"
