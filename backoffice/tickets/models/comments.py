"""What colleagues say to each other about a ticket, and the news that reaches each of them."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from backoffice.tickets.models.tickets import Ticket
from officeflow.staff.models import User
from officeflow.workflow import State


class TicketComment(models.Model):
    """What a colleague wrote on a ticket. It is never changed and never leaves the department.

    `@username` in it names a colleague, who hears of it when they may see the ticket.
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


class NoticeKind(State):
    """Why somebody is told of a ticket."""

    MENTIONED = "mentioned", "info", _("You were mentioned")
    COMMENTED = "commented", "info", _("Somebody commented on your ticket")
    TAKEN_OVER = "taken_over", "warn", _("Your ticket was taken over")
    GIVEN = "given", "progress", _("A ticket was assigned to you")
    MOVED_ON = "moved_on", "warn", _("Your ticket was reassigned to a colleague")
    DUE_AGAIN = "due_again", "warn", _("A ticket is due again")
    ANSWERED = "answered", "good", _("The front desk answered")


class NoticeQuerySet(models.QuerySet["Notice"]):
    """News by whom it is for."""

    def visible_to(self, user: User) -> NoticeQuerySet:
        """A person's news about tickets that they may (still) see."""
        return self.filter(person=user, ticket__department__in=user.departments())

    def unread(self) -> NoticeQuerySet:
        """What they have not looked at."""
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """A piece of news for one person about one ticket."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=NoticeKind.choices)
    # Who did it; nobody when it came about by itself.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Whom else it concerns: to whom the ticket went.
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    comment = models.ForeignKey(
        TicketComment, null=True, on_delete=models.PROTECT, related_name="+"
    )
    word = models.TextField(blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person", "-at", "-id"], name="notice_by_person"),
            models.Index(
                fields=["person"], name="notice_unread", condition=models.Q(read_at__isnull=True)
            ),
            models.Index(fields=["ticket", "person"], name="notice_by_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.ticket_id}"
