"""Sends a message by SMTP.

SMTP delivers "at least once": when the process dies after the server accepted the message and
before the commit, the message is sent again with the same Message-ID, by which most mail programs
show it once.
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

# Longer than `EMAIL_TIMEOUT` for every step of one message, shorter than the time after which a
# hanging worker is ended.
TRANSACTION_SECONDS = 30


class Undeliverable(Exception):
    """The mail server refused the message permanently; the exception's text says why."""


class ServerUnavailable(Exception):
    """The mail server is down or busy, so that another attempt may help.

    The exception's text is logged and contains no e-mail address; `description` may contain one.
    """

    def __init__(self, code: str, description: str) -> None:
        self.description = description
        super().__init__(code)


def message_id(number: str, handoff_id: int) -> str:
    """Returns the Message-ID, which is the same for every attempt of one hand-off."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{number.lower()}.{handoff_id}@{domain}>"


def send(message: Message, wording: Wording) -> None:
    """Sends one message. Raises `Undeliverable` and `ServerUnavailable`."""
    _extend_transaction_timeout()
    mail = _mail(message, wording, get_office())
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()), (0, b""))
        raise _error_for(code, text) from error
    except smtplib.SMTPResponseException as error:  # sender, data, sign-in or greeting refused
        # A wrong password is temporary: the operator can correct the setting.
        is_sign_in = isinstance(error, smtplib.SMTPAuthenticationError)
        raise _error_for(error.smtp_code, error.smtp_error, is_temporary=is_sign_in) from error
    except (smtplib.SMTPNotSupportedError, UnicodeEncodeError) as error:
        raise Undeliverable(
            _("The mail server does not support the characters of this address.")
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise ServerUnavailable(
            type(error).__name__, _("The mail server could not be reached.")
        ) from error


def _extend_transaction_timeout() -> None:
    """Raises PostgreSQL's idle timeout for this transaction, which waits for the mail server."""
    if connection.savepoint_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"SET LOCAL idle_in_transaction_session_timeout = {TRANSACTION_SECONDS * 1000}"
        )


def _error_for(
    code: int, text: bytes | str, *, is_temporary: bool = False
) -> Undeliverable | ServerUnavailable:
    """Returns the error of an SMTP reply: 5xx is permanent, others temporary (RFC 5321, 4.2.1)."""
    reply = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    reply = " ".join(reply.split())[:300]
    description = _("The mail server answered: %(reply)s") % {"reply": f"{code} {reply}".strip()}
    if 500 <= code <= 599 and not is_temporary:
        return Undeliverable(description)
    return ServerUnavailable(str(code), description)


def _mail(message: Message, wording: Wording, office: Office) -> EmailMessage:
    return EmailMessage(
        subject=wording.subject,
        body=wording.body,
        from_email=_address(office.name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]),
        to=[_address(message.to_name, message.to_address)],
        reply_to=[_address(office.name, office.email)] if office.email else None,
        headers={
            "Message-ID": message.message_id,
            "Auto-Submitted": "auto-generated",  # RFC 3834: prevents automatic replies
            "X-Auto-Response-Suppress": "All",
        },
        connection=get_connection(),
    )


def _address(name: str, address: str) -> str:
    """Returns a name and an address for a header."""
    plain = " ".join("".join(char for char in name if char.isprintable()).split())
    try:
        return str(Address(display_name=plain, addr_spec=address))
    except (ValueError, IndexError):  # an address that Python cannot parse
        return address
