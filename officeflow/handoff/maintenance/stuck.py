"""Reporting stuck hand-offs: those that are dead, or have waited longer than they should.

Each hand-off is reported once. Other apps receive the signal and notify people, in the same
transaction.
"""

from __future__ import annotations

from django.conf import settings
from django.db import connection, transaction
from django.dispatch import Signal

from officeflow.handoff.queries import handoffs

# Sent with `handoffs`, those that came to be stuck, oldest first, without their payloads.
handoffs_stuck = Signal()

# When much breaks at once, it is told together.
REPORT_EVERY_SECONDS = 600
LOCK = 0x57AC4
MOST_REPORTED = 500

# Of a stream only the head is reported, as the others wait for it; one that has just become the
# head has not waited long by itself.
REPORT = """
INSERT INTO handoff_stuck_report (handoff_id, reported_at)
SELECT id, office_clock() FROM handoff_handoff stuck
WHERE delivered_at IS NULL AND NOT EXISTS (
    SELECT FROM handoff_stuck_report report WHERE report.handoff_id = stuck.id
) AND (state = 'dead' OR (
    state = 'waiting' AND is_head
    AND posted_at < office_clock() - make_interval(secs => %(seconds)s)
    AND NOT EXISTS (
        SELECT FROM handoff_handoff before LEFT JOIN handoff_intervention i
            ON i.handoff_id = before.id
        WHERE before.stream_id = stuck.stream_id AND before.sequence = stuck.sequence - 1
        AND greatest(before.delivered_at, i.at)
            > office_clock() - make_interval(secs => %(seconds)s)
    )
))
ORDER BY id LIMIT %(most)s
RETURNING handoff_id
"""


@transaction.atomic
def report_stuck() -> int:
    """Reports the hand-offs that are stuck and were not reported yet; returns how many.

    At most every ten minutes. Several processes may run this at once.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            "SELECT max(reported_at) > office_clock() - make_interval(secs => %s)"
            " FROM handoff_stuck_report",
            [REPORT_EVERY_SECONDS],
        )
        if cursor.fetchone()[0]:
            return 0
        cursor.execute(REPORT, {"seconds": settings.HANDOFF_STUCK_SECONDS, "most": MOST_REPORTED})
        reported = [pk for (pk,) in cursor.fetchall()]
    if reported:
        found = list(handoffs().filter(pk__in=reported).order_by("pk"))
        handoffs_stuck.send(sender=None, handoffs=found)
    return len(reported)
