"""Actions on tickets, comments, notifications and saved views."""

from backoffice.tickets.actions.answers import TicketMissingError, receive_answer
from backoffice.tickets.actions.bulk import complete_tickets, take_tickets
from backoffice.tickets.actions.comments import CommentMissing, comment_ticket
from backoffice.tickets.actions.holds import HoldRefused, end_holds, hold_ticket, resume_ticket
from backoffice.tickets.actions.lifecycle import (
    AnswerMissing,
    QuestionMissing,
    cancel_ticket,
    complete_ticket,
    return_ticket,
    take_ticket,
    untake_ticket,
)
from backoffice.tickets.actions.notifications import mark_notifications_read
from backoffice.tickets.actions.opening import (
    NewTicket,
    SiteMissingError,
    complaint_priority,
    open_complaint_ticket,
    open_ticket,
    open_tickets,
)
from backoffice.tickets.actions.priority import (
    lower_after_rush,
    may_ask_for_rush,
    may_prioritise,
    raise_for_rush,
    set_priority,
    touch_ticket,
)
from backoffice.tickets.actions.releases import release_stranded, release_tickets
from backoffice.tickets.actions.reopening import (
    ReasonMissing,
    receive_told,
    reopen_ticket,
    reopen_tickets,
)
from backoffice.tickets.actions.saved_views import (
    change_view,
    make_default,
    remove_view,
    save_view,
)
from backoffice.tickets.actions.transfer import (
    InvalidAssignee,
    assign_to_holder,
    reassign_ticket,
    take_over_ticket,
)
from backoffice.tickets.actions.transitions import NotAssignee, TicketStateConflict, TicketTaken

__all__ = [
    "AnswerMissing",
    "CommentMissing",
    "HoldRefused",
    "InvalidAssignee",
    "NewTicket",
    "NotAssignee",
    "QuestionMissing",
    "ReasonMissing",
    "SiteMissingError",
    "TicketMissingError",
    "TicketStateConflict",
    "TicketTaken",
    "assign_to_holder",
    "cancel_ticket",
    "change_view",
    "comment_ticket",
    "complaint_priority",
    "complete_ticket",
    "complete_tickets",
    "end_holds",
    "hold_ticket",
    "lower_after_rush",
    "make_default",
    "mark_notifications_read",
    "may_ask_for_rush",
    "may_prioritise",
    "open_complaint_ticket",
    "open_ticket",
    "open_tickets",
    "raise_for_rush",
    "reassign_ticket",
    "receive_answer",
    "receive_told",
    "release_stranded",
    "release_tickets",
    "remove_view",
    "reopen_ticket",
    "reopen_tickets",
    "resume_ticket",
    "return_ticket",
    "save_view",
    "set_priority",
    "take_over_ticket",
    "take_ticket",
    "take_tickets",
    "touch_ticket",
    "untake_ticket",
]
