"""Making the demo company: one transaction, so that it is there whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone, translation

from backoffice.hr.actions import set_commission_rate
from backoffice.tickets.actions import complete_ticket, return_ticket, take_ticket
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import ReturnReason, TicketKind
from frontdesk.actions import (
    NewLine,
    answer_question,
    cancel_order,
    confirm_complaint,
    hand_over_order,
    place_order,
    raise_complaint,
    take_payment,
)
from frontdesk.models import Complaint, Customer, Delivery, Order, Question
from officeflow.catalogue.models import Product
from officeflow.company.actions import set_up_office, weekly
from officeflow.company.models import Office
from officeflow.company.queries import find_office, office_date
from officeflow.handoff.models import Handoff, HandoffState
from officeflow.handoff.relay import drain
from officeflow.local.demo import customers, goods, people, script
from officeflow.local.demo.script import Fate, ScriptedComplaint, ScriptedOrder
from officeflow.staff.models import User

Say = Callable[[str], None]
RAVIS_RATE = Decimal("0.0250")

TAKEN_FATES = (Fate.TAKEN, Fate.RETURNED, Fate.ANSWERED, Fate.READY, Fate.DONE, Fate.PUT_BACK)
FETCHED_FATES = (Fate.READY, Fate.DONE, Fate.PUT_BACK)


class DemoIncomplete(Exception):
    """A hand-off of the demo could not be applied: nothing of the demo was kept."""


def make(say: Say) -> bool:
    """Makes the demo company unless there is an office; says whether it did.

    All of it happens in one transaction: whoever is stopped half-way leaves nothing behind, and
    the next one begins anew. Two at once: the second waits for the first and finds its office.
    Raises `DemoIncomplete`.
    """
    if find_office() is not None:
        return False
    with transaction.atomic():
        say("opening the office")
        office = set_up_office(
            actor=None,
            name="The Paper Lantern",
            time_zone="Europe/London",
            currency="GBP",
            language="en-gb",
            site_name="The Paper Lantern, Bridge Street",
            site_address="21 Bridge Street\nLondon SE1 9AA",
            opening_hours=weekly(range(6), time(9), time(17, 30)),
            is_demo=True,
        )
        locksmith = people.Locksmith()
        try:
            with timezone.override(office.zone), translation.override(office.language):
                company = Company(office, say)
                company.live()
            locksmith.hand_out(company.people)
        finally:
            locksmith.close()
    return True


class Company:
    """The demo company while its ten days are lived through."""

    def __init__(self, office: Office, say: Say) -> None:
        self.office, self.say = office, say
        self.now = timezone.now()
        self.today = office_date(self.now, office)
        self.people: dict[str, User] = {}
        self.products: dict[str, Product] = {}
        self.customers: list[Customer] = []
        self.orders: dict[str, Order] = {}
        self.complaints: list[tuple[ScriptedComplaint, Complaint]] = []

    def live(self) -> None:
        """Everything, in the order in which it happened."""
        self.say("hiring people")
        self.people = people.employ(self.office)
        set_commission_rate(
            actor=self.people["hanna"],
            user=self.people["ravi"],
            rate=RAVIS_RATE,
            valid_from_date=self.today,
        )
        self.say("stocking the catalogue and remembering customers")
        self.products = goods.stock_up(self.people["ada"])
        self.customers = customers.remember(self.people["rosa"])
        told = [*script.quiet_days(), *script.RECENT]
        self.say("taking orders and complaints")
        for each in sorted(told, key=self.moment):
            self.orders[each.key] = self._place(each)
            drain()
        for complaint in sorted(script.COMPLAINTS, key=self.moment):
            self.complaints.append((complaint, self._complain(complaint)))
            drain()
        self.say("working in the back office")
        for each in told:
            self._pay(each)
            self._work(each)
            drain()
        for complaint, logged in self.complaints:
            self._handle(complaint, logged)
            drain()
        self.say("answering and handing over at the counter")
        for each in told:
            self._at_the_counter(each)
            drain()
        for complaint, logged in self.complaints:
            if complaint.is_told:
                confirm_complaint(actor=self.people[complaint.logger], complaint=logged)
        drain()
        self._check()

    def moment(self, told: ScriptedOrder | ScriptedComplaint) -> datetime:
        """When it was: a time of a day gone by, or so many minutes ago, but still today."""
        if told.days_ago:
            hour, minute = map(int, told.clock.split(":"))
            day = self.today - timedelta(days=told.days_ago)
            return datetime.combine(day, time(hour, minute), tzinfo=self.office.zone)
        opening = datetime.combine(self.today, time.min, tzinfo=self.office.zone)
        return max(self.now - timedelta(minutes=int(told.clock)), opening)

    def _place(self, told: ScriptedOrder) -> Order:
        at = self.moment(told)
        customer = None if told.customer is None else self.customers[told.customer]
        address = ""
        if told.is_delivery and customer is not None:
            address = customer.address or "Left luggage, Waterloo Station\nLondon SE1 8SW"
        wanted = None
        if told.wanted_in_days is not None:
            wanted = office_date(at, self.office) + timedelta(days=told.wanted_in_days)
        return place_order(
            actor=self.people[told.seller],
            customer=customer,
            lines=[
                NewLine(
                    product=self.products[sku],
                    quantity=script.amount(quantity),
                    discount_percent=script.amount(told.discount),
                )
                for sku, quantity in told.lines
            ],
            delivery=Delivery.DELIVERY if told.is_delivery else Delivery.PICK_UP,
            delivery_address=address,
            wanted_by_date=wanted,
            note=told.note,
            ordered_at=at,
        )

    def _complain(self, told: ScriptedComplaint) -> Complaint:
        return raise_complaint(
            actor=self.people[told.logger],
            customer=self.customers[told.customer],
            category=told.category,
            description=told.text,
            desired_outcome=told.wish,
            severity=told.severity,
            order=self.orders.get(told.order),
            logged_at=self.moment(told),
        )

    def _pay(self, told: ScriptedOrder) -> None:
        if told.pays is None:
            return
        order = self.orders[told.key]
        amount = order.gross if told.pays == "full" else script.amount(told.pays)
        take_payment(actor=self.people[told.seller], order=order, amount=amount, method=told.method)

    def _work(self, told: ScriptedOrder) -> None:
        if told.fate not in TAKEN_FATES:
            return
        packer = self.people[told.packer]
        ticket = take_ticket(
            actor=packer, ticket=self._ticket(self.orders[told.key].number, TicketKind.ORDER)
        )
        if told.question:
            return_ticket(
                actor=packer,
                ticket=ticket,
                reason=ReturnReason.INFORMATION_MISSING,
                question=told.question,
            )
        if told.fate in FETCHED_FATES:
            complete_ticket(actor=packer, ticket=ticket)

    def _handle(self, told: ScriptedComplaint, logged: Complaint) -> None:
        if not told.handler:
            return
        handler = self.people[told.handler]
        ticket = take_ticket(
            actor=handler, ticket=self._ticket(logged.number, TicketKind.COMPLAINT)
        )
        if told.outcome:
            complete_ticket(
                actor=handler, ticket=ticket, outcome=told.outcome, message=told.message
            )

    def _at_the_counter(self, told: ScriptedOrder) -> None:
        seller, order = self.people[told.seller], self.orders[told.key]
        if told.answer:
            question = Question.objects.get(order=order, closed_at__isnull=True)
            answer_question(actor=seller, question=question, answer=told.answer)
        elif told.reason:
            cancel_order(actor=seller, order=order, reason=told.reason)
        elif told.fate == Fate.DONE and not told.is_delivery:
            hand_over_order(actor=seller, order=order)

    def _ticket(self, subject: str, kind: TicketKind) -> Ticket:
        return Ticket.objects.get(subject=subject, kind=kind)

    def _check(self) -> None:
        left = Handoff.objects.exclude(state=HandoffState.APPLIED).order_by("pk").first()
        if left is not None:
            raise DemoIncomplete(
                f"{left.contract} for {left.destination} was not applied: {left.last_error}"
            )
