"""What the desk should know about a customer before it sells to them or takes their money."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from frontdesk.customers.models import Customer
from frontdesk.customers.queries.customers import customer_by_number

# By currency. The note is read too, as an order's page holds the customer of some seconds ago.
STATEMENT = """
    SELECT orders.currency,
           max(customer.note) FILTER (WHERE customer.id = %(kept)s),
           coalesce(sum(orders.gross - orders.paid)
                    FILTER (WHERE orders.state <> 'cancelled' AND NOT orders.is_past), 0),
           coalesce(sum(orders.paid) FILTER (WHERE orders.state = 'cancelled'), 0)
      FROM frontdesk_customer customer
      LEFT JOIN frontdesk_order orders ON orders.customer_id = customer.id
     WHERE customer.id = %(kept)s OR customer.merged_into_id = %(kept)s
     GROUP BY orders.currency
     ORDER BY orders.currency
"""


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
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, {"kept": customer.merged_into_id or customer.pk})
        rows = cursor.fetchall()
    balances = [
        Balance(currency=currency, to_pay=to_pay, to_give_back=to_give_back)
        for currency, _note, to_pay, to_give_back in rows
        if to_pay or to_give_back
    ]
    note = max((note or "" for _currency, note, *_sums in rows), default="").strip()
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
