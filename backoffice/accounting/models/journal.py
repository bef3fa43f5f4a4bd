"""Journal entries with their postings, which always balance."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from backoffice.accounting.models.accounts import Account
from backoffice.accounting.models.guards import written_whole
from backoffice.accounting.models.receivables import Receivable
from backoffice.accounting.states import JournalEntryKind
from officeflow.append_only import NO_TRUNCATE, UNCHANGEABLE
from officeflow.handoff.models import Handoff
from officeflow.rollups.marking import marks
from officeflow.transaction_id import TransactionId


class NextEntryNumber(Func):
    """The next number of a journal entry, such as `JE-000012`; there may be gaps."""

    template = "('JE-' || to_char(nextval('journal_entry_number_seq'), 'FM9999000000'))"
    output_field = models.CharField()


class JournalEntryQuerySet(models.QuerySet["JournalEntry"]):
    """Filters of journal entries."""

    def about(self, text: str) -> JournalEntryQuerySet:
        """Filters by the start of the entry's, document's or order's number.

        Blank text does not filter.
        """
        number = text.strip().upper().replace(" ", "")
        if not number:
            return self
        return self.filter(
            Q(document__startswith=number)
            | Q(number__startswith=number)
            | Q(receivable__order_number__startswith=number)
        )


class JournalEntry(models.Model):
    """A journal entry, which is never changed and only corrected by a reversal.

    It belongs to an order's receivable, except for a till count, which has none.
    """

    number = models.CharField(max_length=20, unique=True, db_default=NextEntryNumber())
    handoff = models.OneToOneField(Handoff, on_delete=models.PROTECT, related_name="+")
    receivable = models.ForeignKey(
        Receivable, null=True, on_delete=models.PROTECT, related_name="entries"
    )
    booked_date = models.DateField()
    booked_at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=JournalEntryKind.choices)
    # The number of the invoice, credit note, payment, refund or till count that it books.
    document = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    reverses = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    transaction_id = models.BigIntegerField(db_default=TransactionId(), editable=False)

    objects = JournalEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("journal entries")
        triggers = [
            UNCHANGEABLE,
            NO_TRUNCATE,
            *marks("postings", "booked_at"),
            # Deferred, because postings are written after their entry. Only a document of 0 has
            # none.
            pgtrigger.Trigger(
                name="entry_has_postings",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func="""
                    IF NOT EXISTS (SELECT FROM accounting_posting WHERE entry_id = NEW.id)
                        AND NOT EXISTS (
                            SELECT FROM accounting_invoice
                            WHERE handoff_id = NEW.handoff_id AND gross = 0
                        ) THEN
                        RAISE EXCEPTION 'journal entry % has no postings', NEW.id
                            USING ERRCODE = '23514';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(receivable__isnull=False) | Q(kind=JournalEntryKind.TILL_COUNT),
                name="journal_entry_has_receivable",
            )
        ]
        indexes = [
            models.Index(
                fields=["document"], name="journal_by_document", opclasses=["varchar_pattern_ops"]
            ),
            models.Index(fields=["booked_date", "id"], name="journal_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.kind}"

    @property
    def has_document(self) -> bool:
        """Whether it books an invoice or a credit note, which has a page."""
        return self.kind in (JournalEntryKind.INVOICE, JournalEntryKind.CREDIT_NOTE)


class Posting(models.Model):
    """A debit or a credit on one account."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings")
    debit = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    credit = models.DecimalField(max_digits=18, decimal_places=4, default=0)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["account", "id"], name="posting_by_account")]
        constraints = [
            models.CheckConstraint(
                condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0),
                name="posting_one_side",
            )
        ]
        triggers = [
            UNCHANGEABLE,
            NO_TRUNCATE,
            written_whole("accounting_journalentry", "entry_id"),
            # Deferred, because an entry balances only after its last posting.
            pgtrigger.Trigger(
                name="entry_balances",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                declare=[("difference", "numeric")],
                func="""
                    SELECT sum(debit) - sum(credit) INTO difference
                    FROM accounting_posting WHERE entry_id = NEW.entry_id;
                    IF difference <> 0 THEN
                        RAISE EXCEPTION 'journal entry % does not balance', NEW.entry_id
                            USING ERRCODE = '23514';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.debit}/{self.credit}"
