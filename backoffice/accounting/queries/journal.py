"""The journal: entries by number, kind and day, and their totals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from backoffice.accounting.models import JournalEntry, Posting
from backoffice.accounting.models.journal import JournalEntryQuerySet


@dataclass(frozen=True, kw_only=True)
class JournalFilter:
    """Which entries are wanted. `text` is the beginning of a number; both days are included."""

    text: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_set(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.text.strip() or self.kind or self.since or self.until)

    def narrow(self, rows: JournalEntryQuerySet) -> QuerySet[JournalEntry]:
        """The entries among `rows` that are wanted."""
        found: QuerySet[JournalEntry] = rows.about(self.text)
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.since:
            found = found.filter(booked_date__gte=self.since)
        if self.until:
            found = found.filter(booked_date__lte=self.until)
        return found


EVERYTHING = JournalFilter()


def journal(wanted: JournalFilter = EVERYTHING) -> QuerySet[JournalEntry]:
    """Entries with their postings and accounts."""
    return (
        wanted.narrow(JournalEntry.objects.all())
        .select_related("receivable", "reverses")
        .prefetch_related("postings__account")
    )


@dataclass(frozen=True, kw_only=True)
class JournalTotal:
    """Debits and credits of entries in one currency."""

    currency: str
    debit: Decimal
    credit: Decimal

    @property
    def balanced(self) -> bool:
        """Whether they are equal, as they must be."""
        return self.debit == self.credit


def journal_totals(wanted: JournalFilter = EVERYTHING) -> list[JournalTotal]:
    """The sums over every entry that the filter finds, one for each currency."""
    postings = Posting.objects.all()
    if wanted.is_set:
        postings = postings.filter(entry__in=wanted.narrow(JournalEntry.objects.all()))
    sums = (
        postings.values("entry__currency")
        .annotate(debits=Sum("debit"), credits=Sum("credit"))
        .order_by("entry__currency")
    )
    return [
        JournalTotal(currency=row["entry__currency"], debit=row["debits"], credit=row["credits"])
        for row in sums
    ]
