"""The states of a complaint and the moves allowed between them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.workflow import Moves, State


class ComplaintState(State):
    """The state of a complaint."""

    LOGGED = "logged", "info", _("Logged")
    IN_HAND = "in_hand", "progress", _("In hand")
    RESOLVED = "resolved", "warn", _("Answer ready")
    CONFIRMED = "confirmed", "good", _("Confirmed")
    REOPENED = "reopened", "bad", _("Reopened")


COMPLAINT_MOVES = Moves(
    {
        ComplaintState.LOGGED: {ComplaintState.IN_HAND, ComplaintState.RESOLVED},
        ComplaintState.IN_HAND: {ComplaintState.RESOLVED},
        ComplaintState.RESOLVED: {
            ComplaintState.CONFIRMED,
            ComplaintState.REOPENED,
            ComplaintState.IN_HAND,  # the department withdrew its answer
        },
        ComplaintState.REOPENED: {ComplaintState.IN_HAND, ComplaintState.RESOLVED},
        # To RESOLVED by Undo: the customer was not told.
        ComplaintState.CONFIRMED: {ComplaintState.REOPENED, ComplaintState.RESOLVED},
    }
)
