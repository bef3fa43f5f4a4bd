"""What importing a row of a file of customers will do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from frontdesk.customers.imports.existing import ExistingCustomers, Known
from frontdesk.customers.imports.rows import FIELD_WORDS, CustomerRow
from frontdesk.customers.models import Customer
from officeflow.errors import Refused
from officeflow.imports import cells
from officeflow.imports.states import RowOutcome

# What becomes of rows that share a phone with another customer.
ADD, LEAVE_OUT = "add", "leave_out"


@dataclass(frozen=True, kw_only=True)
class CustomerRowPlan:
    """What importing a row will do.

    `customer` is None for a row that adds one; `values` are the fields to write. `shares` is
    another customer who has the same phone, e-mail or name.
    """

    customer: Known | None
    values: dict[str, Any]
    outcome: RowOutcome
    reason: str
    shares: Known | None = None


def plan_row(
    given: CustomerRow | Refused,
    existing: ExistingCustomers,
    earlier: ExistingCustomers | None = None,
    *,
    shared: str = ADD,
) -> CustomerRowPlan:
    """Returns what importing a row will do. Raises `Refused`.

    `earlier` are the customers whom earlier rows of a previewed file would add, and the numbers in
    the other program that those rows would give to known ones. `shared` is `ADD` or `LEAVE_OUT`,
    for rows that share a phone with another customer.
    """
    if isinstance(given, Refused):
        raise given
    if given.number:
        return _plan_numbered_row(given, existing)
    match = existing.match(given, earlier)
    if match is None:
        return CustomerRowPlan(
            customer=None,
            values=given.values,
            outcome=RowOutcome.IMPORTED,
            reason=_("New customer"),
        )
    who = f"{match.customer.number} {match.customer.name}".strip()
    why = match.reason % {"who": who}
    if match.is_same:
        return CustomerRowPlan(
            customer=match.customer, values={}, outcome=RowOutcome.EXISTING, reason=why
        )
    is_added = shared != LEAVE_OUT
    return CustomerRowPlan(
        customer=None,
        values=given.values,
        outcome=RowOutcome.IMPORTED if is_added else RowOutcome.REFUSED,
        reason=_("New customer. %(why)s") % {"why": why}
        if is_added
        else _("%(why)s. Enter yes under “Another person” to add the customer.") % {"why": why},
        shares=match.customer,
    )


def _plan_numbered_row(given: CustomerRow, existing: ExistingCustomers) -> CustomerRowPlan:
    customer = existing.by_number.get(given.number)
    if customer is None:
        raise Refused(
            _("Customer %(number)s does not exist. Leave the number empty to add a customer.")
            % {"number": given.number}
        )
    changes = {
        name: value
        for name, value in given.values.items()
        if value != _current_value(customer, name)
    }
    if not changes:
        return CustomerRowPlan(
            customer=customer, values={}, outcome=RowOutcome.EXISTING, reason=_("Nothing to change")
        )
    if customer.is_merged:
        kept = customer.merged_into.number if customer.merged_into else ""
        raise Refused(
            _("%(number)s was merged into %(kept)s. Change that one instead.")
            % {"number": given.number, "kept": kept}
        )
    alike = (
        given.name_key == customer.name_key
        or (given.phone_key and given.phone_key == customer.phone_key)
        or (given.email_key and given.email_key == customer.email_key)
    )
    if not alike:  # probably a file of another office, with customer numbers of its own
        raise Refused(
            _("%(number)s belongs to %(name)s: name, phone and e-mail are all different.")
            % {"number": given.number, "name": customer.name}
        )
    words = ", ".join(str(FIELD_WORDS[name]) for name in changes)
    return CustomerRowPlan(
        customer=customer,
        values=changes,
        outcome=RowOutcome.IMPORTED,
        reason=_("Changes %(fields)s") % {"fields": words},
    )


def _current_value(customer: Customer, name: str) -> Any:
    value = getattr(customer, name)
    return cells.text(value) if isinstance(value, str) else value
