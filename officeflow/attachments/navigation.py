"""The record kind of attachments."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.records import RecordKind, register_record_kind


def register_all() -> None:
    """Registers the record kind."""
    register_record_kind(
        RecordKind(code="attachment", label=_("Files"), prefix="AT", is_audited=False)
    )
