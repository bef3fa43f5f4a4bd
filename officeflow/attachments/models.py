"""The attachments. Their content is in the private storage."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from officeflow.audit.models import Realm

# The `holder_kind` of files uploaded with a form whose record is not created yet; their
# `holder_number` is the form's token.
DRAFT = "draft"


class FileKind(models.TextChoices):
    """The accepted kinds of files, detected by content."""

    JPEG = "image/jpeg", _("JPEG picture")
    PNG = "image/png", _("PNG picture")
    WEBP = "image/webp", _("WebP picture")
    PDF = "application/pdf", _("PDF document")


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Attachments by record, and without removed ones."""

    def on(self, kind: str, number: str) -> AttachmentQuerySet:
        """The files of one record."""
        return self.filter(holder_kind=kind, holder_number=number)

    def present(self) -> AttachmentQuerySet:
        """The files that were not removed."""
        return self.filter(removed_at__isnull=True)


class Attachment(models.Model):
    """One file of an order, a complaint, a ticket or a customer.

    `holder_kind` and `holder_number` name the record. `name` is the uploaded file's name, for
    display. `path` and `thumbnail_path` are random paths in the private storage. `sha256` is the
    digest of the uploaded content, by which duplicates are found; the stored content differs. A
    removed attachment keeps its row, without a file.
    """

    number = models.CharField(max_length=20, unique=True, editable=False)
    holder_kind = models.CharField(max_length=20)
    holder_number = models.CharField(max_length=40)
    realm = models.CharField(max_length=10, choices=Realm.choices, default=Realm.OFFICE)
    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(max_length=20, choices=FileKind.choices)
    size = models.PositiveIntegerField()  # bytes as stored
    width = models.PositiveIntegerField(null=True)  # pixels
    height = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=100, blank=True)
    thumbnail_path = models.CharField(max_length=100, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    removed_at = models.DateTimeField(null=True)
    removed_reason = models.CharField(max_length=500, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            # A record has each content once.
            models.UniqueConstraint(
                fields=["holder_kind", "holder_number", "sha256"],
                condition=Q(removed_at__isnull=True),
                name="attachment_once_a_holder",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) & ~Q(path="")
                | Q(removed_at__isnull=False, path="", thumbnail_path=""),
                name="attachment_removed_has_no_file",
            ),
        ]
        indexes = [
            models.Index(fields=["holder_kind", "holder_number", "id"], name="attachment_by_holder")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def is_picture(self) -> bool:
        """Whether the file is a picture, which has a thumbnail and can be shown on a page."""
        return self.kind != FileKind.PDF
