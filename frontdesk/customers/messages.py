"""Queues e-mail messages to customers about their orders and complaints."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import gettext_lazy

from frontdesk.customers.models import Customer
from officeflow.company.models import Office
from officeflow.company.queries import undo_window
from officeflow.mail.actions import queue_message
from officeflow.mail.events import MailEvent, Placeholder
from officeflow.mail.models import Message
from officeflow.mail_mode import mail_is_on
from officeflow.staff.models import User

CUSTOMER = Placeholder(description=gettext_lazy("the customer’s name"), sample="Nora Nordmann")


CUSTOMERS = gettext_lazy("customers")


class MessageSubject(Protocol):
    """An order or a complaint that an e-mail is about."""

    @property
    def number(self) -> str:
        """The reference number."""

    @property
    def source(self) -> str:
        """The source that it was imported from; otherwise empty."""

    @property
    def customer(self) -> Customer | None:
        """The recipient; None for a walk-in."""


def may_write_to_customer(subject: MessageSubject) -> bool:
    """Returns whether the customer gets e-mail about an order or a complaint.

    A customer without an e-mail address or who wants no mail gets none, and nobody gets mail
    about imported records, which are from the past.
    """
    customer = subject.customer
    return (
        mail_is_on()
        and not subject.source
        and customer is not None
        and bool(customer.email)
        and customer.wants_mail
    )


def write_to_customer(
    event: MailEvent,
    subject: MessageSubject,
    values: dict[str, str],
    *,
    actor: User | None,
    office: Office,
    can_be_withdrawn: bool = False,
) -> Message | None:
    """Queues an event's message; returns None when mail is switched off for the event.

    One that `can_be_withdrawn` waits as long as Undo is accepted. The caller checks
    `may_write_to_customer` first.
    """
    customer = subject.customer
    assert customer is not None  # see may_write_to_customer
    return queue_message(
        actor=actor,
        event=event.code,
        to_address=customer.email,
        to_name=customer.name,
        values={"customer": customer.name, **values},
        reference=subject.number,
        customer_number=customer.number,
        office=office,
        wait_seconds=undo_window(office).total_seconds() if can_be_withdrawn else 0,
    )
