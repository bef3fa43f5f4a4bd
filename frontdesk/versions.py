"""Which version of a page is the newest: one indexed query each, so that a refresh that brings
nothing costs next to nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection


def counter_version(day_start: datetime) -> tuple[Any, ...]:
    """Changes with anything that the counter shows.

    Newest change alone would miss a transaction that began earlier and committed later, so the
    versions of the day's changes are summed as well.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT
                (SELECT row(count(*), sum(version), max(changed_at))::text
                   FROM frontdesk_order WHERE changed_at >= %(start)s),
                (SELECT row(count(*), sum(version), max(changed_at))::text
                   FROM frontdesk_complaint WHERE changed_at >= %(start)s),
                (SELECT row(count(*), max(id))::text
                   FROM frontdesk_question WHERE closed_at IS NULL),
                (SELECT row(count(*), max(id))::text
                   FROM frontdesk_refund WHERE paid_at IS NULL)
            """,
            {"start": day_start},
        )
        return tuple(cursor.fetchone())


STORY = """
    SELECT
        (SELECT row(version, changed_at)::text FROM {table} WHERE number = %(number)s),
        (SELECT count(*) FROM audit_auditentry WHERE subject = %(number)s AND realm = 'office'),
        (SELECT string_agg(
                concat_ws('.', id, state, attempts, accepted_at, returned_at), ',' ORDER BY id)
           FROM handoff_handoff WHERE subject = %(number)s)
"""


def order_version(number: str) -> tuple[Any, ...]:
    """Changes with an order, its trail and the receipts of its hand-offs."""
    return _story("frontdesk_order", number)


def complaint_version(number: str) -> tuple[Any, ...]:
    """Changes with a complaint, its trail and the receipts of its hand-offs."""
    return _story("frontdesk_complaint", number)


def _story(table: str, number: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(STORY.format(table=table), {"number": number})
        return tuple(cursor.fetchone())
