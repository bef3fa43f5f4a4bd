"""The consumer of hand-offs to the mail server."""

from __future__ import annotations

from django.conf import settings

from officeflow.handoff.contracts import MailDue, PasswordForgotten
from officeflow.handoff.models import Destination, Handoff
from officeflow.handoff.registry import (
    Batch,
    RetryPolicy,
    consumes,
    consumes_batch,
    register_retry_policy,
)
from officeflow.mail.actions import deliver
from officeflow.mail_mode import has_mail_server
from officeflow.staff import resets
from officeflow.staff.actions import send_reset_link


def _retry_policy() -> RetryPolicy:
    """Returns the retry policy, for mail servers that are down for hours or use greylisting."""
    return RetryPolicy(
        attempts=settings.MAIL_MAX_ATTEMPTS,
        backoff_seconds=settings.MAIL_BACKOFF_SECONDS,
        longest_seconds=settings.MAIL_BACKOFF_MAX_SECONDS,
    )


register_retry_policy(Destination.MAIL, _retry_policy)


def _keeps_messages() -> bool:
    """Returns whether messages go no further than the mailbox, so that several can go together."""
    return not has_mail_server()


@consumes_batch(
    MailDue, Destination.MAIL, has_outside_effect=True, may_share_transaction=_keeps_messages
)
def send_due(due: Batch) -> None:
    """Sends one message, which is retried while the mail server is away, or keeps several."""
    deliver(actor=None, due=due)


@consumes(PasswordForgotten, Destination.MAIL)
def send_links(contract: PasswordForgotten, handoff: Handoff) -> None:
    """Queues a message with a reset link for each person with this e-mail address or user name."""
    for user in resets.users_by_email_or_name(contract.who):
        link = contract.office_address + resets.reset_path(user)
        send_reset_link(actor=None, user=user, link=link)
