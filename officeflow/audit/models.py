"""The audit trail. Triggers refuse to change, delete or truncate its rows."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from officeflow.transaction_id import TransactionId


class Realm(models.TextChoices):
    """Who may read an entry: everybody who may see the audit trail, or HR alone."""

    OFFICE = "office"
    HR = "hr"


class AuditEntry(models.Model):
    """One action of a person, or of OfficeFlow itself, on one record.

    `subject` is the record's reference number. `changes` holds `{field: [old, new]}`; for
    personal fields it holds `{field: null}`, without values.
    """

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # `audit_by_actor`
    )
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=60)
    realm = models.CharField(max_length=10, choices=Realm.choices, default=Realm.OFFICE)
    changes = models.JSONField(default=dict)
    # The PostgreSQL transaction, which the hand-offs posted by the same action carry too.
    transaction_id = models.BigIntegerField(db_default=TransactionId(), editable=False)

    class Meta:
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["subject", "at"], name="audit_by_subject"),
            # For filtering by action, and for listing the actions (`queries.actions_done`).
            models.Index(fields=["realm", "action", "-at"], name="audit_by_action"),
            models.Index(fields=["actor", "-at"], name="audit_by_actor"),
            models.Index(fields=["subject_kind", "-at"], name="audit_by_kind"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            # Tests truncate tables and set this parameter; production does not.
            pgtrigger.Trigger(
                name="no_truncate",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func="""
                    IF current_setting('officeflow.allow_truncate', true) = 'test' THEN
                        RETURN NULL;
                    END IF;
                    RAISE EXCEPTION 'the audit trail is append-only';
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"
