"""What the desk should know about a customer before it sells to them or takes their money."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Max, Q, Sum
from django.db.models.functions import Coalesce

from frontdesk.customers.models import Customer
from frontdesk.customers.queries.customers import customer_by_number
from officeflow.money import ZERO


@dataclass(frozen=True, kw_only=True)
class Balance:
    """What a customer has still to pay, and what the office has to give back, in one currency."""

    currency: str
    to_pay: Decimal
    to_give_back: Decimal


@dataclass(frozen=True, kw_only=True)
class CustomerWarning:
    """A customer's standing note and the balances that are not 0; at least one of them is there."""

    customer: Customer
    note: str
    balances: list[Balance]


def customer_warning(customer: Customer | None) -> CustomerWarning | None:
    """Returns the note and the balances of a customer, those of merged records included; of a
    merged record, those of the record that was kept.

    None for a walk-in and for a customer without either. It takes one query.
    """
    if customer is None:
        return None
    kept = customer.merged_into_id or customer.pk
    own = Customer.objects.filter(Q(pk=kept) | Q(merged_into=kept))
    cancelled = Q(orders__state="cancelled")
    rows = (
        own.order_by()
        .values("orders__currency")
        .annotate(
            # The note is read here too, as an order's page holds the customer of some seconds ago.
            standing=Max("note", filter=Q(pk=kept)),
            to_pay=Coalesce(
                Sum(
                    F("orders__gross") - F("orders__paid"),
                    filter=~cancelled & Q(orders__is_past=False),
                ),
                ZERO,
            ),
            to_give_back=Coalesce(Sum("orders__paid", filter=cancelled), ZERO),
        )
        .order_by("orders__currency")
    )
    notes, balances = [], []
    for row in rows:
        notes.append(row["standing"] or "")
        if row["to_pay"] or row["to_give_back"]:
            balances.append(
                Balance(
                    currency=row["orders__currency"],
                    to_pay=row["to_pay"],
                    to_give_back=row["to_give_back"],
                )
            )
    note = max(notes, default="").strip()
    if not note and not balances:
        return None
    return CustomerWarning(customer=customer, note=note, balances=balances)


@dataclass(frozen=True, kw_only=True)
class ChosenCustomer:
    """The customer that a form has chosen, and what the desk should know about them."""

    customer: Customer
    warning: CustomerWarning | None


def chosen_customer(number: str) -> ChosenCustomer | None:
    """Returns the customer with a number, and the warning; None for an unknown one."""
    customer = customer_by_number(number)
    if customer is None:
        return None
    return ChosenCustomer(customer=customer, warning=customer_warning(customer))
