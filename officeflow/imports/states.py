"""How far a file is, and what became of each of its rows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.workflow import Moves, State


class ImportState(State):
    """How far a file is."""

    READY = "ready", "info", _("Looked through")
    RUNNING = "running", "progress", _("Being read in")
    STOPPED = "stopped", "warn", _("Stopped")
    FINISHED = "finished", "good", _("Read in")
    DISCARDED = "discarded", "neutral", _("Discarded")


INTAKE_MOVES = Moves(
    {
        ImportState.READY: {ImportState.RUNNING, ImportState.DISCARDED},
        ImportState.RUNNING: {ImportState.STOPPED, ImportState.FINISHED},
        ImportState.STOPPED: {ImportState.RUNNING},
    }
)


class Outcome(State):
    """What became of a row, or what would become of it while its unit is pending."""

    TAKEN = "taken", "good", _("Imported")
    REFUSED = "refused", "bad", _("Refused")
    THERE = "there", "neutral", _("Already there")
