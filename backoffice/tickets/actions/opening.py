"""How a ticket comes to be: always from a hand-off, inside its apply."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from backoffice.tickets.actions.moving import realm_of
from backoffice.tickets.due import Due, complaint_due, known_severity, order_due, put_back_due
from backoffice.tickets.models import ComplaintBrief, Ticket, TicketPeriod
from backoffice.tickets.states import Priority, Severity, TicketKind, TicketState
from backoffice.tickets.wording import in_office_language
from officeflow.audit.actions import record
from officeflow.company.models import Site
from officeflow.handoff.contracts import ComplaintRaised, ComplaintReopened, Party
from officeflow.handoff.models import Handoff
from officeflow.handoff.registry import PermanentError
from officeflow.numbering import next_number
from officeflow.staff.permissions import Department
from officeflow.text import name_key


class SiteMissingError(PermanentError):
    """A hand-off names a site that this office does not have: trying again cannot help."""


@transaction.atomic
def open_ticket(
    *,
    handoff: Handoff,
    department: Department,
    kind: TicketKind,
    subject: str,
    title: str,
    details: str = "",
    customer: Party | None = None,
    site_code: str,
    due: Due | None = None,
    priority: Priority = Priority.NORMAL,
) -> Ticket:
    """A new piece of work for a department, waiting to be taken.

    One for each kind of work on each hand-off; the database refuses a second with
    `IntegrityError`. Without `due` it is due by the rules of `backoffice.tickets.due`. A title
    longer than 200 characters is cut. Raises `SiteMissingError`.
    """
    now = timezone.now()
    due = due or _usual_due(department, kind, now)
    try:
        site = Site.objects.get(code=site_code)
    except Site.DoesNotExist:
        raise SiteMissingError(f"there is no site {site_code}") from None
    ticket = Ticket.objects.create(
        number=next_number("TK"),
        site=site,
        department=department,
        kind=kind,
        handoff=handoff,
        subject=subject,
        title=title[:200],
        details=details,
        customer_number=customer.number if customer else "",
        customer_name=customer.name if customer else "",
        search_key=name_key(f"{customer.name if customer else ''} {title[:200]}")[:420],
        priority=priority,
        due_at=due.at,
        is_promised=due.is_promised,
        created_at=now,
    )
    TicketPeriod.objects.create(ticket=ticket, state=TicketState.WAITING, started_at=now)
    record(
        actor=None,
        action="open_ticket",
        subject_kind="ticket",
        subject=ticket.number,
        changes={"state": (None, TicketState.WAITING.value), "about": (None, subject)},
        realm=realm_of(ticket),
        at=now,
    )
    return ticket


def _usual_due(department: Department, kind: TicketKind, now: datetime) -> Due:
    if kind == TicketKind.COMPLAINT:
        return complaint_due(department, now, "")
    if kind == TicketKind.PUT_BACK:
        return put_back_due(now)
    return order_due(now, None)


def complaint_priority(severity: str) -> Priority:
    """A complaint that weighs much for the customer goes before others."""
    return Priority.HIGH if known_severity(severity) == Severity.HIGH else Priority.NORMAL


def _first_words(text: str) -> str:
    """What stands at the top of a list for a longer text: the first of its lines, cut."""
    lines = text.strip().splitlines() or [""]
    return Truncator(lines[0].strip()).chars(90)


@transaction.atomic
def open_complaint_ticket(
    contract: ComplaintRaised | ComplaintReopened, handoff: Handoff, department: Department
) -> Ticket:
    """The ticket of a complaint that is not sealed, with what the desk wrote down of it.

    Each time a complaint is reopened makes a new ticket, so that the first one's story stays.
    HR does not use this: it keeps the text sealed in its own rooms.
    """
    if isinstance(contract, ComplaintReopened):
        brief = ComplaintBrief(is_reopened=True)
        known_at, details = contract.reopened_at, contract.reason
        with in_office_language():
            title = _("Reopened: %(words)s") % {"words": _first_words(contract.reason)}
    else:
        brief = ComplaintBrief(
            order_number=contract.order_number or "",
            product_sku=contract.product_sku or "",
            desired_outcome=contract.desired_outcome,
        )
        known_at, details = contract.known_at, contract.description
        title = _first_words(contract.description)
    ticket = open_ticket(
        handoff=handoff,
        department=department,
        kind=TicketKind.COMPLAINT,
        subject=contract.complaint_number,
        title=title,
        details=details,
        customer=contract.customer,
        site_code=contract.site_code,
        due=complaint_due(department, known_at, contract.severity),
        priority=complaint_priority(contract.severity),
    )
    brief.ticket = ticket
    brief.category, brief.severity = contract.category, contract.severity
    brief.save()
    return ticket
