"""How long applied hand-offs are kept, where the office has said that it does not keep all.

A stream's hand-offs go when the last of them was applied that long ago: row and receipt. The
stream stays, with its count, so that a later hand-off about the subject takes the next place, and
so does the checkpoint. What somebody's record points at (a ticket, an invoice, an entry, a message)
stays as its proof, without its payload. Nothing that was dead, discarded or sent again goes,
and nothing that is not checkpointed.
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

STREAMS_AT_A_TIME = 100
ROWS_OF_A_STREAM = 500
TURN_SECONDS = 0.3
# Less than PostgreSQL's deadlock_timeout: of the two it is not the colleague who begins again.
LOCK_PATIENCE = "200ms"
# Counts what was deleted; its moment is when the last of that had been applied.
DELETED = "deleted hand-offs"

TRIM = """
WITH stream AS (
    SELECT id, trimmed, settled_at, least(checkpointed, trimmed + %(rows)s) AS upto
    FROM handoff_stream
    WHERE is_checkpointed AND trimmed < checkpointed
      AND settled_at < office_clock() - make_interval(secs => %(seconds)s)
    ORDER BY settled_at LIMIT %(streams)s FOR NO KEY UPDATE SKIP LOCKED
), old AS (
    SELECT handoff.id, {wanted} AS is_wanted
    FROM handoff_handoff handoff JOIN stream ON stream_id = stream.id
    WHERE sequence > trimmed AND sequence <= upto AND state = 'applied'
      AND NOT EXISTS (SELECT FROM handoff_intervention i WHERE i.handoff_id = handoff.id)
), emptied AS (
    UPDATE handoff_handoff SET payload = '{{}}' FROM old
    WHERE handoff_handoff.id = old.id AND is_wanted
), receipt AS (
    DELETE FROM handoff_receipt USING old WHERE handoff_id = old.id AND NOT is_wanted
), gone AS (
    DELETE FROM handoff_handoff USING old WHERE handoff_handoff.id = old.id AND NOT is_wanted
    RETURNING 1
), told AS (
    UPDATE handoff_stream SET trimmed = upto FROM stream WHERE handoff_stream.id = stream.id
), remembered AS (
    INSERT INTO handoff_counter (name, value, changed_at)
    SELECT %(counter)s, (SELECT count(*) FROM gone), max(settled_at)
    FROM stream HAVING count(*) > 0
    ON CONFLICT (name) DO UPDATE SET
        value = handoff_counter.value + EXCLUDED.value,
        changed_at = greatest(handoff_counter.changed_at, EXCLUDED.changed_at)
)
SELECT (SELECT count(*) FROM stream), (SELECT count(*) FROM gone)
"""


def _wanted() -> str:
    """SQL that says whether any other app's record points at a hand-off."""
    quote = connection.ops.quote_name
    points = [
        f"EXISTS (SELECT FROM {quote(field.model._meta.db_table)} wants"
        f" WHERE wants.{quote(field.column)} = handoff.id)"
        for relation in Handoff._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel)
        and (field := relation.field).model not in (HandoffReceipt, Intervention)
    ]
    return f"({' OR '.join(points)})" if points else "false"


@transaction.atomic
def trim(*, days: float) -> tuple[int, int]:
    """Deletes some streams' hand-offs that were applied more than `days` ago.

    Says how many streams were looked at, and how many hand-offs went. In a transaction of its
    own: a record that points at one of them meanwhile makes it fail, and the next time spares it.
    So does somebody who works on one just now, before the two could wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_PATIENCE])
        cursor.execute(
            TRIM.format(wanted=_wanted()),
            {
                "seconds": days * 86_400,
                "streams": STREAMS_AT_A_TIME,
                "rows": ROWS_OF_A_STREAM,
                "counter": DELETED,
            },
        )
        streams, gone = cursor.fetchone()
    return streams, gone


def trim_a_while() -> int:
    """The sweeper's job: deletes what is too old, for a moment; says how many hand-offs."""
    if not settings.HANDOFF_KEEP_DAYS:
        return 0
    began = time.monotonic()
    total = 0
    while time.monotonic() - began < TURN_SECONDS:
        try:
            streams, gone = trim(days=settings.HANDOFF_KEEP_DAYS)
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", "") != LOCK_NOT_AVAILABLE:
                raise
            break
        total += gone
        if not streams:
            break
    return total


def deleted_until() -> datetime | None:
    """Up to when hand-offs are missing from lists and figures; None when all are kept."""
    return Counter.objects.filter(name=DELETED).values_list("changed_at", flat=True).first()
