"""Booking the difference of a till count."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from backoffice.accounting.actions.booking import EntryLine, NewEntry, credit, debit, write_entry
from backoffice.accounting.models import JournalEntry
from backoffice.accounting.reference import AccountCode
from backoffice.accounting.states import JournalEntryKind
from officeflow.audit.actions import record
from officeflow.handoff.contracts import TillCounted
from officeflow.handoff.models import Handoff
from officeflow.money import ZERO
from officeflow.staff.models import User


@transaction.atomic
def book_till_count(
    *, actor: User | None, count: TillCounted, handoff: Handoff
) -> JournalEntry | None:
    """Books the difference of a count; returns None when there is nothing to book.

    The entry of a correcting count also reverses the difference of the corrected count.
    """
    lines = [line.reversed for line in _difference_lines(count.corrected_difference)]
    lines += _difference_lines(count.difference)
    if not lines:
        return None
    at = timezone.now()
    corrected = JournalEntry.objects.filter(
        kind=JournalEntryKind.TILL_COUNT, document=count.corrects_number
    ).first()
    entry = write_entry(
        NewEntry(
            handoff=handoff,
            receivable=None,
            kind=JournalEntryKind.TILL_COUNT,
            document=count.count_number,
            at=at,
            lines=lines,
            currency=count.currency,
            reverses=corrected,
        )
    )
    record(
        actor=actor,
        action="book_till_count",
        subject_kind="till_count",
        subject=count.count_number,
        changes={"difference": (count.corrected_difference, count.difference)},
        at=at,
    )
    return entry


def _difference_lines(difference: Decimal) -> list[EntryLine]:
    """Returns lines that debit a surplus to cash, or credit missing money to it."""
    if difference > ZERO:
        return [
            debit(AccountCode.CASH, difference),
            credit(AccountCode.CASH_DIFFERENCES, difference),
        ]
    if difference < ZERO:
        return [
            debit(AccountCode.CASH_DIFFERENCES, -difference),
            credit(AccountCode.CASH, -difference),
        ]
    return []
