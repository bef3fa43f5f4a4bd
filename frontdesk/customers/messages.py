"""Writing to customers by e-mail, about their orders and complaints."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import gettext_lazy

from frontdesk.customers.models import Customer
from officeflow.company.models import Office
from officeflow.mail.actions import queue_message
from officeflow.mail.events import MailEvent, Placeholder
from officeflow.mail.models import Message
from officeflow.mail_mode import mail_is_on
from officeflow.staff.models import User

CUSTOMER = Placeholder(description=gettext_lazy("the customer’s name"), sample="Nora Nordmann")


CUSTOMERS = gettext_lazy("customers")


class About(Protocol):
    """An order or a complaint that a customer is written to about.

    `source` names the file that it was imported from; it is empty for everything else.
    """

    @property
    def number(self) -> str:
        """The number that the message names."""

    @property
    def source(self) -> str:
        """Where it was imported from."""

    @property
    def customer(self) -> Customer | None:
        """Who is written to; None for a walk-in."""


def may_write_to_customer(about: About) -> bool:
    """Whether the customer is written to about an order or a complaint.

    Not without an address, nor when they want no mail, nor about an imported one: that happened
    elsewhere, some time ago.
    """
    customer = about.customer
    return (
        mail_is_on()
        and not about.source
        and customer is not None
        and bool(customer.email)
        and customer.wants_mail
    )


def write_to_customer(
    event: MailEvent, about: About, values: dict[str, str], *, actor: User | None, office: Office
) -> Message | None:
    """Queues the event's message to the customer of an order or a complaint."""
    customer = about.customer
    assert customer is not None  # somebody is written to
    return queue_message(
        actor=actor,
        event=event.code,
        to_address=customer.email,
        to_name=customer.name,
        values={"customer": customer.name, **values},
        reference=about.number,
        customer_number=customer.number,
        office=office,
    )
