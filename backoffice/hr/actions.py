"""Actions on sealed conduct cases, commissions and commission rates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.hr.models import Commission, CommissionRate, ConductCase
from backoffice.tickets.actions import NewTicket, complaint_priority, open_ticket
from backoffice.tickets.due_times import complaint_due_time
from backoffice.tickets.states import TicketKind
from officeflow.audit.actions import record, record_in_batches
from officeflow.audit.models import Realm
from officeflow.company.queries import get_office, office_date
from officeflow.errors import Refused
from officeflow.handoff.contracts import (
    ComplaintRaised,
    ComplaintReopened,
    OrderCancelled,
    OrderPlaced,
)
from officeflow.handoff.models import Handoff
from officeflow.handoff.registry import PermanentError
from officeflow.money import ONE, ZERO, quantise
from officeflow.permissions import Department
from officeflow.postgres.inserts import insert
from officeflow.staff.models import User

RATE_STEP = Decimal("0.0001")


class CommissionError(PermanentError):
    """A hand-off can neither accrue nor reverse a commission."""


class AlreadyAccrued(CommissionError):
    """The order already has a commission."""


class NothingAccrued(CommissionError):
    """The order has no commission: the hand-off that placed it was discarded."""


class AlreadyReversed(CommissionError):
    """The order's commission was reversed already."""


class UnusableRate(Refused):
    """A rate is out of range, from a past day, or from a day that already has a rate."""


@transaction.atomic
def accrue_commissions(
    *, actor: User | None, placed: Sequence[tuple[OrderPlaced, Handoff]]
) -> list[Commission]:
    """Accrues the salesperson's commission on each order's net total, for all or for none.

    The rate is the one valid on the order's day in the office's time zone: the person's own, else
    everybody's, else zero. Raises `AlreadyAccrued`.
    """
    orders = [order for order, _handoff in placed]
    numbers = [order.order_number for order in orders]
    for known in Commission.objects.filter(order_number__in=numbers)[:1]:
        raise AlreadyAccrued(f"order {known.order_number} has its commission already")
    office, now = get_office(), timezone.now()
    days = [office_date(order.ordered_at, office) for order in orders]
    rate_on = CommissionRate.objects.lookup({order.salesperson_id for order in orders})
    rates = [rate_on(order.salesperson_id, day) for order, day in zip(orders, days, strict=True)]
    commissions = [
        Commission(
            handoff=handoff,
            order_number=order.order_number,
            salesperson_id=order.salesperson_id,
            net=order.net,
            rate=rate,
            amount=quantise(order.net * rate, order.currency),
            currency=order.currency,
            earned_date=day,
            accrued_at=now,
        )
        for (order, handoff), day, rate in zip(placed, days, rates, strict=True)
    ]
    insert(commissions)
    with record_in_batches():
        for commission in commissions:
            record(
                actor=actor,
                action="accrue_commission",
                subject_kind="commission",
                subject=commission.order_number,
                changes={
                    "amount": (None, commission.amount),
                    "rate": (None, commission.rate),
                },
                realm=Realm.HR,
                at=now,
            )
    return commissions


@transaction.atomic
def reverse_commission(
    *, actor: User | None, cancelled: OrderCancelled, handoff: Handoff
) -> Commission:
    """Reverses a cancelled order's commission, on the day of the cancellation.

    Raises `NothingAccrued`, `AlreadyReversed`.
    """
    accrued = Commission.objects.filter(
        order_number=cancelled.order_number, reverses__isnull=True
    ).first()
    if accrued is None:
        raise NothingAccrued(f"order {cancelled.order_number} has no commission")
    if Commission.objects.filter(reverses=accrued).exists():
        raise AlreadyReversed(f"the commission of {cancelled.order_number} was reversed already")
    now = timezone.now()
    reversal = Commission.objects.create(
        handoff=handoff,
        order_number=accrued.order_number,
        salesperson_id=accrued.salesperson_id,
        net=-accrued.net,
        rate=accrued.rate,
        amount=-accrued.amount,
        currency=accrued.currency,
        earned_date=office_date(cancelled.cancelled_at),
        accrued_at=now,
        reverses=accrued,
    )
    record(
        actor=actor,
        action="reverse_commission",
        subject_kind="commission",
        subject=reversal.order_number,
        changes={"amount": (accrued.amount, reversal.amount)},
        realm=Realm.HR,
        at=now,
    )
    return reversal


@transaction.atomic
def set_commission_rate(
    *, actor: User, user: User | None, rate: Decimal, valid_from_date: date
) -> CommissionRate:
    """Sets the rate (a fraction) from a day on, for one person or (`user` None) for everybody.

    The day must not be in the past, because its commissions are accrued. Raises `UnusableRate`.
    """
    if not ZERO <= rate <= ONE or rate != rate.quantize(RATE_STEP):
        raise UnusableRate(
            _("Enter a rate from 0 to 100 percent, with at most two decimals."), "percent"
        )
    if valid_from_date < office_date():
        raise UnusableRate(
            _("Choose today or a later day. Commissions for past days are already accrued."),
            "valid_from_date",
        )
    try:
        with transaction.atomic():
            written = CommissionRate.objects.create(
                user=user, rate=rate, valid_from_date=valid_from_date
            )
    except IntegrityError as error:
        raise UnusableRate(
            _("There is already a rate that starts on this day. Choose another day."),
            "valid_from_date",
        ) from error
    record(
        actor=actor,
        action="set_commission_rate",
        subject_kind="commission_rate",
        subject=user.username if user else "everybody",
        changes={"rate": (None, rate), "valid_from_date": (None, valid_from_date)},
        realm=Realm.HR,
    )
    return written


@transaction.atomic
def open_conduct_case(
    *, actor: User | None, complaint: ComplaintRaised | ComplaintReopened, handoff: Handoff
) -> ConductCase:
    """Opens a sealed case with its ticket in HR's queue.

    The complaint's text is stored in the case alone, not in the ticket or the audit trail.
    """
    if isinstance(complaint, ComplaintReopened):
        first = _first_case(complaint.complaint_number)
        case = ConductCase(
            is_reopened=True,
            description=complaint.reason,
            # The desk does not store these for a sealed complaint; the first case does.
            severity=first.severity if first else complaint.severity,
            order_number=first.order_number if first else "",
            raised_at=complaint.reopened_at,
        )
        title = _("Conduct complaint %(number)s, reopened")
    else:
        case = ConductCase(
            description=complaint.description,
            desired_outcome=complaint.desired_outcome,
            severity=complaint.severity,
            order_number=complaint.order_number or "",
            raised_at=complaint.raised_at,
        )
        title = _("Conduct complaint %(number)s")
    case.complaint_number = complaint.complaint_number
    case.ticket = open_ticket(
        NewTicket(
            handoff=handoff,
            department=Department.HR,
            kind=TicketKind.COMPLAINT,
            subject=complaint.complaint_number,
            title=title % {"number": complaint.complaint_number},
            customer=complaint.customer,
            site_code=complaint.site_code,
            due=complaint_due_time(Department.HR, case.raised_at, case.severity),
            priority=complaint_priority(case.severity),
        )
    )
    case.save()
    record(
        actor=actor,
        action="open_conduct_case",
        subject_kind="conduct_case",
        subject=case.complaint_number,
        changes={"ticket": (None, case.ticket.number)},
        realm=Realm.HR,
    )
    return case


def _first_case(complaint_number: str) -> ConductCase | None:
    return ConductCase.objects.filter(complaint_number=complaint_number, is_reopened=False).first()
