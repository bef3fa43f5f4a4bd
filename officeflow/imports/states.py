"""The states of an import, and the outcomes of its rows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.workflow import Moves, State


class ImportState(State):
    """The state of an import."""

    MAPPING = "mapping", "info", _("Columns to choose")
    CHECKING = "checking", "progress", _("Being checked")
    READY = "ready", "info", _("Checked")
    RUNNING = "running", "progress", _("Being imported")
    STOPPED = "stopped", "warn", _("Stopped")
    FINISHED = "finished", "good", _("Imported")
    DISCARDED = "discarded", "neutral", _("Discarded")


IMPORT_MOVES = Moves(
    {
        ImportState.MAPPING: {ImportState.CHECKING, ImportState.DISCARDED},
        ImportState.CHECKING: {ImportState.READY, ImportState.MAPPING},
        ImportState.READY: {ImportState.RUNNING, ImportState.MAPPING, ImportState.DISCARDED},
        ImportState.RUNNING: {ImportState.STOPPED, ImportState.FINISHED},
        ImportState.STOPPED: {ImportState.RUNNING},
    }
)


class RowOutcome(State):
    """The outcome of a row; while its unit is pending, the previewed one."""

    IMPORTED = "imported", "good", _("Imported")
    REFUSED = "refused", "bad", _("Refused")
    EXISTING = "existing", "neutral", _("Already there")
