"""The consumer of hand-offs to the mail server."""

from __future__ import annotations

from django.conf import settings

from officeflow.handoff.contracts import MailDue
from officeflow.handoff.models import Destination, Handoff
from officeflow.handoff.registry import PermanentError, RetryPolicy, consumes, register_retry_policy
from officeflow.mail.actions import deliver
from officeflow.mail.models import Message


def _retry_policy() -> RetryPolicy:
    """Returns the retry policy, for mail servers that are down for hours or use greylisting."""
    return RetryPolicy(
        attempts=settings.MAIL_MAX_ATTEMPTS,
        backoff_seconds=settings.MAIL_BACKOFF_SECONDS,
        longest_seconds=settings.MAIL_BACKOFF_MAX_SECONDS,
    )


register_retry_policy(Destination.MAIL, _retry_policy)


@consumes(MailDue, Destination.MAIL, has_outside_effect=True)
def send_due(contract: MailDue, handoff: Handoff) -> None:
    """Sends one message; it is retried while the mail server is unavailable."""
    try:
        deliver(actor=None, due=contract, handoff=handoff)
    except Message.DoesNotExist:
        raise PermanentError(f"there is no message {contract.message_number}") from None
