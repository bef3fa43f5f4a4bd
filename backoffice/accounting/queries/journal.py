"""Journal entries by number, kind and day, and their totals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from backoffice.accounting.models import JournalEntry, Posting
from backoffice.accounting.models.journal import JournalEntryQuerySet


@dataclass(frozen=True, kw_only=True)
class JournalFilter:
    """Filters of journal entries. `text` is the start of a number; both days are included."""

    text: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_set(self) -> bool:
        """Whether any filter is set."""
        return bool(self.text.strip() or self.kind or self.since or self.until)

    def narrow(self, rows: JournalEntryQuerySet) -> QuerySet[JournalEntry]:
        """Returns the entries among `rows` that match."""
        found: QuerySet[JournalEntry] = rows.about(self.text)
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.since:
            found = found.filter(booked_date__gte=self.since)
        if self.until:
            found = found.filter(booked_date__lte=self.until)
        return found


NO_FILTER = JournalFilter()


def journal(wanted: JournalFilter = NO_FILTER) -> QuerySet[JournalEntry]:
    """Returns the entries that match, with their postings and accounts."""
    return (
        wanted.narrow(JournalEntry.objects.all())
        .select_related("receivable", "reverses")
        .prefetch_related("postings__account")
    )


@dataclass(frozen=True, kw_only=True)
class JournalTotal:
    """The sums of debits and credits in one currency."""

    currency: str
    debit: Decimal
    credit: Decimal

    @property
    def balanced(self) -> bool:
        """Whether debits equal credits."""
        return self.debit == self.credit


def journal_totals(wanted: JournalFilter = NO_FILTER) -> list[JournalTotal]:
    """Returns the sums of all entries that match, by currency."""
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
