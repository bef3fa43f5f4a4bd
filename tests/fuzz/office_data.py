"""What `make fuzz` needs from its office: tokens, and numbers of records that exist.

Run inside the office by `manage.py shell`; each function prints one line of JSON.
"""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone
from knox.models import AuthToken
from knox.settings import knox_settings

from backoffice.accounting.models import Invoice
from backoffice.tickets.actions import (
    complete_ticket,
    hold_ticket,
    return_ticket,
    take_ticket,
)
from backoffice.tickets.models import ReasonToReturn, Ticket
from backoffice.tickets.states import TicketKind, TicketState
from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.models import Complaint, ComplaintCategory
from frontdesk.customers.models import Customer
from frontdesk.orders.models import Order
from frontdesk.payments.models.methods import PaymentMethod
from frontdesk.payments.models.payments import Payment, Refund
from officeflow.attachments.actions import attach
from officeflow.attachments.models import DRAFT, Attachment
from officeflow.catalogue.models import Product
from officeflow.handoff.models import Handoff, HandoffState
from officeflow.local.demo.people import sign_ins
from officeflow.local.demo.photos import draw_chipped_mug
from officeflow.permissions import work_permission
from officeflow.staff.models import User
from tests.fuzz import TECHNICAL_ADMIN

MOST = 40  # numbers of one noun
OF_EACH_CATEGORY = 8  # complaints
TAKEN = 6  # tickets of each department, three of which go on from there
HANDOFF_SECONDS = 60


def prepare(roles: list[str], sign_outs: int) -> None:
    """Prints a token for each role, `sign_outs` more to be ended, and values that exist."""
    people = {each.role.value: User.objects.get(username=each.username) for each in sign_ins()}
    attach_photos()
    log_complaints()
    for person in people.values():
        begin_work(person)
    people[TECHNICAL_ADMIN] = User.objects.create_superuser(TECHNICAL_ADMIN)
    print(
        json.dumps(
            {
                "tokens": {role: token_of(people[role]) for role in roles if role in people},
                "ended": {
                    role: [token_of(people[role]) for _ in range(sign_outs)]
                    for role in roles
                    if role in people
                },
                "values": values(),
                "tickets": {
                    role: tickets(Ticket.objects.visible_to(person))
                    for role, person in people.items()
                },
            }
        )
    )


def log_complaints() -> None:
    """Logs complaints of each category, and waits until each department has their tickets.

    The few days of the demo have few for HR, accounting and management.
    """
    seller = User.objects.get(username="rosa")
    logged = [
        raise_complaint(actor=seller, customer=None, category=category, description="It is wrong.")
        for category in ComplaintCategory
        for _ in range(OF_EACH_CATEGORY)
    ]
    tickets = Ticket.objects.filter(subject__in=[complaint.number for complaint in logged])
    deadline = time.monotonic() + HANDOFF_SECONDS
    while tickets.count() < len(logged):
        if time.monotonic() > deadline:
            raise TimeoutError("the complaints have no tickets")
        time.sleep(0.2)


def begin_work(person: User) -> None:
    """Takes a person's waiting tickets of each department, and holds, returns and completes some.

    So the calls of each role find tickets in each state, also their own.
    """
    day = timezone.localdate() + timedelta(days=3)
    for department in person.departments():
        if not person.may(work_permission(department)):
            continue
        waiting = Ticket.objects.visible_to(person).filter(
            department=department, kind=TicketKind.COMPLAINT, state=TicketState.WAITING
        )
        taken = [take_ticket(actor=person, ticket=ticket) for ticket in waiting[:TAKEN]]
        if len(taken) < TAKEN:
            continue
        held, returned, completed = taken[:3]
        hold_ticket(actor=person, ticket=held, reason="A colleague knows more.", until_date=day)
        return_ticket(actor=person, ticket=returned, reason="other", question="Which day was it?")
        complete_ticket(actor=person, ticket=completed, outcome="upheld", message="We are sorry.")


def attach_photos() -> None:
    """Attaches a photo to some orders; a short history of the demo may have none."""
    seller = User.objects.get(username="rosa")
    for order in Order.objects.order_by("-pk")[:5]:
        attach(
            actor=seller,
            kind="order",
            number=order.number,
            name="mug.jpg",
            content=draw_chipped_mug(order.pk),
        )


def token_of(user: User) -> str:
    """Returns a new token; only its hash is stored."""
    _, secret = AuthToken.objects.create(user=user, expiry=knox_settings.TOKEN_TTL)
    return str(secret)


def values() -> dict[str, list[Any]]:
    """Returns the values of each dictionary; records in every state that the demo has."""
    today = timezone.localdate()
    return {
        "orders": of_each(Order.objects.all(), "number", "state", "fulfilment_state"),
        "customers": of_each(Customer.objects.all(), "number", "is_active"),
        "complaints": of_each(Complaint.objects.all(), "number", "state", "category"),
        "payments": of_each(Payment.objects.all(), "number", "method"),
        "refunds": of_each(Refund.objects.all(), "number", "method"),
        "tickets": tickets(Ticket.objects.all()),
        "invoices": of_each(Invoice.objects.all(), "number", "kind"),
        "attachments": of_each(
            Attachment.objects.exclude(holder_kind=DRAFT), "number", "holder_kind"
        ),
        # Half of the combinations exist.
        "holders": [
            *of_each(Order.objects.all(), "number", "state"),
            *of_each(Complaint.objects.all(), "number", "state"),
        ],
        "holder_kinds": ["order", "complaint"],
        "products": of_each(Product.objects.all(), "sku", "kind", "is_active"),
        "handoffs": of_each(Handoff.objects.all(), "pk", "destination", "state"),
        "methods": list(PaymentMethod.objects.values_list("code", flat=True)),
        "people": list(User.objects.values_list("username", flat=True)),
        "reasons": list(ReasonToReturn.objects.values_list("code", flat=True)),
        "outcomes": ["upheld", "goodwill"],
        "quantities": ["1", "2", "40"],
        "percents": ["0", "5", "12.5"],
        "amounts": ["1.00", "5.00", "0.01", "20"],
        "days": [(today + timedelta(days=days)).isoformat() for days in (0, 1, 7, 30)],
        "words": ["lantern", "SO-000001", "candle", "kestrel", "mug"],
    }


def tickets(rows: QuerySet[Any, Model]) -> list[str]:
    """Returns numbers of these tickets, of each department in each state."""
    return of_each(rows, "number", "department", "state")


def of_each(rows: QuerySet[Any, Model], name: str, *states: str) -> list[Any]:
    """Returns this field of the newest few rows of each combination of states."""
    found: dict[tuple[Any, ...], list[Any]] = {}
    for value, *state in rows.order_by("-pk").values_list(name, *states)[:5000]:
        found.setdefault(tuple(state), []).append(value)
    few = max(1, MOST // max(1, len(found)))
    return [value for group in found.values() for value in group[:few]][:MOST]


def dead() -> None:
    """Prints the dead hand-offs with their errors."""
    rows = Handoff.objects.filter(state=HandoffState.DEAD)
    names = ("destination", "contract", "subject", "last_error")
    print(json.dumps([list(map(str, row)) for row in rows.values_list(*names)]))
