"""What is rolled up of tickets: those that were opened, closed and due in each hour."""

from __future__ import annotations

from datetime import datetime

from officeflow.company.models import Office
from officeflow.rollups.definitions import Rollup, Sql, in_pieces


def _opened(_office: Office, _since: datetime) -> Sql:
    """Tickets opened, by department and present state; those returned to the desk, by reason.

    A ticket that was returned for two reasons counts once with each, and once with the reason ''.
    """
    asked = in_pieces(
        "tickets_ticket ticket JOIN tickets_ticketquestion ON ticket_id = ticket.id",
        "created_at",
        "department, ticket_id, reason, reason_label",
    )
    return (
        f"""
        WITH asked AS MATERIALIZED (
            SELECT slot, department::text AS department, ticket_id, reason::text AS reason,
                   reason_label::text AS label
            FROM {asked}
        )
        SELECT slot, 'opened' AS family, ARRAY[department::text, state::text] AS key,
               ARRAY[count(*)]::numeric[] AS sums, NULL::smallint[] AS bins
        FROM {in_pieces("tickets_ticket", "created_at", "department, state")}
        GROUP BY slot, department, state
        UNION ALL
        SELECT slot, 'returned', ARRAY[department, coalesce(reason, '')],
               ARRAY[count(DISTINCT ticket_id)]::numeric[], NULL
        FROM asked GROUP BY GROUPING SETS ((slot, department, reason), (slot, department))
        UNION ALL
        SELECT slot, 'labels', ARRAY[reason, label], ARRAY[count(*)]::numeric[], NULL
        FROM asked GROUP BY slot, reason, label
        """,  # noqa: S608 (SQL of our own)
        [],
    )


def _closed(_office: Office, _since: datetime) -> Sql:
    """Tickets closed, by department; the late ones also by the quarter of an hour they were due.

    Days and hours begin with a quarter in every time zone.
    """
    return (
        f"""
        SELECT slot, 'closed' AS family, ARRAY[department::text] AS key,
               ARRAY[count(*)]::numeric[] AS sums, NULL::smallint[] AS bins
        FROM {in_pieces("tickets_ticket", "closed_at", "department")} GROUP BY slot, department
        UNION ALL
        SELECT slot, 'late', ARRAY[department, due], ARRAY[count(*)]::numeric[], NULL
        FROM (
            SELECT slot, department::text AS department,
                   (floor(extract(epoch FROM due_at) / 900) * 900)::bigint::text AS due
            FROM {in_pieces("tickets_ticket", "closed_at", "department, closed_at, due_at")}
            WHERE closed_at > due_at
        ) late GROUP BY slot, department, due
        """,  # noqa: S608 (SQL of our own)
        [],
    )


def _due(_office: Office, _since: datetime) -> Sql:
    """Tickets by the time they are due: those that are open, and those that were closed in time.

    Those that were cancelled in time do not count, nor those on hold unless their day was promised.
    """
    columns = "department, state, closed_at, due_at, is_promised"
    return (
        f"""
        SELECT slot, 'due' AS family, ARRAY[department::text, kind] AS key,
               ARRAY[count(*)]::numeric[] AS sums, NULL::smallint[] AS bins
        FROM (
            SELECT slot, department,
                   CASE WHEN closed_at IS NULL THEN 'open'
                        WHEN closed_at <= due_at THEN 'in time' END AS kind
            FROM {in_pieces("tickets_ticket", "due_at", columns)}
            WHERE NOT (state = 'cancelled' AND closed_at <= due_at)
              AND NOT (state = 'held' AND NOT is_promised)
        ) counted WHERE kind IS NOT NULL GROUP BY slot, department, kind
        """,  # noqa: S608 (SQL of our own)
        [],
    )


OPENED = Rollup(
    name="tickets opened", table="tickets_ticket", column="created_at", width=1, select=_opened
)
CLOSED = Rollup(
    name="tickets closed", table="tickets_ticket", column="closed_at", width=1, select=_closed
)
DUE = Rollup(name="tickets due", table="tickets_ticket", column="due_at", width=1, select=_due)
