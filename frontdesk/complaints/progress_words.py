"""Where a complaint stands and what the desk does next, in words."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from frontdesk.complaints.models import Complaint
from frontdesk.complaints.states import ComplaintState


def state_words(complaint: Complaint) -> str:
    """Returns who has the complaint, and what was done with it."""
    words = {"department": complaint.get_destination_display()}
    match ComplaintState(complaint.state):
        case ComplaintState.LOGGED:
            return _("Waiting in %(department)s") % words
        case ComplaintState.IN_HAND:
            return _("%(department)s works on it") % words
        case ComplaintState.REOPENED:
            return _("Waiting in %(department)s again") % words
        case ComplaintState.RESOLVED:
            return _("%(department)s has answered") % words
        case ComplaintState.CONFIRMED:
            return _("The customer is satisfied")


def next_words(complaint: Complaint, *, questions: Sequence[object]) -> str:
    """Returns what the desk does next; `questions` are those still open."""
    if questions:
        return _("Answer the question")
    match ComplaintState(complaint.state):
        case ComplaintState.RESOLVED:
            return _("Tell the customer and ask whether they are satisfied")
        case ComplaintState.CONFIRMED:
            return _("Nothing")
        case _other:
            department = complaint.get_destination_display()
            return _("Wait for the answer of %(department)s") % {"department": department}
