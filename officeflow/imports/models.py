"""Imported files, their units and their rows."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from officeflow.imports.states import ImportState, RowOutcome


class ImportFile(models.Model):
    """An imported file, from the upload to the report.

    `layout` tells how the file is read, `mapping` what its columns mean, and `options` what the
    importer asks for, such as which orders are done. `problem` says why a check had to end. While
    it is checked, `lines_read` is the last line whose row is stored, `rows_gathered` the number of
    rows that the importer has gathered its facts from, `units_checked` that of previewed units, and
    `sums` are the numbers that previews add up. Its rows are counted in the transaction that
    imports them, so that *imported + refused + existing = rows* when it is finished. One
    process works on it at a time: `worker` names it, and until `lease_until` no other may take
    over. `made` counts the records that were created, by the names of `Importer.made_labels`.
    """

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    source = models.CharField(_("source"), max_length=60, blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    file_digest = models.CharField(max_length=64)  # SHA-256
    layout = models.JSONField(default=dict, db_default={})
    mapping = models.JSONField(default=dict, db_default={})
    options = models.JSONField(default=dict, db_default={})
    problem = models.CharField(max_length=300, blank=True, default="", db_default="")
    lines_read = models.PositiveIntegerField(default=0, db_default=0)
    lines_expected = models.PositiveIntegerField(default=0, db_default=0)  # 0: unknown
    is_read = models.BooleanField(default=True, db_default=True)  # whether all rows are stored
    rows_gathered = models.PositiveIntegerField(default=0, db_default=0)
    units_checked = models.PositiveIntegerField(default=0, db_default=0)
    sums = models.JSONField(default=dict, db_default={})
    # The headings of the file, and those of them that are ignored.
    headings = models.JSONField(default=list)
    unread_headings = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    # Of the present run, for the estimate of the time left.
    resumed_at = models.DateTimeField(null=True)
    rows_done_before = models.PositiveIntegerField(default=0, db_default=0)
    finished_at = models.DateTimeField(null=True)
    cells_dropped_at = models.DateTimeField(null=True)  # when the cells of its rows were deleted
    state = models.CharField(max_length=12, choices=ImportState.choices, default=ImportState.READY)
    rows_total = models.PositiveIntegerField(default=0)
    rows_imported = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    rows_existing = models.PositiveIntegerField(default=0)
    units_total = models.PositiveIntegerField(default=0)
    units_done = models.PositiveIntegerField(default=0)
    made = models.JSONField(default=dict)
    worker = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    rows_total__gte=F("rows_imported") + F("rows_refused") + F("rows_existing")
                ),
                name="import_counts_at_most_rows_total",
            ),
            models.CheckConstraint(
                condition=~Q(state="finished")
                | Q(rows_total=F("rows_imported") + F("rows_refused") + F("rows_existing")),
                name="import_finished_counts_rows_total",
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
        """The number of rows with a final outcome."""
        return self.rows_imported + self.rows_refused + self.rows_existing

    @property
    def is_running(self) -> bool:
        """Whether the import is running."""
        return self.state == ImportState.RUNNING

    @property
    def is_checking(self) -> bool:
        """Whether the file is being checked."""
        return self.state == ImportState.CHECKING

    @property
    def is_under_way(self) -> bool:
        """Whether a process works on the file, or should."""
        return self.is_running or self.is_checking


class ImportContent(models.Model):
    """A part of an uploaded file, stored until its rows are imported or it is discarded."""

    import_file = models.ForeignKey(ImportFile, on_delete=models.PROTECT, related_name="contents")
    position = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["import_file", "position"], name="import_content_position_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.import_file_id}/{self.position}"


class RememberedMapping(models.Model):
    """How files with the same headings are read: the last choices that somebody made.

    `known_columns` are those that the importer had then, so that later ones are proposed; empty
    when that was not stored yet.
    """

    kind = models.CharField(max_length=40)
    headings_digest = models.CharField(max_length=64)  # SHA-256 of the headings
    mapping = models.JSONField()
    known_columns = models.JSONField(default=list, db_default=[])
    options = models.JSONField()
    source = models.CharField(max_length=60, blank=True)
    import_file = models.ForeignKey(ImportFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "headings_digest"], name="import_mapping_once_by_headings"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.headings_digest[:8]}"


class ImportUnit(models.Model):
    """Rows that are imported together or not at all; pending until then.

    An attempt is counted before it begins, in a transaction of its own, so that a unit that kills
    its process is given up after some attempts.
    """

    import_file = models.ForeignKey(ImportFile, on_delete=models.PROTECT, related_name="units")
    position = models.PositiveIntegerField()
    reference = models.CharField(max_length=100)
    is_done = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["import_file", "position"], name="import_unit_position_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["import_file", "position"],
                name="import_unit_pending",
                condition=Q(is_done=False),
            ),
            models.Index(fields=["import_file", "reference"], name="import_unit_by_reference"),
        ]

    def __str__(self) -> str:
        return self.reference


class ImportRow(models.Model):
    """A row of the file with its outcome.

    While its unit is pending, `outcome` and `reason` are those of the preview. The cells are
    deleted after 90 days; the rest stays.
    """

    import_file = models.ForeignKey(ImportFile, on_delete=models.PROTECT, related_name="rows")
    unit = models.ForeignKey(ImportUnit, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField(null=True)
    fault = models.CharField(max_length=300, blank=True)
    is_done = models.BooleanField(default=False)
    outcome = models.CharField(max_length=8, choices=RowOutcome.choices)
    reason = models.CharField(max_length=300, blank=True)
    is_warning = models.BooleanField(default=False, db_default=False)
    reference = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["import_file", "number"], name="import_row_once")
        ]
        indexes = [
            models.Index(fields=["unit"], name="import_row_by_unit"),
            models.Index(fields=["import_file", "outcome", "number"], name="import_row_by_outcome"),
            models.Index(
                fields=["import_file", "number"],
                name="import_row_warnings",
                condition=Q(is_warning=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.import_file_id}/{self.number}"
