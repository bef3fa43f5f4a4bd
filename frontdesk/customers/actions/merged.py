"""Finding the kept record of a merged customer under a lock."""

from __future__ import annotations

from frontdesk.customers.models import Customer


def resolve_merged(customer: Customer) -> Customer:
    """Returns the current record, or the record that it was merged into; called in a transaction.

    The record cannot be merged before the transaction ends, because a merge locks both records;
    otherwise rows written meanwhile would stay with the merged record. Transactions that place
    orders for one customer do not wait for each other: this is the lock that a foreign key takes.
    """
    current = _locked_for_key_share(customer.pk)
    while current.merged_into_id is not None:
        current = _locked_for_key_share(current.merged_into_id)
    return current


def _locked_for_key_share(pk: int) -> Customer:
    # `select_for_update` has no FOR KEY SHARE.
    query = "SELECT * FROM frontdesk_customer WHERE id = %s FOR KEY SHARE"
    return Customer.objects.raw(query, [pk])[0]
