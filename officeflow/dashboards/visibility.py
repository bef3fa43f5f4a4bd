"""What a person may see of a hand-off: of those to HR, only destination, state and times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from officeflow.company.models import Office
from officeflow.company.working_time import working_time_between
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.handoff.queries import hidden_from
from officeflow.permissions import Permission
from officeflow.staff.models import User


def is_hidden(destination: str, user: User) -> bool:
    """Whether the subjects of a destination are hidden from a person."""
    return destination in hidden_from(user)


# The contracts in words. One that is missing here is shown by its name.
CONTRACT_LABELS: dict[str, str | Promise] = {
    "OrderPlaced": _("Order placed"),
    "OrderCancelled": _("Order cancelled"),
    "PaymentTaken": _("Payment taken"),
    "PaymentMethodCorrected": _("Payment method corrected"),
    "RefundPaid": _("Refund paid"),
    "TillCounted": _("Till counted"),
    "GoodsHandedOver": _("Goods handed over"),
    "HandOverUndone": _("Hand-over undone"),
    "RushRequested": _("Rush requested"),
    "ComplaintRaised": _("Complaint raised"),
    "ComplaintReopened": _("Complaint reopened"),
    "CustomerTold": _("Customer told"),
    "TicketAnswered": _("Question answered"),
    "TicketReturned": _("Ticket returned"),
    "TicketHeld": _("Ticket put on hold"),
    "TicketResumed": _("Ticket resumed"),
    "FulfilmentProgressed": _("Fulfilment progressed"),
    "FulfilmentReopened": _("Fulfilment reopened"),
    "RushAnswered": _("Rush answered"),
    "BillingProgressed": _("Billing progressed"),
    "RefundDue": _("Refund due"),
    "ComplaintTaken": _("Complaint in hand"),
    "ComplaintResolved": _("Complaint resolved"),
    "ComplaintAnswerWithdrawn": _("Answer to a complaint withdrawn"),
    "MailDue": _("Mail to be sent"),
    "PasswordForgotten": _("New password asked for"),
}


@dataclass(frozen=True, kw_only=True)
class VisibleHandoff:
    """A hand-off as a person may see it. `subject` and `contract` are None when hidden.

    `accepted_after` is the opening time from posting to acceptance, in seconds.
    """

    id: int
    destination: Destination
    state: HandoffState
    subject: str | None
    contract: str | None
    error: str
    attempts: int
    posted_at: datetime
    posted_by: str
    delivered_at: datetime | None
    accepted_at: datetime | None
    accepted_by: str
    returned_at: datetime | None
    accepted_after: float | None

    @property
    def is_dead(self) -> bool:
        """Whether it needs an operator."""
        return self.state == HandoffState.DEAD

    @property
    def delivered_after(self) -> float | None:
        """Seconds from posting to delivery."""
        if self.delivered_at is None:
            return None
        return max(0.0, (self.delivered_at - self.posted_at).total_seconds())

    @property
    def title(self) -> str | Promise:
        """The title in lists."""
        return contract_title(self.contract or "")


def contract_title(contract: str) -> str | Promise:
    """The title of hand-offs of a contract; an empty contract is hidden."""
    return CONTRACT_LABELS.get(contract, contract) if contract else _("A hand-off to HR")


def visible_handoff(user: User, handoff: Handoff, office: Office | None = None) -> VisibleHandoff:
    """The hand-off as this person may see it; `accepted_after` needs the office."""
    hidden = is_hidden(handoff.destination, user)
    # Who of HR reported to the desk about a sealed complaint is HR's alone too.
    is_hrs = handoff.is_sealed and handoff.destination == Destination.FRONTDESK
    nameless = hidden or (is_hrs and not user.may(Permission.VIEW_HR))
    return VisibleHandoff(
        id=handoff.pk,
        destination=Destination(handoff.destination),
        state=HandoffState(handoff.state),
        subject=None if hidden else handoff.subject,
        contract=None if hidden else handoff.contract,
        error=visible_error(handoff, user),
        attempts=handoff.attempts - handoff.attempts_forgiven,
        posted_at=handoff.posted_at,
        posted_by="" if nameless else _name(handoff.posted_by),
        delivered_at=handoff.delivered_at,
        accepted_at=handoff.accepted_at,
        accepted_by=""
        if nameless or handoff.accepted_by is None
        else handoff.accepted_by.full_name,
        returned_at=handoff.returned_at,
        accepted_after=None
        if office is None or handoff.accepted_at is None
        else working_time_between(
            handoff.posted_at, handoff.accepted_at, office=office
        ).total_seconds(),
    )


def _name(person: User | None) -> str:
    return person.full_name if person else ""


def visible_error(handoff: Handoff, user: User) -> str:
    """The last error; of a hidden hand-off only its type."""
    if is_hidden(handoff.destination, user):
        return handoff.last_error.partition(":")[0]
    return handoff.last_error
