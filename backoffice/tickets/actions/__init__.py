"""Every write of the work queue, a verb each."""

from backoffice.tickets.actions.answering import TicketMissingError, receive_answer
from backoffice.tickets.actions.bulk import complete_tickets, take_tickets
from backoffice.tickets.actions.comments import CommentMissing, comment_ticket
from backoffice.tickets.actions.holding import HoldRefused, end_holds, hold_ticket, resume_ticket
from backoffice.tickets.actions.notifications import read_notices
from backoffice.tickets.actions.opening import (
    NewTicket,
    SiteMissingError,
    complaint_priority,
    open_complaint_ticket,
    open_ticket,
    open_tickets,
)
from backoffice.tickets.actions.priority import may_prioritise, set_priority
from backoffice.tickets.actions.saved_views import (
    change_view,
    drop_view,
    make_default,
    save_view,
)
from backoffice.tickets.actions.transfer import CannotGoThere, reassign_ticket, steal_ticket
from backoffice.tickets.actions.transitions import NotYours, TicketMoved, TicketTaken
from backoffice.tickets.actions.verbs import (
    AnswerMissing,
    QuestionMissing,
    cancel_ticket,
    complete_ticket,
    return_ticket,
    take_ticket,
    untake_ticket,
)

__all__ = [
    "AnswerMissing",
    "CannotGoThere",
    "CommentMissing",
    "HoldRefused",
    "NewTicket",
    "NotYours",
    "QuestionMissing",
    "SiteMissingError",
    "TicketMissingError",
    "TicketMoved",
    "TicketTaken",
    "cancel_ticket",
    "change_view",
    "comment_ticket",
    "complaint_priority",
    "complete_ticket",
    "complete_tickets",
    "drop_view",
    "end_holds",
    "hold_ticket",
    "make_default",
    "may_prioritise",
    "open_complaint_ticket",
    "open_ticket",
    "open_tickets",
    "read_notices",
    "reassign_ticket",
    "receive_answer",
    "resume_ticket",
    "return_ticket",
    "save_view",
    "set_priority",
    "steal_ticket",
    "take_ticket",
    "take_tickets",
    "untake_ticket",
]
