"""A customer's record as it stands while something is written that belongs to it."""

from __future__ import annotations

from frontdesk.customers.models import Customer


def resolve_merged(customer: Customer) -> Customer:
    """The record as it stands, or the one that it was merged into; called in a transaction.

    It cannot be merged before the transaction ends: a merging locks both records, and what is
    written meanwhile would stay behind. Any number of orders of one customer do not wait for
    each other: this is the lock that a foreign key takes, only taken before looking.
    """
    current = _held(customer.pk)
    while current.merged_into_id is not None:
        current = _held(current.merged_into_id)
    return current


def _held(pk: int) -> Customer:
    # FOR KEY SHARE is not among what `select_for_update` can ask for.
    held = "SELECT * FROM frontdesk_customer WHERE id = %s FOR KEY SHARE"
    return Customer.objects.raw(held, [pk])[0]
