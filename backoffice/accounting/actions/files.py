"""The PDF files of issued documents: drawn at their first use, or when the work is calm."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from backoffice.accounting import documents
from backoffice.accounting.models import DocumentFile, Invoice
from officeflow.company.queries import get_office
from officeflow.handoff.queries import is_any_claimable

log = structlog.get_logger(__name__)

# One run of the periodic job draws for this long, of its `INTERVAL_SECONDS`.
RUN_SECONDS = 0.2
INTERVAL_SECONDS = 10.0
# Documents younger than this are left to a later run: those of a transaction that has not been
# committed have lower ids than others that have.
QUIET = timedelta(minutes=2)
# How many ids one statement looks through for documents without a file.
IDS_PER_STATEMENT = 5000


def keep_file(*, document: Invoice) -> DocumentFile:
    """Returns the PDF of an issued document, which is drawn and kept when it has none yet.

    Nothing that it shows changes after the issue. Of two processes the first one's is kept.
    """
    kept = DocumentFile.objects.filter(document=document).first()
    if kept is not None:
        return kept
    content = documents.draw_document(document, office=get_office())
    try:
        with transaction.atomic():
            return DocumentFile.store(content, document=document, drawn_at=timezone.now())
    except IntegrityError:
        return DocumentFile.objects.get(document=document)


@dataclass
class DrawingJob:
    """The periodic job: it draws the documents that nobody has asked for, oldest first.

    It waits while a hand-off can be applied, which is more urgent. The documents up to the id
    `after` are drawn, except those that cannot be, whose error is logged. A new process looks
    through all of them again.
    """

    after: int = 0

    def run(self) -> int:
        """Draws for `RUN_SECONDS`; returns how many."""
        end, drawn, last = time.monotonic() + RUN_SECONDS, 0, _last_to_draw()
        while self.after < last and time.monotonic() < end:
            upto = min(self.after + IDS_PER_STATEMENT, last)
            for document in _undrawn(self.after, upto):
                if time.monotonic() >= end or is_any_claimable():
                    return drawn
                drawn += _draw(document)
                self.after = document.pk
            self.after = upto
        return drawn


def _last_to_draw() -> int:
    """Returns the highest id of a document that is older than `QUIET`, or 0."""
    issued = Invoice.objects.filter(issued_at__lte=timezone.now() - QUIET)
    return issued.order_by("-pk").values_list("pk", flat=True).first() or 0


def _undrawn(after: int, upto: int) -> QuerySet[Invoice]:
    found = Invoice.objects.filter(pk__gt=after, pk__lte=upto, file=None)
    return found.select_related("receivable", "reverses").order_by("pk")


def _draw(document: Invoice) -> bool:
    """Draws one document; returns False when it cannot be drawn, which stops no other."""
    try:
        keep_file(document=document)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.error("document.not_drawn", number=document.number, error=type(error).__name__)
        return False
    return True
