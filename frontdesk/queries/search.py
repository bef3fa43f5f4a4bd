"""One box that finds whatever somebody at the counter has in hand."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse

from frontdesk.models import Complaint, Customer, Order, Question
from frontdesk.queries.complaints import questions, search_complaints
from frontdesk.queries.customers import search_customers
from frontdesk.queries.orders import search_orders
from officeflow.catalogue.models import Product
from officeflow.catalogue.queries import find_products
from officeflow.numbering import normalise

LIMIT = 10


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a search found, by kind. `exact_url` is set when the text is one thing's number."""

    customers: list[Customer] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)
    exact_url: str = ""

    @property
    def total(self) -> int:
        """How many things were found."""
        return sum(
            len(each)
            for each in (
                self.customers,
                self.orders,
                self.complaints,
                self.questions,
                self.products,
            )
        )


def search(text: str) -> Found:
    """Customers, their orders and complaints, open questions and products meant by `text`."""
    text = " ".join(text.split())[:200]
    if not text:
        return Found()
    customers = search_customers(text, limit=LIMIT)
    ids = [customer.pk for customer in customers]
    orders = search_orders(text, customer_ids=ids, limit=LIMIT)
    complaints = search_complaints(text, customer_ids=ids, limit=LIMIT)
    number = normalise(text)
    asked: list[Question] = []
    if number.startswith("TK-"):
        asked = list(questions().filter(ticket_number=number, closed_at__isnull=True))
    return Found(
        customers=customers,
        orders=orders,
        complaints=complaints,
        questions=asked,
        products=find_products(text, limit=LIMIT),
        exact_url=_exact(number, customers, orders, complaints, asked),
    )


def _exact(
    number: str,
    customers: list[Customer],
    orders: list[Order],
    complaints: list[Complaint],
    asked: list[Question],
) -> str:
    """The address of the one thing whose reference number was typed; empty otherwise."""
    hits = {
        reverse(f"frontdesk:{name}", args=[row.number])
        for name, rows in (("customer", customers), ("order", orders), ("complaint", complaints))
        for row in rows
        if row.number == number
    }
    hits |= {
        reverse("frontdesk:order", args=[order.number])
        for order in orders
        if number and number in (order.invoice_number, order.credit_note_number)
    }
    hits |= {reverse("frontdesk:question-answer", args=[each.ticket_number]) for each in asked}
    return hits.pop() if len(hits) == 1 else ""
