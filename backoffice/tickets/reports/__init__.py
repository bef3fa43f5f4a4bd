"""What the gallery may ask of the work queue: counts and clocks, never a subject or a text.

The one exception is the list behind a figure, and that leaves out what a person may not see.
"""

from backoffice.tickets.reports.figures import (
    Due,
    DueFigures,
    ReturnFigures,
    due_figures,
    queue_depth,
    reason_label,
    return_figures,
)
from backoffice.tickets.reports.lists import AskedTickets, ListedTicket, listed, tickets_asked
from backoffice.tickets.reports.standing import (
    DepartmentFigures,
    complaint_ticket_counts,
    department_figures,
    handoffs_without_ticket,
    order_ticket_counts,
    version_sql,
)

__all__ = [
    "AskedTickets",
    "DepartmentFigures",
    "Due",
    "DueFigures",
    "ListedTicket",
    "ReturnFigures",
    "complaint_ticket_counts",
    "department_figures",
    "due_figures",
    "handoffs_without_ticket",
    "listed",
    "order_ticket_counts",
    "queue_depth",
    "reason_label",
    "return_figures",
    "tickets_asked",
    "version_sql",
]
