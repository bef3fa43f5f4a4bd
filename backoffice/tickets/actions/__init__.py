"""Every write of the work queue, a verb each."""

from backoffice.tickets.actions.answering import TicketMissingError, receive_answer
from backoffice.tickets.actions.moving import NotYours, TicketMoved, TicketTaken
from backoffice.tickets.actions.opening import SiteMissingError, open_complaint_ticket, open_ticket
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
    "NotYours",
    "QuestionMissing",
    "SiteMissingError",
    "TicketMissingError",
    "TicketMoved",
    "TicketTaken",
    "cancel_ticket",
    "complete_ticket",
    "open_complaint_ticket",
    "open_ticket",
    "receive_answer",
    "return_ticket",
    "take_ticket",
    "untake_ticket",
]
