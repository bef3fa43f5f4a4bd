"""The drafts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts by author, and those that can be continued."""

    def of(self, author: models.Model) -> DraftQuerySet:
        """The drafts of one person."""
        return self.filter(author_id=author.pk)

    def unfinished(self) -> DraftQuerySet:
        """Drafts that were neither sent nor discarded."""
        return self.filter(ended_at__isnull=True)


class Draft(models.Model):
    """What one person has typed into one form and not sent yet.

    `form` is the code of a registered form and `context` the number of the record that it is
    about, empty for a new record. `form` is empty for another form that arrived after its
    session or a role had ended. `key` travels in the form. `content` holds the fields, encrypted
    for the author. `version` counts the saves. A draft that was sent or discarded loses its
    content, and its row stays for a day, so that a late save cannot bring it back.
    """

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField()
    form = models.CharField(max_length=30, blank=True)
    context = models.CharField(max_length=40, blank=True)
    content = models.BinaryField()
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    ended_at = models.DateTimeField(null=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "key"], name="draft_once_by_author_key"),
            # New records may have several drafts at once, an existing record has one of a form.
            models.UniqueConstraint(
                fields=["author", "form", "context"],
                condition=Q(ended_at__isnull=True) & ~Q(context=""),
                name="draft_once_by_author_form_context",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(content=b""), name="draft_ended_is_empty"
            ),
        ]
        indexes = [
            models.Index(
                fields=["author", "-changed_at"],
                name="draft_unfinished",
                condition=Q(ended_at__isnull=True),
            ),
            models.Index(fields=["changed_at"], name="draft_by_change"),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.context} {self.key}"
