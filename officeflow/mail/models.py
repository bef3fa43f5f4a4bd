"""Messages, and the office's own wordings."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from officeflow.handoff.models import Handoff
from officeflow.mail.states import MessageState


class MessageEvent(models.Model):
    """An event, and whether its messages are sent."""

    code = models.CharField(max_length=40, unique=True)
    is_on = models.BooleanField(_("is sent"), default=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.code


class MessageText(models.Model):
    """The office's own wording for an event in a language.

    Without a row, or with one that is not `is_own`, the standard wording applies.
    """

    event = models.ForeignKey(MessageEvent, on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(_("language"), max_length=10)
    is_own = models.BooleanField(default=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "language"], name="message_text_once"),
            models.CheckConstraint(
                condition=Q(is_own=False) | (~Q(subject="") & ~Q(body="")),
                name="message_text_own_has_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.language}"


class MessageQuerySet(models.QuerySet["Message"]):
    """Filters of messages."""

    def about(self, reference: str) -> MessageQuerySet:
        """The messages about an order or a complaint, without secret ones."""
        return self.filter(reference=reference, is_secret=False)

    def to_customer(self, number: str) -> MessageQuerySet:
        """The messages to a customer."""
        return self.filter(customer_number=number, is_secret=False)


class Message(models.Model):
    """One message of the office.

    `reference` is the number of the record that it is about, `customer_number` the recipient's.
    The text of a secret message (an invitation, a password reset) is never stored, because whoever
    reads its link becomes its recipient.
    """

    number = models.CharField(max_length=20, unique=True, editable=False)
    event = models.CharField(max_length=40)
    reference = models.CharField(max_length=20, blank=True)
    customer_number = models.CharField(max_length=20, blank=True)
    to_name = models.CharField(max_length=200, blank=True)
    to_address = models.EmailField(max_length=254)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    is_secret = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=MessageState.choices, default=MessageState.WAITING
    )
    error = models.CharField(max_length=500, blank=True)
    # The hand-off that sent the message.
    handoff = models.OneToOneField(Handoff, null=True, on_delete=models.PROTECT, related_name="+")
    # The Message-ID (RFC 5322, 3.6.4), which stays the same over all attempts.
    message_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True)
    resends = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="sent_again"
    )
    resend_reason = models.CharField(max_length=500, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", done_at__isnull=True)
                | (~Q(state="waiting") & Q(done_at__isnull=False)),
                name="message_done_when_not_waiting",
            ),
            models.CheckConstraint(
                condition=Q(is_secret=False) | Q(body=""), name="message_secret_has_no_text"
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(error=""), name="message_failed_says_why"
            ),
        ]
        indexes = [
            models.Index(
                fields=["reference", "id"], name="message_by_reference", condition=~Q(reference="")
            ),
            models.Index(
                fields=["customer_number", "-id"],
                name="message_by_customer",
                condition=~Q(customer_number=""),
            ),
            models.Index(fields=["state", "-id"], name="message_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"
