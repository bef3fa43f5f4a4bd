"""Creates the planned orders and complaints of the demo by calling actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from backoffice.tickets.actions import complete_ticket, return_ticket, take_ticket
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketKind, TicketState
from frontdesk.complaints.actions.complaints import (
    can_confirm,
    confirm_complaint,
    raise_complaint,
    reopen_complaint,
)
from frontdesk.complaints.models import Complaint
from frontdesk.customers.models import Customer
from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.actions.hand_over import can_hand_over, hand_over_order
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Delivery, Order
from frontdesk.payments.actions.payments import pay_refund, take_payment
from frontdesk.payments.cash import likely_cash
from frontdesk.payments.models.payments import Refund
from frontdesk.questions.actions import answer_question
from frontdesk.questions.models import DeskQuestion
from officeflow.attachments.actions import attach
from officeflow.catalogue.models import Product
from officeflow.company.models import Office
from officeflow.company.queries import office_date
from officeflow.local.demo.photos import PHOTOGRAPHED, draw_chipped_mug
from officeflow.local.demo.plans import ComplaintPlan, OrderPlan
from officeflow.local.demo.schedule import Event, Schedule
from officeflow.staff.models import User

RETRY_AFTER = timedelta(minutes=10)  # when a ticket or an answer has not arrived yet
DEFAULT_ADDRESS = "Left luggage, Waterloo Station\nLondon SE1 8SW"
INFORMATION_MISSING = "information_missing"


class DemoContext:
    """The office, people, products and customers that the scripts use."""

    def __init__(
        self,
        office: Office,
        schedule: Schedule,
        people: Mapping[str, User],
        products: Mapping[str, Product],
        customer: Callable[[int], Customer],
    ) -> None:
        self.office, self.schedule = office, schedule
        self.people, self.products, self.customer = people, products, customer
        self.orders: dict[str, Order] = {}

    def schedule_plan(self, plan: OrderPlan | ComplaintPlan) -> None:
        """Schedules the first event of a plan, which schedules the others."""
        script = (
            OrderScript(self, plan) if isinstance(plan, OrderPlan) else ComplaintScript(self, plan)
        )
        self.schedule.add(plan.at, script.begin)

    def with_ticket(self, subject: str, kind: TicketKind, event: Callable[[Ticket], None]) -> None:
        """Runs the event with the latest ticket about a number, as soon as the ticket exists."""
        ticket = Ticket.objects.filter(subject=subject, kind=kind).order_by("-pk").first()
        if ticket is None:
            again = timezone.now() + RETRY_AFTER
            self.schedule.add(again, lambda: self.with_ticket(subject, kind, event))
        else:
            event(ticket)


class OrderScript:
    """The events of one order."""

    def __init__(self, company: DemoContext, plan: OrderPlan) -> None:
        self.company, self.plan = company, plan
        self.seller, self.packer = company.people[plan.seller], company.people[plan.packer]
        self.order: Order

    def begin(self) -> None:
        """Places the order and schedules what follows."""
        plan, company = self.plan, self.company
        customer = None if plan.customer is None else company.customer(plan.customer)
        wanted = None
        if plan.wanted_in_days is not None:
            wanted = office_date(plan.at, company.office) + timedelta(days=plan.wanted_in_days)
        address = customer.address if customer is not None else ""
        self.order = company.orders[plan.key] = place_order(
            actor=self.seller,
            customer=customer,
            lines=[
                NewLine(
                    product=company.products[sku],
                    quantity=Decimal(quantity),
                    discount_percent=Decimal(plan.discount_percent),
                )
                for sku, quantity in plan.lines
            ],
            delivery=Delivery.DELIVERY if plan.is_delivery else Delivery.PICK_UP,
            delivery_address=(address or DEFAULT_ADDRESS) if plan.is_delivery else "",
            wanted_by_date=wanted,
            note=plan.note,
        )
        add = company.schedule.add
        if plan.paid_at:
            add(plan.paid_at, self.pay)
        if plan.taken_at:
            add(plan.taken_at, self._on_ticket(self.take))
        if plan.cancelled_at:
            add(plan.cancelled_at, self.cancel)

    def _on_ticket(self, event: Callable[[Ticket], None]) -> Event:
        return lambda: self.company.with_ticket(self.order.number, TicketKind.ORDER, event)

    def pay(self) -> None:
        """Takes the payment."""
        plan = self.plan
        owed = self.order.gross if plan.pays == "full" else Decimal(plan.pays)
        self._take_payment(owed)

    def _take_payment(self, owed: Decimal) -> None:
        """Takes a payment; cash is given in notes, so that there is change."""
        method = self.plan.method
        given = likely_cash(owed, self.order.currency)[:2][-1] if method == "cash" else None
        take_payment(
            actor=self.seller, order=self.order, amount=owed, method=method, cash_given=given
        )

    def take(self, ticket: Ticket) -> None:
        """The packer takes the ticket; schedules the question or the completion."""
        plan, add = self.plan, self.company.schedule.add
        take_ticket(actor=self.packer, ticket=ticket)
        if plan.question:
            add(plan.question.asked_at, self._on_ticket(self.ask))
        elif plan.completed_at:
            add(plan.completed_at, self._on_ticket(self.complete))

    def ask(self, ticket: Ticket) -> None:
        """The packer returns the ticket with a question."""
        question = self.plan.question
        assert question is not None
        return_ticket(
            actor=self.packer, ticket=ticket, reason=INFORMATION_MISSING, question=question.text
        )
        if question.answered_at:
            self.company.schedule.add(question.answered_at, self.answer)

    def answer(self) -> None:
        """The desk answers the question; schedules the completion."""
        plan, add = self.plan, self.company.schedule.add
        assert plan.question is not None
        question = DeskQuestion.objects.filter(order=self.order, closed_at__isnull=True).first()
        if question is None:
            add(timezone.now() + RETRY_AFTER, self.answer)
            return
        answer_question(actor=self.seller, question=question, answer=plan.question.answer)
        if plan.completed_at:
            add(
                max(plan.completed_at, timezone.now() + RETRY_AFTER), self._on_ticket(self.complete)
            )

    def complete(self, ticket: Ticket) -> None:
        """The packer completes the ticket."""
        if ticket.state != TicketState.TAKEN:
            add = self.company.schedule.add
            add(timezone.now() + RETRY_AFTER, self._on_ticket(self.complete))
            return
        complete_ticket(actor=self.packer, ticket=ticket)
        if self.plan.collected_at:
            moment = max(self.plan.collected_at, timezone.now() + RETRY_AFTER)
            self.company.schedule.add(moment, self.collect)

    def collect(self) -> None:
        """The customer pays the open amount and collects the goods."""
        self.order.refresh_from_db()
        if not can_hand_over(self.order):  # the counter has not heard yet that they are ready
            self.company.schedule.add(timezone.now() + RETRY_AFTER, self.collect)
            return
        owed = self.order.gross - self.order.paid
        if owed:
            self._take_payment(owed)
        hand_over_order(actor=self.seller, order=self.order)

    def cancel(self) -> None:
        """The customer cancels the order."""
        cancel_order(actor=self.seller, order=self.order, reason=self.plan.reason)
        if self.plan.refunded_at:
            self.company.schedule.add(self.plan.refunded_at, self.refund)

    def refund(self) -> None:
        """The desk pays the refunds that are due."""
        refunds = Refund.objects.filter(order=self.order)
        self.order.refresh_from_db()
        if self.order.paid and not refunds:  # the counter has not heard of it yet
            self.company.schedule.add(timezone.now() + RETRY_AFTER, self.refund)
            return
        for refund in refunds.filter(paid_at__isnull=True):
            pay_refund(actor=self.seller, refund=refund, method=self.plan.method)


class ComplaintScript:
    """The events of one complaint."""

    def __init__(self, company: DemoContext, plan: ComplaintPlan) -> None:
        self.company, self.plan = company, plan
        self.logger = company.people[plan.logger]
        self.complaint: Complaint

    def begin(self) -> None:
        """Logs the complaint and schedules what follows."""
        plan = self.plan
        self.complaint = raise_complaint(
            actor=self.logger,
            customer=self.company.customer(plan.customer),
            category=plan.category,
            description=plan.text,
            desired_outcome=plan.desired_outcome,
            severity=plan.severity,
            order=self.company.orders.get(plan.order),
        )
        if PHOTOGRAPHED in plan.text:
            number = self.complaint.number
            attach(
                actor=self.logger,
                kind="complaint",
                number=number,
                name="mug.jpg",
                content=draw_chipped_mug(int(number.partition("-")[2])),
            )
        if plan.taken_at:
            self._later(plan.taken_at, self.take)

    def _later(self, at: datetime, event: Callable[[Ticket], None]) -> None:
        self.company.schedule.add(
            at, lambda: self.company.with_ticket(self.complaint.number, TicketKind.COMPLAINT, event)
        )

    def take(self, ticket: Ticket) -> None:
        """A member of the department takes the ticket."""
        plan = self.plan
        take_ticket(actor=self.company.people[plan.handler], ticket=ticket)
        if plan.resolved_at:
            self._later(plan.resolved_at, self.resolve)

    def resolve(self, ticket: Ticket) -> None:
        """The department resolves the complaint."""
        plan = self.plan
        complete_ticket(
            actor=self.company.people[plan.handler],
            ticket=ticket,
            outcome=plan.outcome,
            message=plan.message,
        )
        if plan.told_at:
            self.company.schedule.add(plan.told_at, self.tell)

    def tell(self) -> None:
        """The desk tells the customer the answer, who confirms it or reopens the complaint."""
        plan = self.plan
        if not plan.reopen_reason:
            self.confirm()
            return
        if not self._is_answered():
            self.company.schedule.add(timezone.now() + RETRY_AFTER, self.tell)
            return
        reopen_complaint(actor=self.logger, complaint=self.complaint, reason=plan.reopen_reason)
        if plan.second_answer_at:
            self._later(plan.second_answer_at, self.answer_again)

    def answer_again(self, ticket: Ticket) -> None:
        """The department answers the reopened complaint; schedules the confirmation."""
        if ticket.state != TicketState.WAITING:  # the ticket is not reopened yet
            self._later(timezone.now() + RETRY_AFTER, self.answer_again)
            return
        handler = self.company.people[self.plan.handler]
        take_ticket(actor=handler, ticket=ticket)
        complete_ticket(
            actor=handler, ticket=ticket, outcome="upheld", message=self.plan.second_message
        )
        self.company.schedule.add(timezone.now() + RETRY_AFTER, self.confirm)

    def confirm(self) -> None:
        """The customer confirms that the complaint is resolved."""
        if not self._is_answered():
            self.company.schedule.add(timezone.now() + RETRY_AFTER, self.confirm)
            return
        confirm_complaint(actor=self.logger, complaint=self.complaint)

    def _is_answered(self) -> bool:
        """Returns whether the answer has reached the desk; it waits while no worker runs."""
        self.complaint.refresh_from_db()
        return can_confirm(self.complaint)
