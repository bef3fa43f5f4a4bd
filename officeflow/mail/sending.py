"""Sends a message by SMTP.

SMTP promises no more than "at least once": when the process dies between the server's yes and our
commit, the message goes out again, under the same Message-ID, by which most mailboxes show it
once.
"""

from __future__ import annotations

import smtplib
from email.headerregistry import Address
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection
from django.utils.translation import gettext as _

from officeflow.company.models import Office
from officeflow.company.queries import get_office
from officeflow.mail.models import Message
from officeflow.mail.wording import Wording

# Longer than the mail server may take for every step of one message, shorter than the time after
# which a hanging worker is killed.
TRANSACTION_SECONDS = 30


class Undeliverable(Exception):
    """The mail server refuses this message permanently; the exception's text says why."""


class ServerUnavailable(Exception):
    """The mail server is down or busy: another attempt may help.

    The exception's own text holds no address, because it is logged; `words` may hold one.
    """

    def __init__(self, code: str, words: str) -> None:
        self.words = words
        super().__init__(code)


def message_id(number: str, handoff_id: int) -> str:
    """The Message-ID: the same for every attempt of one hand-off."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{number.lower()}.{handoff_id}@{domain}>"


def send(message: Message, words: Wording) -> None:
    """Sends one message. Raises `Undeliverable`, `ServerUnavailable`."""
    _extend_transaction_timeout()
    mail = _mail(message, words, get_office())
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()), (0, b""))
        raise _error_for(code, text) from error
    except smtplib.SMTPResponseException as error:  # sender, data, sign-in, greeting
        # A wrong password is a fault of the set-up, not of the message: it can be corrected.
        is_sign_in = isinstance(error, smtplib.SMTPAuthenticationError)
        raise _error_for(error.smtp_code, error.smtp_error, is_temporary=is_sign_in) from error
    except (smtplib.SMTPNotSupportedError, UnicodeEncodeError) as error:
        raise Undeliverable(
            _("The mail server cannot send to an address with these letters.")
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise ServerUnavailable(
            type(error).__name__, _("The mail server could not be reached.")
        ) from error


def _extend_transaction_timeout() -> None:
    """Raises PostgreSQL's limit for this transaction, which waits for the mail server."""
    if connection.savepoint_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"SET LOCAL idle_in_transaction_session_timeout = {TRANSACTION_SECONDS * 1000}"
        )


def _error_for(
    code: int, text: bytes | str, *, is_temporary: bool = False
) -> Undeliverable | ServerUnavailable:
    """The error of an SMTP reply: 5xx is permanent, others temporary (RFC 5321, 4.2.1)."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    said = " ".join(said.split())[:300]
    words = _("The mail server says: %(said)s") % {"said": f"{code} {said}".strip()}
    if 500 <= code <= 599 and not is_temporary:
        return Undeliverable(words)
    return ServerUnavailable(str(code), words)


def _mail(message: Message, words: Wording, office: Office) -> EmailMessage:
    return EmailMessage(
        subject=words.subject,
        body=words.body,
        from_email=_address(office.name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]),
        to=[_address(message.to_name, message.to_address)],
        reply_to=[_address(office.name, office.email)] if office.email else None,
        headers={
            "Message-ID": message.message_id,
            "Auto-Submitted": "auto-generated",  # RFC 3834: no holiday notes in return
            "X-Auto-Response-Suppress": "All",
        },
        connection=get_connection(),
    )


def _address(name: str, address: str) -> str:
    """A name and an address for a header."""
    plain = " ".join("".join(char for char in name if char.isprintable()).split())
    try:
        return str(Address(display_name=plain, addr_spec=address))
    except (ValueError, IndexError):  # an address that only mail servers understand
        return address
