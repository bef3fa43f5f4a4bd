"""Retention: deletes old applied hand-offs when `HANDOFF_KEEP_DAYS` is set.

A stream's hand-offs and their receipts are deleted when the last of them was applied that long ago.
The stream stays, with its count, so that a later hand-off about the subject takes the next place;
so does the balance checkpoint. A hand-off that another app's record points at (a ticket, an
invoice, an entry, a message) is kept as its proof, without its payload. Hand-offs that were
replayed, are dead or discarded, or are not in the checkpoint are kept whole.
"""

from __future__ import annotations

import time
from datetime import datetime

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import ForeignObjectRel
from psycopg2.errorcodes import LOCK_NOT_AVAILABLE

from officeflow.handoff.models import (
    Counter,
    Handoff,
    HandoffReceipt,
    Intervention,
)

STREAMS_PER_TRANSACTION = 100
ROWS_PER_STREAM = 500
RUN_SECONDS = 0.3
# Less than PostgreSQL's deadlock_timeout, so that in a deadlock this transaction fails.
LOCK_TIMEOUT = "200ms"
# Counter of deleted hand-offs; its `changed_at` is when the last of them had been applied.
DELETED = "deleted hand-offs"

TRIM = """
WITH stream AS (
    SELECT id, trimmed, settled_at, least(checkpointed, trimmed + %(rows)s) AS upto
    FROM handoff_stream
    WHERE is_checkpointed AND trimmed < checkpointed
      AND settled_at < office_clock() - make_interval(secs => %(seconds)s)
    ORDER BY settled_at LIMIT %(streams)s FOR NO KEY UPDATE SKIP LOCKED
), old AS (
    SELECT handoff.id, {referenced} AS is_referenced
    FROM handoff_handoff handoff JOIN stream ON stream_id = stream.id
    WHERE sequence > trimmed AND sequence <= upto AND state = 'applied'
      AND NOT EXISTS (SELECT FROM handoff_intervention i WHERE i.handoff_id = handoff.id)
), emptied AS (
    UPDATE handoff_handoff SET payload = '{{}}' FROM old
    WHERE handoff_handoff.id = old.id AND is_referenced
), receipt AS (
    DELETE FROM handoff_receipt USING old WHERE handoff_id = old.id AND NOT is_referenced
), deleted AS (
    DELETE FROM handoff_handoff USING old WHERE handoff_handoff.id = old.id AND NOT is_referenced
    RETURNING 1
), trimmed AS (
    UPDATE handoff_stream SET trimmed = upto FROM stream WHERE handoff_stream.id = stream.id
), counted AS (
    INSERT INTO handoff_counter (name, value, changed_at)
    SELECT %(counter)s, (SELECT count(*) FROM deleted), max(settled_at)
    FROM stream HAVING count(*) > 0
    ON CONFLICT (name) DO UPDATE SET
        value = handoff_counter.value + EXCLUDED.value,
        changed_at = greatest(handoff_counter.changed_at, EXCLUDED.changed_at)
)
SELECT (SELECT count(*) FROM stream), (SELECT count(*) FROM deleted)
"""


def _is_referenced() -> str:
    """Returns SQL for whether another app's record points at a row of `handoff`."""
    quote = connection.ops.quote_name
    references = [
        f"EXISTS (SELECT FROM {quote(field.model._meta.db_table)} record"
        f" WHERE record.{quote(field.column)} = handoff.id)"
        for relation in Handoff._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel)
        and (field := relation.field).model not in (HandoffReceipt, Intervention)
    ]
    return f"({' OR '.join(references)})" if references else "false"


@transaction.atomic
def trim(*, days: float) -> tuple[int, int]:
    """Deletes hand-offs that were applied more than `days` ago, those of some streams.

    Returns how many streams were read and how many hand-offs deleted. The transaction fails when a
    record comes to point at one of them meanwhile, which the next run then keeps, and when one of
    them stays locked for `LOCK_TIMEOUT`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
        cursor.execute(
            TRIM.format(referenced=_is_referenced()),
            {
                "seconds": days * 86_400,
                "streams": STREAMS_PER_TRANSACTION,
                "rows": ROWS_PER_STREAM,
                "counter": DELETED,
            },
        )
        streams, deleted = cursor.fetchone()
    return streams, deleted


def run() -> int:
    """The periodic job: deletes for `RUN_SECONDS` and returns how many hand-offs it deleted."""
    if not settings.HANDOFF_KEEP_DAYS:
        return 0
    began = time.monotonic()
    total = 0
    while time.monotonic() - began < RUN_SECONDS:
        try:
            streams, deleted = trim(days=settings.HANDOFF_KEEP_DAYS)
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", "") != LOCK_NOT_AVAILABLE:
                raise
            break
        total += deleted
        if not streams:
            break
    return total


def deleted_until() -> datetime | None:
    """Returns up to when hand-offs are missing from lists and figures; None when none is."""
    return Counter.objects.filter(name=DELETED).values_list("changed_at", flat=True).first()
