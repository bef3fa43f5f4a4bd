"""The content of PostgreSQL after a case, read with SQL and not with the office's own code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.faults.drill.office import Office

Effects = dict[str, int]  # number of effects by reference number

TABLES = {
    "order": "frontdesk_order",
    "complaint": "frontdesk_complaint",
    "payment": "frontdesk_payment",
    "handoff": "handoff_handoff",
}


@dataclass(frozen=True)
class Mark:
    """The last id of each table before a case; rows with higher ids belong to the case."""

    last: dict[str, int]

    @classmethod
    def now(cls, office: Office) -> Mark:
        """Reads the last ids."""
        return cls(
            {
                name: office.one(f"SELECT coalesce(max(id), 0) FROM {table}")
                for name, table in TABLES.items()
            }
        )


@dataclass(frozen=True)
class Row:
    """One hand-off."""

    id: int
    destination: str
    subject: str
    sequence: int
    contract: str
    state: str
    attempts: int
    posted_at: datetime
    delivered_at: datetime | None
    receipts: int
    error: str

    def __str__(self) -> str:
        return f"{self.contract} {self.subject} → {self.destination} (hand-off {self.id})"


@dataclass(frozen=True)
class DatabaseState:
    """The records of one case."""

    orders: set[str]
    complaints: dict[str, str]  # the department that each concerns
    payments: set[str]
    cancelled: set[str]
    tickets: Effects  # of orders, in fulfilment
    invoices: Effects
    commissions: Effects
    entries: Effects  # of payments
    credits: Effects
    taken_back: Effects  # commissions
    complaint_tickets: dict[tuple[str, str], int]
    cases: Effects
    handoffs: list[Row]
    stray_effects: list[str]  # without an applied hand-off and its receipt
    unbalanced: int
    gaps: list[str]
    money_without_entry: list[int]
    money_with_more: list[int]
    equation: tuple[int, int]  # hand-offs counted by the streams, hand-offs that exist
    unaudited: list[str]

    @classmethod
    def read(cls, office: Office, mark: Mark) -> DatabaseState:
        """Reads the records; nothing may be running any more."""
        rows = office.sql
        last = mark.last
        handoffs = [
            Row(*row)
            for row in rows(
                """
                SELECT h.id, h.destination, h.subject, h.sequence, h.contract, h.state, h.attempts,
                    h.posted_at, h.delivered_at, count(r.handoff_id), h.last_error
                FROM handoff_handoff h LEFT JOIN handoff_receipt r ON r.handoff_id = h.id
                WHERE h.id > %s GROUP BY h.id ORDER BY h.destination, h.subject, h.sequence
                """,
                last["handoff"],
            )
        ]
        order = "(SELECT number FROM frontdesk_order WHERE id > %s)"
        complaint = "(SELECT number FROM frontdesk_complaint WHERE id > %s)"

        def counts(statement: str, name: str) -> Effects:
            return dict(rows(f"{statement} GROUP BY 1", last[name]))

        return cls(
            orders=set(_column(rows(f"SELECT * FROM {order} n", last["order"]))),
            complaints=dict(
                rows(
                    "SELECT number, destination FROM frontdesk_complaint WHERE id > %s",
                    last["complaint"],
                )
            ),
            payments=set(
                _column(rows("SELECT number FROM frontdesk_payment WHERE id > %s", last["payment"]))
            ),
            cancelled=set(
                _column(
                    rows(
                        "SELECT number FROM frontdesk_order WHERE id > %s AND state = 'cancelled'",
                        last["order"],
                    )
                )
            ),
            tickets=counts(
                f"""SELECT subject, count(*) FROM tickets_ticket WHERE kind = 'order'
                AND department = 'fulfilment' AND subject IN {order}""",
                "order",
            ),
            invoices=counts(
                f"""SELECT r.order_number, count(*) FROM accounting_invoice i
                JOIN accounting_receivable r ON r.id = i.receivable_id
                WHERE i.kind = 'invoice' AND r.order_number IN {order}""",
                "order",
            ),
            commissions=counts(
                f"""SELECT order_number, count(*) FROM hr_commission
                WHERE reverses_id IS NULL AND order_number IN {order}""",
                "order",
            ),
            entries=counts(
                """SELECT p.number, count(*) FROM frontdesk_payment p
                JOIN accounting_journalentry e ON e.document = p.number AND e.kind = 'payment'
                WHERE p.id > %s""",
                "payment",
            ),
            credits=counts(
                f"""SELECT r.order_number, count(*) FROM accounting_invoice i
                JOIN accounting_receivable r ON r.id = i.receivable_id
                WHERE i.kind = 'credit_note' AND r.order_number IN {order}""",
                "order",
            ),
            taken_back=counts(
                f"""SELECT order_number, count(*) FROM hr_commission
                WHERE reverses_id IS NOT NULL AND order_number IN {order}""",
                "order",
            ),
            complaint_tickets={
                (subject, department): count
                for subject, department, count in rows(
                    f"""SELECT t.subject, t.department, count(*) FROM tickets_ticket t
                    JOIN handoff_handoff h ON h.id = t.handoff_id
                    WHERE t.kind = 'complaint' AND h.contract = 'ComplaintRaised'
                    AND t.subject IN {complaint} GROUP BY 1, 2""",
                    last["complaint"],
                )
            },
            cases=counts(
                f"""SELECT complaint_number, count(*) FROM hr_conductcase
                WHERE NOT is_reopened AND complaint_number IN {complaint}""",
                "complaint",
            ),
            handoffs=handoffs,
            stray_effects=_column(rows(STRAY, last["handoff"])),
            unbalanced=office.one(UNBALANCED),
            gaps=_column(rows(GAPS)),
            money_without_entry=_column(rows(f"{MONEY} HAVING count(e.id) = 0", last["handoff"])),
            money_with_more=_column(rows(f"{MONEY} HAVING count(e.id) > 1", last["handoff"])),
            equation=rows(EQUATION)[0],
            unaudited=_column(rows(UNAUDITED)),
        )


def _column(rows: list[tuple[Any, ...]]) -> list[Any]:
    return [row[0] for row in rows]


# Every effect names the hand-off that caused it.
STRAY = """
SELECT concat(what, ' of hand-off ', handoff_id) FROM (
    SELECT 'a ticket' AS what, handoff_id FROM tickets_ticket
    UNION ALL SELECT 'a document', handoff_id FROM accounting_invoice
    UNION ALL SELECT 'a journal entry', handoff_id FROM accounting_journalentry
    UNION ALL SELECT 'a payment in the books', handoff_id FROM accounting_moneymovement
    UNION ALL SELECT 'a commission', handoff_id FROM hr_commission
) effect
LEFT JOIN handoff_handoff h ON h.id = handoff_id AND h.state = 'applied'
LEFT JOIN handoff_receipt r USING (handoff_id)
WHERE handoff_id > %s AND (h.id IS NULL OR r.handoff_id IS NULL)
ORDER BY 1 LIMIT 20
"""
UNBALANCED = """
SELECT count(*) FROM (
    SELECT 1 FROM accounting_posting GROUP BY entry_id HAVING sum(debit) <> sum(credit)
) entry
"""
GAPS = """
SELECT concat(s.series, '-', s.year, ': ', count(i.id), ' documents, last number ', s.last)
FROM accounting_numberseries s LEFT JOIN accounting_invoice i ON i.series_id = s.id
GROUP BY s.id HAVING count(i.id) <> s.last OR coalesce(max(i.serial), 0) <> s.last
"""
MONEY = """
SELECT h.id FROM handoff_handoff h LEFT JOIN accounting_journalentry e ON e.handoff_id = h.id
WHERE h.id > %s AND h.destination = 'accounting' AND h.state = 'applied'
    AND h.contract IN ('OrderPlaced', 'OrderCancelled', 'PaymentTaken', 'RefundPaid')
GROUP BY h.id
"""
EQUATION = """
SELECT (SELECT coalesce(sum(posted), 0)::bigint FROM handoff_stream),
    (SELECT count(*) FROM handoff_handoff)
"""
# Each change of state has one period and one entry in the audit trail.
UNAUDITED = """
WITH trail AS (
    SELECT kind, coalesce(payment, subject) AS subject, count(*) AS lines
    FROM audit_auditentry
    JOIN (VALUES ('order', 'place_order'), ('order', 'cancel_order'), ('order', 'complete_order'),
        ('order', 'hand_over_order'), ('complaint', 'raise_complaint'),
        ('complaint', 'take_complaint'), ('ticket', 'open_ticket'), ('ticket', 'take_ticket'),
        ('ticket', 'cancel_ticket'), ('commission', 'accrue_commission'),
        ('commission', 'reverse_commission'), ('invoice', 'issue_invoice'),
        ('invoice', 'credit_invoice'), ('payment', 'take_payment'), ('payment', 'book_payment'),
        ('conduct_case', 'open_conduct_case')
    ) AS audited (kind, action) USING (action),
    LATERAL (SELECT CASE WHEN action = 'take_payment' THEN changes -> 'payment' ->> 1 END
        AS payment) AS names
    GROUP BY 1, 2
), change AS (
    SELECT 'order' AS kind, o.number AS subject, count(*) AS changes
    FROM frontdesk_order o JOIN frontdesk_orderperiod p ON p.order_id = o.id GROUP BY 2
    UNION ALL SELECT 'complaint', c.number, count(*)
    FROM frontdesk_complaint c JOIN frontdesk_complaintperiod p ON p.complaint_id = c.id GROUP BY 2
    UNION ALL SELECT 'ticket', t.number, count(*)
    FROM tickets_ticket t JOIN tickets_ticketperiod p ON p.ticket_id = t.id GROUP BY 2
    UNION ALL SELECT 'commission', order_number, count(*) FROM hr_commission GROUP BY 2
    UNION ALL SELECT 'invoice', number, 1 FROM accounting_invoice
    UNION ALL SELECT 'conduct_case', complaint_number, count(*) FROM hr_conductcase GROUP BY 2
    UNION ALL SELECT 'payment', p.number, 1 + count(m.id)
    FROM frontdesk_payment p LEFT JOIN accounting_moneymovement m ON m.number = p.number GROUP BY 2
)
SELECT concat(kind, ' ', subject, ': ', changes, ' changes, ', coalesce(lines, 0), ' in the trail')
FROM change LEFT JOIN trail USING (kind, subject)
WHERE coalesce(lines, 0) <> changes
UNION ALL
SELECT concat('order ', number, ' is ', state, ', and no line says so')
FROM (
    SELECT number, 'fulfilment_state' AS field, fulfilment_state AS state FROM frontdesk_order
    UNION ALL SELECT number, 'billing_state', billing_state FROM frontdesk_order
) mirrored
WHERE state <> 'none' AND NOT EXISTS (
    SELECT FROM audit_auditentry
    WHERE subject = number AND changes -> field ->> 1 = state
)
LIMIT 20
"""
