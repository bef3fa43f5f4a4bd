"""Files being read in: the file, what is taken together, and each of its rows."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from officeflow.imports.states import ImportState, Outcome


class ImportFile(models.Model):
    """One file that somebody reads in, from looking through to the report.

    Its rows are counted in the transaction that takes them, so that *taken + refused + already
    there = rows* whenever it is finished. One process works on it at a time: `worker` names it
    and `lease_until` says until when the others leave it alone.
    """

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    source = models.CharField(_("source"), max_length=60, blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    file_digest = models.CharField(max_length=64)  # SHA-256
    # The headings as they stand in the file, and those of them that nobody reads.
    headings = models.JSONField(default=list)
    unread_headings = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)  # when the rows' cells were dropped
    state = models.CharField(max_length=12, choices=ImportState.choices, default=ImportState.READY)
    rows_total = models.PositiveIntegerField()
    rows_taken = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    rows_there = models.PositiveIntegerField(default=0)
    units_total = models.PositiveIntegerField()
    units_done = models.PositiveIntegerField(default=0)
    made = models.JSONField(default=dict)
    worker = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rows_total__gte=F("rows_taken") + F("rows_refused") + F("rows_there")),
                name="import_counts_no_row_twice",
            ),
            models.CheckConstraint(
                condition=~Q(state="finished")
                | Q(rows_total=F("rows_taken") + F("rows_refused") + F("rows_there")),
                name="import_finished_lost_no_row",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "-id"], name="import_file_by_kind"),
            models.Index(fields=["file_digest"], name="import_file_by_file"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def rows_done(self) -> int:
        """Rows that are accounted for so far."""
        return self.rows_taken + self.rows_refused + self.rows_there

    @property
    def is_running(self) -> bool:
        """Whether its units are being taken."""
        return self.state == ImportState.RUNNING


class ImportUnit(models.Model):
    """Rows that are taken together, in one transaction; pending until that has happened.

    An attempt is counted before it begins, in a transaction of its own, so that a unit which
    breaks whoever takes it is given up after some attempts.
    """

    import_file = models.ForeignKey(ImportFile, on_delete=models.PROTECT, related_name="units")
    position = models.PositiveIntegerField()
    reference = models.CharField(max_length=100)
    is_done = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["import_file", "position"], name="import_unit_in_its_place"
            )
        ]
        indexes = [
            models.Index(
                fields=["import_file", "position"],
                name="import_unit_pending",
                condition=Q(is_done=False),
            )
        ]

    def __str__(self) -> str:
        return self.reference


class ImportRow(models.Model):
    """One row of the file: what it said, and what became of it.

    While its unit is pending `outcome` and `reason` are what looking through foresaw. The cells
    are dropped when the report is no longer wanted; the rest stays.
    """

    import_file = models.ForeignKey(ImportFile, on_delete=models.PROTECT, related_name="rows")
    unit = models.ForeignKey(ImportUnit, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField(null=True)
    fault = models.CharField(max_length=300, blank=True)
    is_done = models.BooleanField(default=False)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reason = models.CharField(max_length=300, blank=True)
    reference = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["import_file", "number"], name="import_row_once")
        ]
        indexes = [
            models.Index(fields=["unit"], name="import_row_by_unit"),
            models.Index(fields=["import_file", "outcome", "number"], name="import_row_by_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.import_file_id}/{self.number}"
