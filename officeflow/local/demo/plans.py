"""The plans of the demo's orders and complaints: every event with its time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from frontdesk.complaints.models import ComplaintCategory
from frontdesk.payments.models.methods import DefaultMethod
from officeflow.handoff.contract_labels import Severity


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question of the packer to the desk; without an answer it stays open."""

    text: str
    asked_at: datetime
    answer: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class OrderPlan:
    """The plan of one order. An event whose time is None does not happen."""

    key: str
    at: datetime
    customer: int | None  # index in `CustomerList`; None is a walk-in
    lines: tuple[tuple[str, str], ...]  # code and quantity
    seller: str = "rosa"
    packer: str = "femi"
    is_delivery: bool = False
    discount_percent: str = "0"
    wanted_in_days: int | None = None
    note: str = ""
    method: DefaultMethod = DefaultMethod.CARD
    pays: str = ""  # "full" or an amount
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
    """The plan of one complaint. An event whose time is None does not happen."""

    at: datetime
    customer: int
    category: ComplaintCategory
    text: str
    desired_outcome: str = ""
    severity: Severity = Severity.NORMAL
    order: str = ""  # the key of the order that the complaint is about
    logger: str = "rosa"
    handler: str = ""
    taken_at: datetime | None = None
    resolved_at: datetime | None = None
    outcome: str = ""
    message: str = ""
    told_at: datetime | None = None
    reopen_reason: str = ""
    second_answer_at: datetime | None = None
    second_message: str = ""


@dataclass
class Plans:
    """The plans of all orders and complaints."""

    orders: list[OrderPlan] = field(default_factory=list)
    complaints: list[ComplaintPlan] = field(default_factory=list)
