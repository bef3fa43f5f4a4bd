"""The states of a message."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.workflow import Moves, State


class MessageState(State):
    """`kept` is the final state without a mail server: the message stays in the mailbox."""

    WAITING = "waiting", "progress", _("Being sent")
    SENT = "sent", "good", _("Sent")
    KEPT = "kept", "info", _("Stored")
    FAILED = "failed", "bad", _("Failed")
    WITHDRAWN = "withdrawn", "neutral", _("Withdrawn")


MESSAGE_MOVES = Moves(
    {
        MessageState.WAITING: {
            MessageState.SENT,
            MessageState.KEPT,
            MessageState.FAILED,
            MessageState.WITHDRAWN,
        }
    }
)
