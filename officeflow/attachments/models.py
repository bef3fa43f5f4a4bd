"""The files' rows. What is in the files stands in the private storage."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from officeflow.audit.models import Realm

# Files that were handed in with a form, before the record they belong to has a number.
DRAFT = "draft"


class FileKind(models.TextChoices):
    """What a file may be; found by its content, never by its name."""

    JPEG = "image/jpeg", _("JPEG picture")
    PNG = "image/png", _("PNG picture")
    WEBP = "image/webp", _("WebP picture")
    PDF = "application/pdf", _("PDF document")


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Files by what they hang on."""

    def on(self, kind: str, number: str) -> AttachmentQuerySet:
        """Those of one holder."""
        return self.filter(holder_kind=kind, holder_number=number)

    def present(self) -> AttachmentQuerySet:
        """Those that were not removed."""
        return self.filter(removed_at__isnull=True)


class Attachment(models.Model):
    """One file that hangs on an order, a complaint, a ticket or a customer.

    `name` is what it was called where it came from, and is shown only. `path` and
    `thumbnail_path` are random names in the private storage. `sha256` is of what was handed in,
    so that the same file is known again; what is stored was cleaned. A removed one keeps its row
    and loses its file.
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
            # The same content hangs once on one thing, however often it is handed in.
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
        """Whether it can be shown on a page, with a small picture of itself."""
        return self.kind != FileKind.PDF
