"""What is going to become of one order or one complaint, decided before it begins."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from frontdesk.complaints.models import Category, Severity
from frontdesk.payments.models.methods import DefaultMethod


@dataclass(frozen=True, kw_only=True)
class Question:
    """What the packer asks the desk, and when; without an answer it is still open."""

    text: str
    asked_at: datetime
    answer: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class OrderPlan:
    """One order from the counter to the door. A moment that is not set does not come."""

    key: str
    at: datetime
    customer: int | None  # its place among the customers; None is a walk-in
    lines: tuple[tuple[str, str], ...]  # code and quantity
    seller: str = "rosa"
    packer: str = "femi"
    is_delivery: bool = False
    discount_percent: str = "0"
    wanted_in_days: int | None = None
    note: str = ""
    method: DefaultMethod = DefaultMethod.CARD
    pays: str = ""  # "full" or an amount, to the counter
    paid_at: datetime | None = None
    taken_at: datetime | None = None
    question: Question | None = None
    completed_at: datetime | None = None
    collected_at: datetime | None = None
    cancelled_at: datetime | None = None
    reason: str = ""
    refunded_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ComplaintPlan:
    """One complaint from the counter to the word that it is settled."""

    at: datetime
    customer: int
    category: Category
    text: str
    wish: str = ""
    severity: Severity = Severity.NORMAL
    order: str = ""  # the key of the order that it is about
    logger: str = "rosa"
    handler: str = ""
    taken_at: datetime | None = None
    resolved_at: datetime | None = None
    outcome: str = ""
    message: str = ""
    told_at: datetime | None = None
    reopened_because: str = ""  # told, and not content
    settled_at: datetime | None = None  # answered a second time
    settled_message: str = ""


@dataclass
class Plans:
    """All that is planned."""

    orders: list[OrderPlan] = field(default_factory=list)
    complaints: list[ComplaintPlan] = field(default_factory=list)


def amount(text: str) -> Decimal:
    """A number of a plan."""
    return Decimal(text)
