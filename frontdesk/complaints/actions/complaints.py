"""Logging, confirming and reopening complaints."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from frontdesk.complaints.messages import withdraw_answer_message
from frontdesk.complaints.models import (
    Complaint,
    ComplaintCategory,
    ComplaintPeriod,
    ComplaintRoute,
)
from frontdesk.complaints.states import COMPLAINT_MOVES, ComplaintState
from frontdesk.complaints.transitions import move_complaint
from frontdesk.complaints.visibility import realm_of
from frontdesk.customers.actions.merge import resolve_merged
from frontdesk.customers.models import Customer
from frontdesk.notifications.actions import settle_desk_notifications
from frontdesk.notifications.models import DeskNotificationKind
from frontdesk.orders.models import Order, OrderLine
from officeflow.audit.actions import record
from officeflow.catalogue.models import Product
from officeflow.company.models import Site
from officeflow.company.queries import get_office, undo_runs, undo_window
from officeflow.errors import Conflict, Refused
from officeflow.handoff import contracts
from officeflow.handoff.contract_labels import Severity
from officeflow.handoff.models import Destination
from officeflow.handoff.outbox import is_under_way, post
from officeflow.numbering import next_number
from officeflow.staff.models import User


@transaction.atomic
def raise_complaint(
    *,
    actor: User,
    customer: Customer | None,
    category: ComplaintCategory,
    description: str,
    severity: Severity = Severity.NORMAL,
    desired_outcome: str = "",
    order: Order | None = None,
    order_line: OrderLine | None = None,
    product: Product | None = None,
    logged_at: datetime | None = None,
    source: str = "",
    source_reference: str = "",
    site: Site | None = None,
) -> Complaint:
    """Logs a complaint, at the current time unless given, and posts it to its department.

    `site` is None for the main site.

    A complaint about conduct is sealed: the desk stores number, customer, date and public state,
    and everything else goes to HR alone. An imported complaint has a `source` and its number there
    as `source_reference`, unique together. Raises `Refused`.
    """
    description, desired_outcome = description.strip(), desired_outcome.strip()
    if not description:
        raise Refused(_("Enter what happened."), "description")
    if customer is not None:
        customer = resolve_merged(customer)
    if order is not None:
        buyer = resolve_merged(order.customer) if order.customer else None
        if customer is not None and buyer not in (None, customer):
            raise Refused(_("This order belongs to another customer."), "order")
        customer = customer or buyer
    if order_line is not None:
        if order is None or order_line.order_id != order.pk:
            raise Refused(_("This line belongs to another order."), "order_line")
        product = product or order_line.product
    category = ComplaintCategory(category)
    is_sealed = category == ComplaintCategory.CONDUCT
    route = ComplaintRoute.objects.get(category=category)
    site = site or get_office().main_site
    now = logged_at or timezone.now()
    kept = (
        {}
        if is_sealed
        else {
            "severity": Severity(severity),
            "description": description,
            "desired_outcome": desired_outcome,
            "order": order,
            "order_line": order_line,
            "product": product,
        }
    )
    complaint = Complaint.objects.create(
        number=next_number("CP"),
        site=site,
        customer=customer,
        category=category,
        is_sealed=is_sealed,
        destination=route.destination,
        logged_by=actor,
        logged_at=now,
        source=source,
        source_reference=source_reference,
        **kept,
    )
    ComplaintPeriod.objects.create(
        complaint=complaint, state=complaint.state, started_at=now, actor=actor
    )
    record(
        actor=actor,
        action="raise_complaint",
        subject_kind="complaint",
        subject=complaint.number,
        changes={"state": (None, ComplaintState.LOGGED)},
        realm=realm_of(complaint),
        at=now,
    )
    post(
        contracts.ComplaintRaised(
            complaint_number=complaint.number,
            site_code=site.code,
            raised_at=now,
            category=contracts.ComplaintCategory(category),
            severity=contracts.ComplaintSeverity(severity),
            customer=_party(customer),
            order_number=order.number if order else None,
            product_sku=product.sku if product else None,
            description=description,
            desired_outcome=desired_outcome,
            read_in_at=timezone.now() if source else None,
        ),
        to=[Destination(complaint.destination)],
        subject=complaint.number,
        actor=actor,
        is_sealed=is_sealed,
    )
    return complaint


def _party(customer: Customer | None) -> contracts.Party | None:
    return contracts.Party(number=customer.number, name=customer.name) if customer else None


def can_confirm(complaint: Complaint) -> bool:
    """Returns whether a department has answered and the customer can be told."""
    return complaint.state == ComplaintState.RESOLVED


def can_reopen(complaint: Complaint) -> bool:
    """Returns whether the complaint was answered and can be reopened, also after confirmation."""
    return COMPLAINT_MOVES.allows(ComplaintState(complaint.state), ComplaintState.REOPENED)


@transaction.atomic
def confirm_complaint(*, actor: User, complaint: Complaint) -> Complaint:
    """Confirms that the customer was told the answer and is satisfied; the department is told.

    HR's words for the customer are kept while this can be undone: see `forget_told_answers`.
    Raises `Conflict` when there is no answer, also when the department has just withdrawn it, or it
    was confirmed already.
    """
    complaint = Complaint.objects.select_for_update().get(pk=complaint.pk)
    if complaint.state == ComplaintState.CONFIRMED:
        raise Conflict(_("The customer has already been told."))
    if not can_confirm(complaint):
        raise Conflict(_("There is no answer for the customer yet."))
    now = timezone.now()
    move_complaint(
        complaint, ComplaintState.CONFIRMED, actor=actor, at=now, action="confirm_complaint"
    )
    if not undo_window():
        _forget_the_answer(complaint)
    complaint.save()
    settle_desk_notifications(subject=complaint.number, kind=DeskNotificationKind.ANSWERED)
    _post_told(complaint, actor=actor, is_told=True, at=now)
    _check_not_withdrawn(complaint)
    return complaint


def _post_told(complaint: Complaint, *, actor: User, is_told: bool, at: datetime) -> None:
    post(
        contracts.CustomerTold(
            complaint_number=complaint.number, is_told=is_told, at=at, by_name=actor.get_full_name()
        ),
        to=[Destination(complaint.destination)],
        subject=complaint.number,
        actor=actor,
    )


def _check_not_withdrawn(complaint: Complaint) -> None:
    """Raises `Conflict` when the department has withdrawn the answer. Called after posting to it,
    so that of the two one wins."""
    if is_under_way(
        contracts.ComplaintAnswerWithdrawn, to=Destination.FRONTDESK, subject=complaint.number
    ):
        raise Conflict(_("The department has just withdrawn its answer. Wait for the new one."))


@transaction.atomic
def undo_confirmation(*, actor: User, complaint: Complaint) -> Complaint:
    """Takes back that the customer was told, within the office's seconds for Undo.

    Raises `Conflict` later, or when it was taken back or reopened already.
    """
    complaint = Complaint.objects.select_for_update().get(pk=complaint.pk)
    if complaint.state != ComplaintState.CONFIRMED:
        raise Conflict(_("The complaint is no longer confirmed. There is nothing to undo."))
    now = timezone.now()
    confirmed = complaint.periods.get(ended_at__isnull=True)
    if not undo_runs(confirmed.started_at, now):
        raise Conflict(_("The time for Undo is over. You can reopen the complaint instead."))
    move_complaint(
        complaint, ComplaintState.RESOLVED, actor=actor, at=now, action="undo_confirmation"
    )
    complaint.save()
    _post_told(complaint, actor=actor, is_told=False, at=now)
    return complaint


def _forget_the_answer(complaint: Complaint) -> None:
    """Deletes HR's words for the customer once the customer was told."""
    if complaint.is_sealed:
        complaint.message = ""


def forget_told_answers(*, limit: int = 100) -> int:
    """Deletes HR's words for the customer of confirmed complaints whose time for Undo is over.

    Returns of how many. Several processes may run this at once; of this and an Undo one wins.
    """
    told = Complaint.objects.filter(is_sealed=True, state=ComplaintState.CONFIRMED).exclude(
        message=""
    )
    found = list(told.values_list("pk", flat=True)[:limit])
    if not found:
        return 0
    final = ComplaintPeriod.objects.filter(
        complaint__in=found,
        ended_at__isnull=True,
        started_at__lte=timezone.now() - undo_window(),
    )
    return told.filter(pk__in=final.values("complaint")).update(message="")


@transaction.atomic
def reopen_complaint(*, actor: User, complaint: Complaint, reason: str) -> Complaint:
    """Reopens an answered complaint and posts it to the same department again.

    Raises `Refused` without a reason, `Conflict` when the complaint was not answered.
    """
    reason = reason.strip()
    if not reason:
        raise Refused(_("Enter what the customer is still unhappy about."), "reason")
    complaint = Complaint.objects.select_for_update().get(pk=complaint.pk)
    if not can_reopen(complaint):
        raise Conflict(_("Only an answered complaint can be reopened."))
    now = timezone.now()
    move_complaint(
        complaint,
        ComplaintState.REOPENED,
        actor=actor,
        at=now,
        action="reopen_complaint",
        reason=reason,
    )
    _forget_the_answer(complaint)
    complaint.save()
    settle_desk_notifications(subject=complaint.number, kind=DeskNotificationKind.ANSWERED)
    withdraw_answer_message(actor=actor, complaint=complaint)
    post(
        contracts.ComplaintReopened(
            complaint_number=complaint.number,
            site_code=complaint.site.code,
            reopened_at=now,
            category=contracts.ComplaintCategory(complaint.category),
            severity=contracts.ComplaintSeverity(complaint.severity),
            customer=_party(complaint.customer),
            reason=reason,
        ),
        to=[Destination(complaint.destination)],
        subject=complaint.number,
        actor=actor,
        is_sealed=complaint.is_sealed,
    )
    _check_not_withdrawn(complaint)
    return complaint
