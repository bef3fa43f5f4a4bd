"""Creates the planned orders and complaints of the demo by calling actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

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
from frontdesk.orders.actions import NewLine, cancel_order, hand_over_order, place_order
from frontdesk.orders.models import Delivery, Order
from frontdesk.payments.actions.payments import pay_refund, take_payment
from frontdesk.payments.models.payments import Refund
from frontdesk.questions.actions import answer_question
from frontdesk.questions.models import DeskQuestion
from officeflow.attachments.actions import attach
from officeflow.catalogue.models import Product
from officeflow.company.models import Office
from officeflow.company.queries import office_date
from officeflow.local.demo.agenda import Agenda, Deed
from officeflow.local.demo.photos import SHOWN, chipped
from officeflow.local.demo.plans import ComplaintPlan, OrderPlan, amount
from officeflow.staff.models import User

# Who works on a ticket that has not come yet looks again after this.
A_WHILE = timedelta(minutes=10)
LEFT_LUGGAGE = "Left luggage, Waterloo Station\nLondon SE1 8SW"
INFORMATION_MISSING = "information_missing"


class Company:
    """Who and what the company's days are made of."""

    def __init__(
        self,
        office: Office,
        agenda: Agenda,
        people: Mapping[str, User],
        products: Mapping[str, Product],
        customer: Callable[[int], Customer],
    ) -> None:
        self.office, self.agenda = office, agenda
        self.people, self.products, self.customer = people, products, customer
        self.orders: dict[str, Order] = {}

    def expect(self, plan: OrderPlan | ComplaintPlan) -> None:
        """Notes the beginning of what is planned; the rest follows from it."""
        life = OrderLife(self, plan) if isinstance(plan, OrderPlan) else ComplaintLife(self, plan)
        self.agenda.note(plan.at, life.begin)

    def with_ticket(self, subject: str, kind: TicketKind, deed: Callable[[Ticket], None]) -> None:
        """Does something with the latest ticket about a number, once it is there."""
        ticket = Ticket.objects.filter(subject=subject, kind=kind).order_by("-pk").first()
        if ticket is None:
            again = timezone.now() + A_WHILE
            self.agenda.note(again, lambda: self.with_ticket(subject, kind, deed))
        else:
            deed(ticket)


class OrderLife:
    """One order from the counter to the door."""

    def __init__(self, company: Company, plan: OrderPlan) -> None:
        self.company, self.plan = company, plan
        self.seller, self.packer = company.people[plan.seller], company.people[plan.packer]
        self.order: Order

    def begin(self) -> None:
        """The order is placed, and what follows is noted."""
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
                    quantity=amount(quantity),
                    discount_percent=amount(plan.discount_percent),
                )
                for sku, quantity in plan.lines
            ],
            delivery=Delivery.DELIVERY if plan.is_delivery else Delivery.PICK_UP,
            delivery_address=(address or LEFT_LUGGAGE) if plan.is_delivery else "",
            wanted_by_date=wanted,
            note=plan.note,
        )
        note = company.agenda.note
        if plan.paid_at:
            note(plan.paid_at, self.pay)
        if plan.taken_at:
            note(plan.taken_at, self._on_ticket(self.take))
        if plan.cancelled_at:
            note(plan.cancelled_at, self.cancel)

    def _on_ticket(self, deed: Callable[[Ticket], None]) -> Deed:
        return lambda: self.company.with_ticket(self.order.number, TicketKind.ORDER, deed)

    def pay(self) -> None:
        """Money over the counter."""
        plan = self.plan
        owed = self.order.gross if plan.pays == "full" else amount(plan.pays)
        take_payment(actor=self.seller, order=self.order, amount=owed, method=plan.method)

    def take(self, ticket: Ticket) -> None:
        """The packer takes the ticket, and perhaps has to ask."""
        plan, note = self.plan, self.company.agenda.note
        take_ticket(actor=self.packer, ticket=ticket)
        if plan.question:
            note(plan.question.asked_at, self._on_ticket(self.ask))
        elif plan.completed_at:
            note(plan.completed_at, self._on_ticket(self.complete))

    def ask(self, ticket: Ticket) -> None:
        """The packer cannot go on without the desk."""
        question = self.plan.question
        assert question is not None
        return_ticket(
            actor=self.packer, ticket=ticket, reason=INFORMATION_MISSING, question=question.text
        )
        if question.answered_at:
            self.company.agenda.note(question.answered_at, self.answer)

    def answer(self) -> None:
        """The desk answers; the packer goes on."""
        plan, note = self.plan, self.company.agenda.note
        assert plan.question is not None
        found = DeskQuestion.objects.filter(order=self.order, closed_at__isnull=True).first()
        if found is None:
            note(timezone.now() + A_WHILE, self.answer)
            return
        answer_question(actor=self.seller, question=found, answer=plan.question.answer)
        if plan.completed_at:
            note(max(plan.completed_at, timezone.now() + A_WHILE), self._on_ticket(self.complete))

    def complete(self, ticket: Ticket) -> None:
        """The goods are ready, or on their way."""
        if ticket.state != TicketState.TAKEN:
            note = self.company.agenda.note
            note(timezone.now() + A_WHILE, self._on_ticket(self.complete))
            return
        complete_ticket(actor=self.packer, ticket=ticket)
        if self.plan.collected_at:
            moment = max(self.plan.collected_at, timezone.now() + A_WHILE)
            self.company.agenda.note(moment, self.collect)

    def collect(self) -> None:
        """The customer pays what is open and takes the goods along."""
        self.order.refresh_from_db()
        owed = self.order.gross - self.order.paid
        if owed:
            take_payment(actor=self.seller, order=self.order, amount=owed, method=self.plan.method)
        hand_over_order(actor=self.seller, order=self.order)

    def cancel(self) -> None:
        """The customer wants it no more."""
        cancel_order(actor=self.seller, order=self.order, reason=self.plan.reason)
        if self.plan.refunded_at:
            self.company.agenda.note(self.plan.refunded_at, self.refund)

    def refund(self) -> None:
        """The customer gets back what accounting says is due."""
        for refund in Refund.objects.filter(order=self.order, paid_at__isnull=True):
            pay_refund(actor=self.seller, refund=refund, method=self.plan.method)


class ComplaintLife:
    """One complaint from the counter to the word that it is settled."""

    def __init__(self, company: Company, plan: ComplaintPlan) -> None:
        self.company, self.plan = company, plan
        self.logger = company.people[plan.logger]
        self.complaint: Complaint

    def begin(self) -> None:
        """The complaint is logged, and what follows is noted."""
        plan = self.plan
        self.complaint = raise_complaint(
            actor=self.logger,
            customer=self.company.customer(plan.customer),
            category=plan.category,
            description=plan.text,
            desired_outcome=plan.wish,
            severity=plan.severity,
            order=self.company.orders.get(plan.order),
        )
        if SHOWN in plan.text:
            number = self.complaint.number
            attach(
                actor=self.logger,
                kind="complaint",
                number=number,
                name="mug.jpg",
                content=chipped(int(number.partition("-")[2])),
            )
        if plan.taken_at:
            self._later(plan.taken_at, self.take)

    def _later(self, at: datetime, deed: Callable[[Ticket], None]) -> None:
        self.company.agenda.note(
            at, lambda: self.company.with_ticket(self.complaint.number, TicketKind.COMPLAINT, deed)
        )

    def take(self, ticket: Ticket) -> None:
        """Somebody of the department takes it in hand."""
        plan = self.plan
        take_ticket(actor=self.company.people[plan.handler], ticket=ticket)
        if plan.resolved_at:
            self._later(plan.resolved_at, self.resolve)

    def resolve(self, ticket: Ticket) -> None:
        """The department answers."""
        plan = self.plan
        complete_ticket(
            actor=self.company.people[plan.handler],
            ticket=ticket,
            outcome=plan.outcome,
            message=plan.message,
        )
        if plan.told_at:
            self.company.agenda.note(plan.told_at, self.tell)

    def tell(self) -> None:
        """The desk tells the customer, who is content or is not."""
        plan = self.plan
        if not plan.reopened_because:
            self.confirm()
            return
        if not self._is_answered():
            self.company.agenda.note(timezone.now() + A_WHILE, self.tell)
            return
        reopen_complaint(actor=self.logger, complaint=self.complaint, reason=plan.reopened_because)
        if plan.settled_at:
            self._later(plan.settled_at, self.settle)

    def settle(self, ticket: Ticket) -> None:
        """The department answers a second time, and the customer is content."""
        if ticket.state != TicketState.WAITING:  # the reopening has not reached it yet
            self._later(timezone.now() + A_WHILE, self.settle)
            return
        handler = self.company.people[self.plan.handler]
        take_ticket(actor=handler, ticket=ticket)
        complete_ticket(
            actor=handler, ticket=ticket, outcome="upheld", message=self.plan.settled_message
        )
        self.company.agenda.note(timezone.now() + A_WHILE, self.confirm)

    def confirm(self) -> None:
        """The customer is content."""
        if not self._is_answered():
            self.company.agenda.note(timezone.now() + A_WHILE, self.confirm)
            return
        confirm_complaint(actor=self.logger, complaint=self.complaint)

    def _is_answered(self) -> bool:
        """Whether the answer has reached the desk; it waits while the workers are away."""
        self.complaint.refresh_from_db()
        return can_confirm(self.complaint)
