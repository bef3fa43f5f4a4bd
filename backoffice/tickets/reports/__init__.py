"""The work queue's figures for the dashboards, and the tickets behind a figure.

Figures have no subjects or texts, and lists leave out tickets that the user may not see.
"""

from backoffice.tickets.reports.consistency import (
    complaint_ticket_counts,
    count_stranded,
    order_ticket_counts,
    stranded_tickets,
)
from backoffice.tickets.reports.current import (
    DepartmentStatistics,
    department_statistics,
    version_sql,
)
from backoffice.tickets.reports.drilldown import (
    ListedTicket,
    TicketListFilter,
    filter_tickets,
    listed,
)
from backoffice.tickets.reports.statistics import (
    DueCount,
    DueStatistics,
    ReturnStatistics,
    due_statistics,
    queue_depth,
    reason_label,
    return_statistics,
)

__all__ = [
    "DepartmentStatistics",
    "DueCount",
    "DueStatistics",
    "ListedTicket",
    "ReturnStatistics",
    "TicketListFilter",
    "complaint_ticket_counts",
    "count_stranded",
    "department_statistics",
    "due_statistics",
    "filter_tickets",
    "listed",
    "order_ticket_counts",
    "queue_depth",
    "reason_label",
    "return_statistics",
    "stranded_tickets",
    "version_sql",
]
