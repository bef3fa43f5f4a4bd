"""The e-mail backend without a mail server."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone, translation

from officeflow.mail.models import Message
from officeflow.mail.states import MessageState
from officeflow.numbering import next_number


class MailboxBackend(BaseEmailBackend):
    """Stores mail that is sent with Django's `send_mail` in the mailbox.

    It is stored as secret and without its text, because its content is unknown.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Stores a message for each recipient and returns their number."""
        kept = 0
        with transaction.atomic():
            for mail in email_messages:
                for address in mail.recipients():
                    now = timezone.now()
                    Message.objects.create(
                        number=next_number("MS"),
                        event="",
                        to_address=address[:254],
                        language=translation.get_language() or "en",
                        subject=str(mail.subject)[:200],
                        body="",
                        is_secret=True,
                        state=MessageState.KEPT,
                        created_at=now,
                        done_at=now,
                    )
                    kept += 1
        return kept
