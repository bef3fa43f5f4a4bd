"""An office with records for every page."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from backoffice.accounting.models import JournalEntry
from backoffice.tickets.actions import return_ticket, take_ticket
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import ReturnReason, TicketKind
from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.models import ComplaintCategory
from frontdesk.customers.models import Customer
from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.payments.actions.payments import take_payment
from frontdesk.payments.models.methods import DefaultMethod
from frontdesk.payments.models.payments import Payment, Refund
from frontdesk.reference import ensure
from officeflow.catalogue.models import Product
from officeflow.handoff.applying import draining
from officeflow.handoff.models import Destination, Handoff
from tests.people import employ


@dataclass(frozen=True)
class SampleRecords:
    """The numbers of records in URLs."""

    order: str
    invoice: str
    refund: str
    payment: str
    entry: str
    complaint: str
    conduct: str
    question: str
    tickets: dict[str, str]
    customer: str
    product: str
    handoff: int


def build(customer: Customer, product: Product) -> SampleRecords:
    """Creates an order with a returned ticket, one with a refund due, and complaints."""
    ensure()
    rita, femi = employ("rita"), employ("femi")
    line = [NewLine(product=product, quantity=Decimal(1))]
    order = place_order(actor=rita, customer=customer, lines=line)
    regretted = place_order(actor=rita, customer=customer, lines=line)
    take_payment(actor=rita, order=regretted, amount=regretted.gross, method=DefaultMethod.CASH)
    complaints = {
        category: raise_complaint(
            actor=rita, customer=customer, category=category, description="Not good."
        )
        for category in (
            ComplaintCategory.SERVICE,
            ComplaintCategory.BILLING,
            ComplaintCategory.CONDUCT,
        )
    }
    draining.drain()
    cancel_order(actor=rita, order=regretted, reason="Changed their mind.")
    asked = take_ticket(
        actor=femi, ticket=Ticket.objects.get(subject=order.number, kind=TicketKind.ORDER)
    )
    return_ticket(actor=femi, ticket=asked, reason=ReturnReason.OTHER, question="Blue or green?")
    draining.drain()
    order.refresh_from_db()
    placed = Handoff.objects.get(destination=Destination.ACCOUNTING, subject=order.number)
    return SampleRecords(
        order=order.number,
        invoice=order.invoice_number,
        refund=Refund.objects.get().number,
        payment=Payment.objects.get().number,
        entry=JournalEntry.objects.latest("pk").number,
        complaint=complaints[ComplaintCategory.SERVICE].number,
        conduct=complaints[ComplaintCategory.CONDUCT].number,
        question=asked.number,
        tickets={
            "fulfilment": asked.number,
            "management": Ticket.objects.get(department="management").number,
            "accounting": Ticket.objects.get(department="accounting").number,
            "hr": Ticket.objects.get(department="hr").number,
        },
        customer=customer.number,
        product=product.sku,
        handoff=placed.pk,
    )
