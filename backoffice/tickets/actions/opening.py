"""Opening tickets from a hand-off, in the transaction that applies it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from backoffice.tickets.actions.transitions import realm_of
from backoffice.tickets.due_times import DueTime, complaint_due_time, known_severity
from backoffice.tickets.models import ComplaintBrief, Ticket, TicketPeriod
from backoffice.tickets.states import Priority, Severity, TicketKind, TicketState
from backoffice.tickets.wording import in_office_language
from officeflow.audit.actions import record, record_in_batches
from officeflow.company.models import Site
from officeflow.handoff.contracts import ComplaintRaised, ComplaintReopened, Party
from officeflow.handoff.models import Handoff
from officeflow.handoff.registry import PermanentError
from officeflow.numbering import next_numbers
from officeflow.permissions import Department
from officeflow.postgres.inserts import insert
from officeflow.text import name_key


class SiteMissingError(PermanentError):
    """The hand-off's site does not exist, so trying again cannot help."""


@dataclass(frozen=True, kw_only=True)
class NewTicket:
    """The values of a ticket to be opened. A title longer than 200 characters is cut."""

    handoff: Handoff
    department: Department
    kind: TicketKind
    subject: str
    title: str
    details: str = ""
    customer: Party | None = None
    site_code: str
    due: DueTime
    priority: Priority = Priority.NORMAL


def open_ticket(new: NewTicket) -> Ticket:
    """Opens one ticket as `open_tickets` does."""
    return open_tickets([new])[0]


@transaction.atomic
def open_tickets(opened: Sequence[NewTicket]) -> list[Ticket]:
    """Opens waiting tickets, all or none, and returns them in the given order.

    Raises `SiteMissingError`, and `IntegrityError` for a second ticket of one kind on a hand-off.
    """
    now = timezone.now()
    sites = Site.objects.in_bulk({new.site_code for new in opened}, field_name="code")
    for new in opened:
        if new.site_code not in sites:
            raise SiteMissingError(f"there is no site {new.site_code}")
    numbers = next_numbers("TK", len(opened))
    tickets = [
        _ticket(new, number, sites[new.site_code], now)
        for new, number in zip(opened, numbers, strict=True)
    ]
    insert(tickets)
    insert(
        TicketPeriod(ticket=ticket, state=TicketState.WAITING, started_at=now) for ticket in tickets
    )
    with record_in_batches():
        for ticket in tickets:
            record(
                actor=None,
                action="open_ticket",
                subject_kind="ticket",
                subject=ticket.number,
                changes={
                    "state": (None, TicketState.WAITING.value),
                    "about": (None, ticket.subject),
                },
                realm=realm_of(ticket),
                at=now,
            )
    return tickets


def _ticket(new: NewTicket, number: str, site: Site, now: datetime) -> Ticket:
    customer_name = new.customer.name if new.customer else ""
    title = new.title[:200]
    return Ticket(
        number=number,
        site=site,
        department=new.department,
        kind=new.kind,
        handoff=new.handoff,
        subject=new.subject,
        title=title,
        details=new.details,
        customer_number=new.customer.number if new.customer else "",
        customer_name=customer_name,
        search_key=name_key(f"{customer_name} {title}")[:420],
        priority=new.priority,
        due_at=new.due.at,
        is_promised=new.due.is_promised,
        created_at=now,
    )


def complaint_priority(severity: str) -> Priority:
    """Returns the priority of a complaint: high for high severity, else normal."""
    return Priority.HIGH if known_severity(severity) == Severity.HIGH else Priority.NORMAL


def _summary_of(text: str) -> str:
    """Returns a title for a longer text: its first line, shortened."""
    lines = text.strip().splitlines() or [""]
    return Truncator(lines[0].strip()).chars(90)


@transaction.atomic
def open_complaint_ticket(
    contract: ComplaintRaised | ComplaintReopened, handoff: Handoff, department: Department
) -> Ticket:
    """Opens the ticket of a complaint that is not sealed.

    A reopened complaint gets a new ticket, so that the first one keeps its timeline. HR does not
    use this: it stores the text in a sealed case.
    """
    if isinstance(contract, ComplaintReopened):
        brief = ComplaintBrief(is_reopened=True)
        known_at, details = contract.reopened_at, contract.reason
        with in_office_language():
            title = _("Reopened: %(words)s") % {"words": _summary_of(contract.reason)}
    else:
        brief = ComplaintBrief(
            order_number=contract.order_number or "",
            product_sku=contract.product_sku or "",
            desired_outcome=contract.desired_outcome,
        )
        known_at, details = contract.known_at, contract.description
        title = _summary_of(contract.description)
    ticket = open_ticket(
        NewTicket(
            handoff=handoff,
            department=department,
            kind=TicketKind.COMPLAINT,
            subject=contract.complaint_number,
            title=title,
            details=details,
            customer=contract.customer,
            site_code=contract.site_code,
            due=complaint_due_time(department, known_at, contract.severity),
            priority=complaint_priority(contract.severity),
        )
    )
    brief.ticket = ticket
    brief.category, brief.severity = contract.category, contract.severity
    brief.save()
    return ticket
